import { HOUR_MS } from '../../../core/calendar';
import {
  active,
  adjustment,
  forgotten,
  release,
  releaseAll,
  untouched,
  type BudgetState,
} from '../../../core/ledger/budget';
import type { Hold } from '../../../core/ledger/hold';
import { nanoUsd, usd, ZERO, type NanoUsd } from '../../../core/money';

const UNTIL = Date.parse('2026-11-12T10:00:00Z');
const HOUR = UNTIL / HOUR_MS;

/** Callers were charged $9, $4 of it unsettled two hours before `UNTIL`, and the meter saw $1 beside. */
const STATE: BudgetState = {
  ...{ limit: usd(20), remaining: usd(8), spent: usd(10), raised: usd(1), unsettled: usd(4) },
  hours: [{ hour: HOUR - 2, known: usd(1), unsettled: usd(4) }],
  ...{ releases: 3, statusAsOf: 7 },
};

const complete = (spent: NanoUsd) => ({ until: UNTIL, spent });
const hold = (id: string, claim: Hold['claim'], hour: number): Hold => {
  return { id, claim, amount: usd(1), expiresAtMs: hour * HOUR_MS, writtenBy: '1' };
};

test('a month that nobody has spent in has its limit, and no more', () => {
  expect(untouched(usd(5))).toEqual({
    ...{ limit: usd(5), remaining: usd(5), spent: 0, raised: 0, unsettled: 0 },
    ...{ hours: [], releases: 0, statusAsOf: 0 },
  });
  expect(active(untouched(usd(5)))).toBe(0);
});

test('what is neither spent nor remains is held', () => {
  expect(active(STATE)).toBe(usd(2));
});

test('an hour is forgotten six hours later', () => {
  const hours = [-7, -6, -5, 0].map((ago) => ({ hour: HOUR + ago, known: usd(1), unsettled: ZERO }));
  expect(forgotten({ ...STATE, hours }, UNTIL)).toEqual([HOUR - 7, HOUR - 6]);
});

test("a status raises what is spent to what the meter saw, over what callers charged, and brings the meter's limit", () => {
  expect(adjustment(STATE, { asOf: 8, limit: usd(30), spentAtLeast: usd(12) })).toEqual({
    from: { limit: usd(20), raised: usd(1), statusAsOf: 7 },
    to: { limit: usd(30), raised: usd(3), statusAsOf: 8 },
    ...{ remaining: usd(8), spent: usd(2) },
  });
});

test('a release names all that it goes by, and counts as one', () => {
  const status = { spentAtLeast: ZERO, complete: complete(usd(5)) };
  expect(release({ state: STATE, holds: [] }, status, UNTIL)).toEqual({
    from: { unsettled: usd(4), raised: usd(1), releases: 3, statusAsOf: 7 },
    to: { unsettled: 0, raised: 0 },
    ...{ remaining: usd(5), spent: usd(-5), holds: [] },
  });
});

test('what the meter says is spent at least stays spent, found anew over what callers are charged then', () => {
  const status = { spentAtLeast: usd(7), complete: complete(usd(5)) };
  expect(release({ state: STATE, holds: [] }, status, UNTIL)).toMatchObject({
    to: { unsettled: 0, raised: usd(2) },
    ...{ remaining: usd(3), spent: usd(-3) },
  });
});

test('nothing comes back by a word that names no complete hours', () => {
  const gone = hold('gone', 'charged', HOUR - 2);
  expect(release({ state: STATE, holds: [gone] }, { spentAtLeast: ZERO }, UNTIL)).toBeUndefined();
});

const back = (state: Partial<BudgetState>, spent: NanoUsd, now = UNTIL) => {
  const whole = { ...STATE, ...state };
  const written = release({ state: whole, holds: [] }, { spentAtLeast: ZERO, complete: complete(spent) }, now);
  return written ? whole.unsettled - written.to.unsettled : undefined;
};

test.each<[string, NanoUsd, NanoUsd | undefined]>([
  ['less than callers told', usd(4), usd(4)],
  ['what callers told', usd(5), usd(4)],
  ['$1 more: it may be of it', usd(6), usd(3)],
  ['all but a nano-dollar of it', nanoUsd(usd(9) - 1), nanoUsd(1)],
  ['all of it', usd(9), undefined],
  ['more than it', usd(12), undefined],
])('$5 were told, and $4 not; where the meter saw %s', (_, seen, released) => {
  expect(back({}, seen)).toBe(released);
});

test.each<[string, BudgetState['hours'], NanoUsd | undefined]>([
  ['told before the complete hours end', [{ hour: HOUR - 1, known: usd(2), unsettled: ZERO }], usd(4)],
  ['told after', [{ hour: HOUR, known: usd(2), unsettled: ZERO }], usd(2)],
  ['told long after', [{ hour: HOUR + 1, known: usd(2), unsettled: ZERO }], usd(2)],
  ['all of it charged too late to be over', [{ hour: HOUR - 1, known: ZERO, unsettled: usd(4) }], undefined],
  ['some of it', [{ hour: HOUR - 1, known: ZERO, unsettled: usd(3) }], usd(1)],
  ['an hour earlier', [{ hour: HOUR - 2, known: ZERO, unsettled: usd(4) }], usd(4)],
  // A charge was undone in another hour than it was made in.
  ['less than nothing since', [{ hour: HOUR, known: ZERO, unsettled: usd(-3) }], usd(4)],
])('of the hours around the end of the complete ones: %s', (_, hours, released) => {
  expect(back({ hours }, usd(5))).toBe(released);
});

test.each([
  [3, usd(4)],
  [4, undefined],
])('a word of hours that ended %d hours ago, which may have been forgotten', (ago, released) => {
  expect(back({}, usd(5), UNTIL + ago * HOUR_MS)).toBe(released);
});

describe('holds that were charged', () => {
  const status = { spentAtLeast: ZERO, complete: complete(usd(5)) };

  test('go once they ran out an hour before the complete ones end; those in use and later ones stay', () => {
    const [gone, inUse] = [hold('gone', 'charged', HOUR - 2), hold('inUse', 'active', HOUR - 2)];
    const holds = [gone, inUse, hold('later', 'charged', HOUR - 1)];
    expect(release({ state: STATE, holds }, status, UNTIL)).toMatchObject({ holds: [gone], to: { unsettled: 0 } });
  });

  test('go though nothing comes back with them', () => {
    const gone = hold('gone', 'charged', HOUR - 2);
    const all = { spentAtLeast: ZERO, complete: complete(usd(9)) };
    expect(release({ state: STATE, holds: [gone] }, all, UNTIL)).toMatchObject({
      holds: [gone],
      to: { unsettled: usd(4) },
    });
  });

  test.each([
    [100, 100, 0],
    [101, 100, usd(4)],
  ])('%d of them: %d go in one write, and their charge with the last', (count, go, unsettled) => {
    const holds = Array.from({ length: count }, (_, id) => hold(`h${id}`, 'charged', HOUR - 2));
    const written = release({ state: STATE, holds }, status, UNTIL)!;
    expect([written.holds.length, written.to.unsettled]).toEqual([go, unsettled]);
  });
});

describe('what a person releases', () => {
  const state: BudgetState = {
    ...untouched(usd(10)),
    ...{ spent: usd(7), remaining: usd(3), unsettled: usd(5) },
    hours: [{ hour: 1, known: ZERO, unsettled: usd(5) }],
  };

  const note = { by: 'ana', reason: 'outage', at: 1 };

  test('is all of it, at once, with who did it and why', () => {
    expect(releaseAll({ state, holds: [] }, undefined, note)).toMatchObject({
      note: { ...note, amount: usd(5) },
      to: { unsettled: 0, raised: 0 },
      ...{ remaining: usd(5), spent: usd(-5) },
    });
  });

  test('but what the meter saw is spent all the same', () => {
    expect(releaseAll({ state, holds: [] }, { spentAtLeast: usd(6) }, note)).toMatchObject({
      to: { unsettled: 0, raised: usd(4) },
      ...{ remaining: usd(1), spent: usd(-1) },
    });
  });

  test('comes back with the last of the dead, a hundred at a time', () => {
    const dead = (id: number) => ({
      ...{ id: `h${id}`, claim: 'charged' as const, amount: nanoUsd(1), expiresAtMs: 1, writtenBy: '1' },
    });
    const many = Array.from({ length: 101 }, (_, id) => dead(id));
    const first = releaseAll({ state, holds: many }, undefined, note)!;
    expect([first.emptied?.length, first.remaining, first.note]).toEqual([100, 0, undefined]);
    const second = releaseAll({ state, holds: many.slice(100) }, undefined, note)!;
    expect([second.emptied?.length, second.remaining, second.note?.amount]).toEqual([1, usd(5), usd(5)]);
    const hundred = releaseAll({ state, holds: many.slice(1) }, undefined, note)!;
    expect([hundred.emptied?.length, hundred.remaining]).toEqual([100, usd(5)]);
  });

  test('empties what was charged and holds something, and nothing that is in use; no hour holds anybody up', () => {
    const hold = { id: 'h', claim: 'charged' as const, amount: usd(5), expiresAtMs: 1, writtenBy: '1' };
    const others = [
      { ...hold, id: 'empty', amount: ZERO },
      { ...hold, id: 'inUse', claim: 'active' as const },
    ];
    expect(releaseAll({ state, holds: [hold, ...others] }, undefined, note)).toMatchObject({
      ...{ holds: [], emptied: [hold], hours: [1] },
    });
  });

  test('is nothing where there is none', () => {
    expect(releaseAll({ state: untouched(usd(10)), holds: [] }, undefined, note)).toBeUndefined();
  });
});
