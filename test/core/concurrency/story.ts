import { isOpen } from '../../../core/concurrency/record';
import { targetKey, type ManagedFunction } from '../../../core/concurrency/target';
import type { DesiredState } from '../../../core/stop-lines/triggers';
import { runTogether, type Call, type Crash } from '../../helpers/concurrency-runs';
import { AWAKE, ConcurrencyWorld, managed, target } from '../../helpers/concurrency-world';

const ALIAS = target('models', 'live');
export const DECLARED = target('declared', 'live');
const VERSION = target('idler', '7');
export const TARGETS = [ALIAS, DECLARED, VERSION];

export type Action =
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

export interface Tick {
  kind: 'tick';
  minutes: number;
  crashes: readonly (Crash | undefined)[];
  turns: readonly number[];
  meanwhile: readonly { afterCalls: number; action: Action }[];
}

/** What befalls three functions, and what each may have in the end. */
export class Story {
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

  /** Looked at after each step of each story: an expectation each time would cost more than the steps. */
  mustHold(): void {
    if (this.broken.length > 0) throw new Error(this.broken.join('; '));
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
      this.mustHold();
    }
    for (const one of TARGETS) {
      const key = targetKey(one);
      const accepted = this.accepted.get(key)!;
      const value = world.concurrency.value(one);
      if (!accepted.has(value)) this.broken.push(`${key} ends with ${value}, not ${[...accepted].join(' or ')}`);
      const status = world.state.items.get(key)?.status ?? 'closed';
      if (status !== 'closed') this.broken.push(`${key} ends as ${status}`);
    }
    this.mustHold();
    expect([ALIAS, DECLARED].map((one) => world.scaling.targets.get(targetKey(one)))).toEqual([
      { min: 1, max: 20, suspended: { ...AWAKE, scheduled: true } },
      { min: 2, max: 8, suspended: AWAKE },
    ]);
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
