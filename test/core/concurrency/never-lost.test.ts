import fc from 'fast-check';
import { type Crash } from '../../helpers/concurrency-runs';
import { DECLARED, TARGETS, story, Story, windows } from './story';

let ticks = 0;

let together = 0;

test('what was saved is never lost, never restored twice, never restored while stopped', async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      const tale = new Story();
      for (const step of steps) {
        if (step.kind === 'tick') {
          ticks += 1;
          together += step.crashes.length > 1 ? 1 : 0;
          for (const window of await tale.tick(step)) windows.set(window, (windows.get(window) ?? 0) + 1);
        } else tale.act(step);
        expect(tale.broken).toEqual([]);
      }
      await tale.endsWell();
    }),
    { numRuns: Number(process.env['FAULT_RUNS'] ?? 600) },
  );
}, 120_000);

test('a run may die before or after any of its calls, while it lowers and while it restores', async () => {
  for (const when of ['before', 'after'] as const) {
    for (let atCall = 0; atCall < 44; atCall += 1) {
      const tale = new Story();
      const run = async (minutes: number, crashes: readonly (Crash | undefined)[]) => {
        const hit = await tale.tick({ minutes, crashes, turns: [], meanwhile: [] });
        for (const window of hit) windows.set(window, (windows.get(window) ?? 0) + 1);
      };
      tale.act({ kind: 'desire', desired: 'stopped' });
      await run(15, [{ atCall, when }]);
      await run(15, [undefined]);
      expect(TARGETS.map((one) => tale.world.concurrency.value(one))).toEqual([0, 1, 0]);
      tale.act({ kind: 'desire', desired: 'open' });
      tale.act({ kind: 'call' });
      await run(15, [{ atCall, when }]);
      // What the crash left half done is lowered again, or restored, from wherever it stands.
      if (when === 'before') {
        tale.act({ kind: 'desire', desired: 'stopped' });
        await run(15, [undefined]);
      } else {
        await run(15, [undefined]);
        await run(15, [{ atCall, when }]);
      }
      expect(tale.broken).toEqual([]);
      await tale.endsWell();
      expect(TARGETS.map((one) => tale.world.concurrency.value(one))).toEqual([4, 5, 6]);
    }
  }
});

test('an owner who opts in to 0 while it sleeps with 1 does not make 1 the saved value, wherever the run dies', async () => {
  for (const when of ['before', 'after'] as const) {
    for (let atCall = 0; atCall < 30; atCall += 1) {
      const tale = new Story();
      const run = (crash?: Crash) => tale.tick({ minutes: 15, crashes: [crash], turns: [], meanwhile: [] });
      tale.act({ kind: 'desire', desired: 'stopped' });
      await run();
      expect(tale.world.concurrency.value(DECLARED)).toBe(1);
      tale.act({ kind: 'allowZero', allowed: true });
      await run({ atCall, when });
      await run();
      expect(tale.world.concurrency.value(DECLARED)).toBe(0);
      await tale.endsWell();
      expect(tale.world.concurrency.value(DECLARED)).toBe(5);
    }
  }
});

test('an owner who takes the opt-in back after a run died half-way does not make 0 somebody’s choice', async () => {
  for (const when of ['before', 'after'] as const) {
    for (let atCall = 0; atCall < 30; atCall += 1) {
      const tale = new Story();
      const run = (crash?: Crash) => tale.tick({ minutes: 15, crashes: [crash], turns: [], meanwhile: [] });
      tale.act({ kind: 'allowZero', allowed: true });
      tale.act({ kind: 'desire', desired: 'stopped' });
      await run({ atCall, when });
      tale.act({ kind: 'allowZero', allowed: false });
      await run();
      await tale.endsWell();
      expect(tale.world.concurrency.value(DECLARED)).toBe(5);
    }
  }
});

/** Every place between two side effects where a run can die. */
const WINDOWS = [
  'concurrency.details | state.save lowering',
  'state.save lowering | lost answer',
  'state.save lowering | scaling.suspend',
  'scaling.suspend | lost answer',
  'scaling.suspend | concurrency.config',
  'concurrency.config | concurrency.remove',
  'concurrency.remove | lost answer',
  'concurrency.remove | state.save lowered',
  'concurrency.put | state.save lowered',
  'state.save lowered | lost answer',
  'state.save restoring | lost answer',
  'concurrency.config | concurrency.put',
  'concurrency.put | lost answer',
  'concurrency.put | scaling.limits',
  'scaling.limits | scaling.suspend',
  'scaling.suspend | state.save warming',
  'state.save warming | lost answer',
  'state.save closed | lost answer',
];

test('and the crashes really hit every window between two side effects', () => {
  expect(together).toBeGreaterThan(0);
  expect(WINDOWS.filter((window) => !windows.has(window))).toEqual([]);
});
