import { MINUTE_MS } from '../calendar';
import { GuardError, ServiceError } from '../errors';
import type { Reading } from '../reading';
import type { DesiredState } from '../stop-lines';
import type { QualifiedConfig, ScalingLimits } from './configured';
import { anyOpenSession } from './sessions';
import type { Session, SessionsPort, TrafficPort } from './ports';
import { apply, Journal, noteGone, type ApplyDeps } from './apply';
import { decide } from './decide';
import { idlenessOf } from './idle';
import { isOpen, type ConcurrencyRecord, type DeployHold } from './record';
import { desiredState, known, reading, textOf, unavailable } from './readings';
import type { ConvergeResult, Outcome, OutcomeKind } from './result';
import { savedPerHour, totalSaved } from './saving';
import { floorOf, targetKey, type ManagedFunction, type Target } from './target';
import { wishFor } from './wish';

export interface ConvergeDeps extends ApplyDeps {
  readonly sessions: SessionsPort;
  readonly traffic: TrafficPort;
}

export interface ConvergeSettings {
  readonly environment: string;
  readonly region: string;
  readonly functions: readonly ManagedFunction[];
}

/** A run stops beginning new work then, and leaves the rest to the next; the function's time-out is later. */
export const RUN_MS = 75_000;

/**
 * Makes the provisioned concurrency of the listed functions match the desired state: one step for each alias and version,
 * each alone. Nothing but the settings and the state table says what to lower.
 * @throws ServiceError where the records cannot be read: without them nothing may be lowered
 */
export async function converge(deps: ConvergeDeps, settings: ConvergeSettings): Promise<ConvergeResult> {
  const startedMs = deps.now();
  // The records first: whatever another run changes after this moves a revision, and this run's write then fails.
  const { records, unreadable } = await deps.state.records();
  const [hold, meter, session] = await Promise.all([
    reading(() => deps.state.hold()),
    desiredState(deps, startedMs),
    reading(() => anyOpenSession(deps.sessions, startedMs)),
  ]);
  const desired: Reading<DesiredState> = hold.kind === 'known' ? meter.desired : hold;
  const run = new Run(deps, settings, startedMs, records, unreadable, {
    hold: hold.kind === 'known' ? hold.value : undefined,
    desired,
    session,
  });
  const outcomes = await run.all();
  const savings = outcomes.flatMap((one) => (one.savedPerHour ? [one.savedPerHour] : []));
  return {
    schemaVersion: 1,
    environment: settings.environment,
    at: new Date(startedMs).toISOString(),
    desired,
    ...(meter.note ? { note: meter.note } : {}),
    ...(hold.kind === 'known' && hold.value && hold.value.untilMs > startedMs ? { hold: hold.value } : {}),
    sleeping: savings.length,
    failed: outcomes.filter(({ outcome }) => outcome === 'failed').length,
    savedPerHour: totalSaved(savings),
    outcomes,
  };
}

interface Situation {
  readonly hold: DeployHold | undefined;
  readonly desired: Reading<DesiredState>;
  readonly session: Reading<Session | undefined>;
}

interface Found {
  readonly target: Target;
  readonly managed: ManagedFunction | undefined;
  readonly config: QualifiedConfig | undefined;
  readonly record: ConcurrencyRecord | undefined;
}

/** One run's work. Once Lambda throttles it, it asks for nothing more. */
class Run {
  private readonly outcomes: Outcome[] = [];
  private readonly byKey: ReadonlyMap<string, ConcurrencyRecord>;
  private throttled = false;

  constructor(
    private readonly deps: ConvergeDeps,
    private readonly settings: ConvergeSettings,
    private readonly startedMs: number,
    records: readonly ConcurrencyRecord[],
    private readonly unreadable: readonly string[],
    private readonly situation: Situation,
  ) {
    this.byKey = new Map(records.map((record) => [targetKey(record), record]));
  }

  async all(): Promise<readonly Outcome[]> {
    for (const key of this.unreadable) {
      const [functionName = key, qualifier] = key.split(':');
      const reason = `its record in the state table cannot be read, so nothing is changed: item concurrency/${key}`;
      this.outcomes.push({ functionName, ...(qualifier ? { qualifier } : {}), outcome: 'failed', reason });
    }
    const found: Found[] = [];
    for (const functionName of this.functionNames()) found.push(...(await this.find(functionName)));
    const invocations = await this.traffic(found);
    const limits = await reading(() => this.deps.scaling.limits(found.map(({ target }) => target)));
    for (const one of found) this.outcomes.push(await this.handle(one, invocations, limits));
    return this.outcomes;
  }

  /** The listed ones, and those to which something is owed although they are no longer listed. */
  private functionNames(): readonly string[] {
    const owed = [...this.byKey.values()].filter(isOpen).map(({ functionName }) => functionName);
    return [...new Set([...this.settings.functions.map(({ functionName }) => functionName), ...owed])];
  }

  private async find(functionName: string): Promise<readonly Found[]> {
    const managed = this.settings.functions.find((one) => one.functionName === functionName);
    const owed = [...this.byKey.values()].filter((one) => one.functionName === functionName && isOpen(one));
    const skipped = this.skipReason();
    if (skipped) {
      this.aboutAll(functionName, owed, 'deferred', skipped);
      return [];
    }
    let configs: readonly QualifiedConfig[];
    try {
      configs = await this.deps.concurrency.list(functionName);
    } catch (error) {
      await this.unlisted(functionName, managed, owed, error);
      return [];
    }
    const configured = managed?.qualifiers ?? configs.map(({ qualifier }) => qualifier);
    const qualifiers = managed ? new Set([...configured, ...owed.map(({ qualifier }) => qualifier)]) : undefined;
    return [...(qualifiers ?? owed.map(({ qualifier }) => qualifier))]
      .map((qualifier) => ({ functionName, qualifier }))
      .filter((target) => !this.unreadable.includes(targetKey(target)))
      .map((target) => ({
        target,
        managed: configured.includes(target.qualifier) || !managed?.qualifiers ? managed : undefined,
        config: configs.find(({ qualifier }) => qualifier === target.qualifier),
        record: this.byKey.get(targetKey(target)),
      }));
  }

  /** A function whose configurations could not be listed. */
  private async unlisted(
    functionName: string,
    managed: ManagedFunction | undefined,
    owed: readonly ConcurrencyRecord[],
    error: unknown,
  ): Promise<void> {
    if (!isGone(error)) {
      const unlistedHint = managed
        ? ''
        : '; it is no longer in provisionedConcurrency of the config: put it back, or restore it by hand';
      this.aboutAll(functionName, owed, this.failure(error), `${textOf(error)}${unlistedHint}`);
      return;
    }
    for (const record of owed) {
      const journal = new Journal(this.deps, record);
      const noted = await reading(() => noteGone(journal, this.deps.now()));
      const reason = `the function does not exist; ${record.saved.value} is kept for 90 days in case it comes back`;
      const outcome = noted.kind === 'known' ? 'gone' : 'busy';
      this.outcomes.push({ ...of(record), outcome, reason, saved: record.saved.value });
    }
    if (owed.length > 0) return;
    this.outcomes.push(
      managed?.optional
        ? { functionName, outcome: 'absent', reason: 'does not exist, and is optional' }
        : { functionName, outcome: 'missing', reason: 'does not exist: correct the name, or mark it optional' },
    );
  }

  /** One outcome for each that something is owed to, or one for the function. */
  private aboutAll(
    functionName: string,
    owed: readonly ConcurrencyRecord[],
    outcome: OutcomeKind,
    reason: string,
  ): void {
    if (owed.length === 0) this.outcomes.push({ functionName, outcome, reason });
    for (const record of owed) this.outcomes.push(this.outcomeOf(record, outcome, reason, record));
  }

  /** Asked only for those that may be lowered for being idle, and only where that can matter. */
  private async traffic(found: readonly Found[]): Promise<Reading<ReadonlyMap<string, Reading<number>>>> {
    const asked = new Map<string, number>();
    for (const { managed } of found) {
      if (managed?.idleMinutes !== undefined) asked.set(managed.functionName, managed.idleMinutes);
    }
    const { desired, session, hold } = this.situation;
    const held = hold !== undefined && hold.untilMs > this.startedMs;
    const matters =
      !held && desired.kind === 'known' && desired.value !== 'stopped' && session.kind === 'known' && !session.value;
    if (asked.size === 0 || !matters) return { kind: 'known', value: new Map() };
    const windows = [...asked].map(([functionName, minutes]) => ({
      functionName,
      fromMs: this.startedMs - minutes * MINUTE_MS,
      toMs: this.startedMs,
    }));
    return reading(() => this.deps.traffic.invocations(windows));
  }

  private async handle(
    { target, managed, config, record }: Found,
    invocations: Reading<ReadonlyMap<string, Reading<number>>>,
    limits: Reading<ReadonlyMap<string, ScalingLimits>>,
  ): Promise<Outcome> {
    const { deps, situation } = this;
    const nowMs = deps.now();
    const floor = managed ? floorOf(managed) : 0;
    const observed = {
      config,
      scaling: limits.kind === 'known' ? known(limits.value.get(targetKey(target))) : limits,
    };
    const calls =
      invocations.kind === 'known'
        ? (invocations.value.get(target.functionName) ?? unavailable('CloudWatch was not asked'))
        : invocations;
    const idleness = managed
      ? idlenessOf({ managed, config, invocations: calls, session: situation.session, nowMs })
      : ({ kind: 'notAsked' } as const);
    const wish = wishFor({ ...situation, listed: managed !== undefined, idleness, record, nowMs });
    const step = decide({ record, observed, wish, floor, nowMs });
    try {
      if (step.kind === 'rest') {
        const outcome = step.as === 'awake' && !config ? await this.withoutConfig(target, managed) : undefined;
        return outcome ?? this.outcomeOf(target, step.as, step.reason, record);
      }
      const skipped = this.skipReason();
      if (skipped) return this.outcomeOf(target, 'deferred', skipped, record);
      const applied = await apply(deps, { target, record, observed, floor }, step);
      return this.outcomeOf(target, applied.as, applied.reason, applied.record);
    } catch (error) {
      return this.outcomeOf(target, this.failure(error), textOf(error), record);
    }
  }

  /** An alias that the configuration names and that does not exist would else look like one that has nothing to lower. */
  private async withoutConfig(target: Target, managed: ManagedFunction | undefined): Promise<Outcome | undefined> {
    if (!managed?.qualifiers || this.skipReason()) return undefined;
    try {
      await this.deps.concurrency.details(target);
      return undefined;
    } catch (error) {
      if (!isGone(error)) throw error;
      return managed.optional
        ? { ...target, outcome: 'absent', reason: 'does not exist, and is optional' }
        : { ...target, outcome: 'missing', reason: 'the function has no such alias or version' };
    }
  }

  private skipReason(): string | undefined {
    if (this.throttled) return 'Lambda throttled this run: left to the next';
    return this.deps.now() - this.startedMs > RUN_MS ? 'this run is out of time: left to the next' : undefined;
  }

  private failure(error: unknown): OutcomeKind {
    if (error instanceof ServiceError && error.refusal === 'throttled') {
      this.throttled = true;
      return 'deferred';
    }
    return error instanceof GuardError && error.code === 'STATE_CONFLICT' ? 'busy' : 'failed';
  }

  private outcomeOf(
    target: Target,
    outcome: OutcomeKind,
    reason: string,
    record: ConcurrencyRecord | undefined,
  ): Outcome {
    const owed = isOpen(record) ? record : undefined;
    const sleeps = owed?.status === 'lowered';
    return {
      ...of(target),
      outcome,
      reason,
      ...(owed ? { saved: owed.saved.value } : {}),
      ...(sleeps ? { savedPerHour: savedPerHour(owed, this.settings.region) } : {}),
    };
  }
}

function of({ functionName, qualifier }: Target): Target {
  return { functionName, qualifier };
}

function isGone(error: unknown): boolean {
  return error instanceof ServiceError && error.refusal === 'notFound';
}
