import { checkLeft } from '../../helpers/channels-left';
import { check } from '../../helpers/channels-said';
import { play, PORTS, totals } from '../../helpers/faulty-channels';

/** `FAULT_SEED=7 FAULT_RUNS=1` plays one of them again. */
const RUNS = Number(process.env['FAULT_RUNS'] ?? 60);
const FIRST = Number(process.env['FAULT_SEED'] ?? 1);

test(`${RUNS} stories of crashes, doubles, late and lost messages, illnesses and runs at once: each state in order and once, nothing lost`, async () => {
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) check(await play(seed));
  const windows = PORTS.flatMap((port) => [`before ${port}`, `after ${port}`]);
  const weather = ['lost', 'deaf', 'closes', 'refuses-connections', 'revoked', 'gone', 'status'].map(
    (one) => `weather ${one}`,
  );
  if (RUNS < 60) return;
  for (const what of [...windows, ...weather, 'doubled', 'late', 'two at once', 'another run was faster']) {
    expect([what, (totals.get(what) ?? 0) >= 2]).toEqual([what, true]);
  }
}, 120_000);

test(`${RUNS} stories in which channels vanish, move and return, within runs and between them: what is left is mailed, and what is new begins in order`, async () => {
  totals.clear();
  for (let seed = FIRST; seed < FIRST + RUNS; seed++) {
    checkLeft(await play(seed, seed % 3 === 0 ? 'between runs' : 'within runs'));
  }
  if (RUNS < 60) return;
  const deployed = ['vanished', 'returned', 'moved'].flatMap((what) => [
    `${what} between runs`,
    `${what} within a run`,
  ]);
  const hit = ['left something', 'mailed again', 'incident followed', 'incident named', 'before mail', 'after mail'];
  for (const what of [...deployed, ...hit]) expect([what, (totals.get(what) ?? 0) >= 2]).toEqual([what, true]);
}, 120_000);
