import fc from 'fast-check';
import { isOpen } from '../../../core/concurrency/record';
import { targetKey, type ManagedFunction } from '../../../core/concurrency/target';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { runTogether, type Call, type Crash } from '../../helpers/concurrency-runs';
import { AWAKE, ConcurrencyWorld, managed, target } from '../../helpers/concurrency-world';

/**
 * Whatever the order of stop, resume, idleness, deploys, people, crashes between any two calls, duplicates and runs at
 * once: what a function had (or what somebody chose since) is never lost, never restored twice, never restored while
 * stopped, and never put over somebody's choice.
 */

const ALIAS = target('models', 'live');
const DECLARED = target('declared', 'live');
const VERSION = target('idler', '7');
const TARGETS = [ALIAS, DECLARED, VERSION];

type Action =
  | { kind: 'desire'; desired: DesiredState }
  | { kind: 'set'; which: number; value: number | undefined }
  | { kind: 'deploy'; which: number; value: number | undefined }
  | { kind: 'removeAlias'; which: number }
  | { kind: 'scaleOut'; value: number }
  | { kind: 'weigh'; which: number; weighted: boolean }
  | { kind: 'allocations'; end: 'READY' | 'FAILED' | 'IN_PROGRESS' }
  | { kind: 'allowZero'; allowed: boolean }
  | { kind: 'call' }
  | { kind: 'hold'; minutes: number };

interface Tick {
  kind: 'tick';
  minutes: number;
  crashes: readonly (Crash | undefined)[];
  turns: readonly number[];
  meanwhile: readonly { afterCalls: number; action: Action }[];
}

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

class Story {
  readonly world = new ConcurrencyWorld();
  /** What each may have in the end. More than one only where nobody could tell. */
  readonly accepted = new Map<string, Set<number>>();
  desired: DesiredState = 'open';
  /** A run has read the value and is about to act on it: Lambda has no conditional write, so this window cannot be closed. */
  private readonly reading = new Map<string, Set<number>>();
  /** Chosen within such a window: a run may put its own over it. */
  private readonly contested = new Set<string>();
  private live = false;
  readonly broken: string[] = [];
  functions: ManagedFunction[] = [
    managed(),
    managed({ functionName: 'declared', declaredElsewhere: true }),
    managed({ functionName: 'idler', idleMinutes: 30 }),
  ];

  constructor() {
    TARGETS.forEach((one, at) => {
      this.world.concurrency.deploy(one, at + 4);
      this.accepted.set(targetKey(one), new Set([at + 4]));
    });
    this.world.scaling.targets.set(targetKey(ALIAS), { min: 1, max: 20, suspended: { ...AWAKE, scheduled: true } });
    this.world.scaling.targets.set(targetKey(DECLARED), { min: 2, max: 8, suspended: AWAKE });
  }

  act(action: Action): void {
    const { world } = this;
    switch (action.kind) {
      case 'desire':
        this.desired = action.desired;
        return world.desire(action.desired);
      case 'set':
      case 'deploy':
      case 'removeAlias': {
        const one = TARGETS[action.which]!;
        const exists = world.concurrency.functions.get(one.functionName)?.has(one.qualifier) ?? false;
        const chosen = action.kind === 'removeAlias' ? undefined : action.value;
        if (action.kind === 'set' && !exists) return;
        this.choose(targetKey(one), chosen, world.concurrency.value(one));
        if (action.kind === 'removeAlias') world.concurrency.functions.get(one.functionName)?.delete(one.qualifier);
        else if (action.kind === 'set') world.concurrency.set(one, chosen);
        else world.concurrency.deploy(one, chosen, { functionVersion: one === VERSION ? '7' : '2' });
        return;
      }
      case 'scaleOut': {
        const limits = world.scaling.targets.get(targetKey(ALIAS));
        if (!limits || limits.suspended.scalingOut || world.concurrency.value(ALIAS) === 0) return;
        this.choose(targetKey(ALIAS), action.value, world.concurrency.value(ALIAS));
        return world.concurrency.set(ALIAS, action.value);
      }
      case 'weigh': {
        const found = world.concurrency.functions.get(TARGETS[action.which]!.functionName)?.get('live');
        if (found) found.details = { ...found.details, weighted: action.weighted };
        return;
      }
      case 'allocations':
        world.concurrency.allocationsEnd = action.end;
        return;
      case 'allowZero':
        this.functions = this.functions.map((one) =>
          one.functionName !== 'declared'
            ? one
            : managed({
                functionName: 'declared',
                declaredElsewhere: true,
                ...(action.allowed ? { allowZero: 'ours' } : {}),
              }),
        );
        return;
      case 'call':
        world.traffic.calls.push({ functionName: 'idler', atMs: world.nowMs - 1 });
        return;
      case 'hold':
        world.state.holdItem = { untilMs: world.nowMs + action.minutes * 60_000, by: 'test' };
    }
  }

  private choose(key: string, chosen: number | undefined, present: number): void {
    const old = this.accepted.get(key)!;
    const record = this.world.state.items.get(key);
    const owed = isOpen(record) ? record : undefined;
    if (chosen !== undefined) {
      const inWindow = (this.reading.get(key)?.size ?? 0) > 0;
      if (inWindow) this.contested.add(key);
      this.accepted.set(key, new Set(inWindow ? [...old, chosen] : [chosen]));
      return;
    }
    // Deleting what is not there says nothing.
    if (present === 0) return;
    const clear =
      !this.live && (!owed || owed.status === 'warming' || (owed.status === 'lowered' && owed.loweredTo > 0));
    // A choice that came and went between two runs: what was saved before it is owed still.
    this.accepted.set(key, new Set(clear ? [0] : [...old, 0, ...(owed ? [owed.saved.value] : [])]));
  }

  before({ name, key, run, args }: Call): void {
    const { world } = this;
    if (name !== 'concurrency.put' && name !== 'concurrency.remove') return;
    const one = TARGETS.find((candidate) => targetKey(candidate) === key)!;
    const record = world.state.items.get(key!);
    const asked = name === 'concurrency.put' ? (args[1] as number) : 0;
    const held = (world.state.holdItem?.untilMs ?? 0) > world.nowMs;
    if (asked > 1 && this.desired === 'stopped' && !held) this.broken.push(`${key} was restored while stopped`);
    if (!isOpen(record)) this.broken.push(`${key} was changed without a record`);
    if (asked > 1 && record?.status !== 'restoring') this.broken.push(`${key} was restored out of turn`);
    const present = world.concurrency.functions.get(one.functionName)?.get(one.qualifier)?.config;
    const chosen = present && present.requested > 1 && present.status !== 'FAILED' && this.reading.get(key!)?.has(run);
    if (asked > 1 && chosen && !this.contested.has(key!)) this.broken.push(`${key} was restored twice`);
  }

  after({ name, key, run }: Call): void {
    if (key !== undefined) {
      const readers = this.reading.get(key) ?? new Set<number>();
      this.reading.set(key, readers);
      if (name === 'concurrency.config') readers.add(run);
      if (
        name === 'concurrency.put' ||
        name === 'concurrency.remove' ||
        name === 'state.save lowered' ||
        name === 'state.save warming'
      ) {
        readers.delete(run);
      }
    }
    this.check();
  }

  /** At every moment each is as it should be, or somebody owes it that. */
  check(): void {
    for (const one of TARGETS) {
      const key = targetKey(one);
      const accepted = this.accepted.get(key)!;
      const record = this.world.state.items.get(key);
      const saved = isOpen(record) ? record.saved.value : undefined;
      const present = this.world.concurrency.value(one);
      const exists = this.world.concurrency.functions.get(one.functionName)?.has(one.qualifier);
      if (accepted.has(0) || accepted.has(present) || (saved !== undefined && accepted.has(saved))) continue;
      if (!exists && saved === undefined) continue;
      this.broken.push(`${key} lost ${[...accepted].join(' or ')}: has ${present}, saved ${saved}`);
    }
  }

  /** It is open, quiet and in use, and everything that was deleted is back: after a while nothing is owed to anybody. */
  async endsWell(): Promise<void> {
    const { world } = this;
    this.act({ kind: 'desire', desired: 'open' });
    this.act({ kind: 'allocations', end: 'READY' });
    this.functions = this.functions.map(({ idleMinutes: _none, ...one }) => one);
    TARGETS.forEach((one, at) => {
      if (!world.concurrency.functions.get(one.functionName)?.has(one.qualifier)) {
        this.act({ kind: 'deploy', which: at, value: undefined });
      }
      this.act({ kind: 'weigh', which: at, weighted: false });
    });
    for (let run = 0; run < 5; run += 1) {
      await this.tick({ minutes: 15, crashes: [undefined], turns: [], meanwhile: [] });
      world.concurrency.finishAllocations();
      expect(this.broken).toEqual([]);
    }
    for (const one of TARGETS) {
      const key = targetKey(one);
      expect([...this.accepted.get(key)!]).toContain(world.concurrency.value(one));
      expect(world.state.items.get(key)?.status ?? 'closed').toBe('closed');
    }
    expect(world.scaling.targets.get(targetKey(ALIAS))).toEqual({
      min: 1,
      max: 20,
      suspended: { ...AWAKE, scheduled: true },
    });
    expect(world.scaling.targets.get(targetKey(DECLARED))).toEqual({ min: 2, max: 8, suspended: AWAKE });
  }

  async tick({ minutes, crashes, turns, meanwhile }: Omit<Tick, 'kind'>): Promise<readonly string[]> {
    this.world.later(minutes);
    this.reading.clear();
    this.contested.clear();
    this.live = true;
    const { windows } = await runTogether(
      this.world,
      this.functions,
      {
        crashes,
        turns,
        meanwhile: meanwhile.map(({ afterCalls, action }) => ({ afterCalls, act: () => this.act(action) })),
      },
      this,
    );
    this.live = false;
    this.reading.clear();
    return windows;
  }
}

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
