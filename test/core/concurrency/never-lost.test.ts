import fc from 'fast-check';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import type { Crash } from '../../helpers/concurrency-runs';
import { DECLARED, Story, TARGETS, type Action, type Tick } from './story';

/**
 * Whatever the order of stop, resume, idleness, deploys, people, crashes between any two calls, duplicates and runs at
 * once: what a function had (or what somebody chose since) is never lost, never restored twice, never restored while
 * stopped, and never put over somebody's choice.
 */
/** 0 and 1 are what the guard lowers to: a person who sets exactly that cannot be told from it. */
const value = fc.option(fc.integer({ min: 2, max: 9 }), { nil: undefined });
const which = fc.nat({ max: 2 });
const byPerson: fc.Arbitrary<Action> = fc.oneof(
  fc.record({ kind: fc.constant('set' as const), which, value }),
  fc.record({ kind: fc.constant('deploy' as const), which, value }),
);
const between: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('desire' as const),
      desired: fc.constantFrom<DesiredState>('open', 'degraded', 'stopped', 'stopped'),
    }),
  },
  { weight: 2, arbitrary: byPerson },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('removeAlias' as const), which }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('scaleOut' as const), value: fc.integer({ min: 2, max: 9 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('weigh' as const), which, weighted: fc.boolean() }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('allocations' as const),
      end: fc.constantFrom('READY' as const, 'READY' as const, 'FAILED' as const, 'IN_PROGRESS' as const),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('allowZero' as const), allowed: fc.boolean() }) },
  { weight: 1, arbitrary: fc.constant<Action>({ kind: 'call' }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const), minutes: fc.integer({ min: 1, max: 60 }) }) },
);
const crash: fc.Arbitrary<Crash | undefined> = fc.option(
  fc.record({ atCall: fc.integer({ min: 3, max: 34 }), when: fc.constantFrom('before' as const, 'after' as const) }),
  { nil: undefined, freq: 2 },
);
const tick: fc.Arbitrary<Tick> = fc.record({
  kind: fc.constant('tick' as const),
  minutes: fc.constantFrom(0, 1, 15, 15, 15, 40),
  crashes: fc.array(crash, { minLength: 1, maxLength: 3 }),
  turns: fc.array(fc.nat({ max: 5 }), { maxLength: 12 }),
  meanwhile: fc.array(fc.record({ afterCalls: fc.nat({ max: 40 }), action: byPerson }), { maxLength: 1 }),
});
const story = fc.array(fc.oneof(between, tick), { minLength: 4, maxLength: 24 });

const windows = new Map<string, number>();
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
        tale.mustHold();
      }
      await tale.endsWell();
    }),
    { numRuns: Number(process.env['FAULT_RUNS'] ?? 600) },
  );
});

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
