import { GuardError, ServiceError } from '../errors';
import type { ConcurrencyPort, ConcurrencyStatePort, ScalingPort } from './ports';
import { type ProvisionedConfig, type QualifierDetails, type Suspended, valueOf } from './configured';
import { changedByOthers, isOwnLow, isSuspended, type Observed, type Step } from './decide';
import { isOpen, KEPT_MS, type ConcurrencyRecord, type Saved } from './record';
import { targetKey, type Target } from './target';

export interface ApplyDeps {
  readonly concurrency: ConcurrencyPort;
  readonly scaling: ScalingPort;
  readonly state: ConcurrencyStatePort;
  readonly now: () => number;
}

/** Longer than a run can live (the function's time-out): when it ends, whoever made the claim is dead. */
export const CLAIM_MS = 150_000;
/** No side effect starts later in a claim than this before its end; more than one request and its retries can take. */
const LAST_EFFECT_MS = 30_000;

export interface Applied {
  readonly as: 'lowered' | 'sleeping' | 'restoring' | 'restored' | 'superseded' | 'waiting' | 'gone' | 'failed';
  readonly reason: string;
  readonly record: ConcurrencyRecord | undefined;
}

export interface Task {
  readonly target: Target;
  /** As it was read, before `observed`. */
  readonly record: ConcurrencyRecord | undefined;
  readonly observed: Observed;
  readonly floor: 0 | 1;
}

const ALL_SUSPENDED: Suspended = { scalingIn: true, scalingOut: true, scheduled: true };

/**
 * Does one step. A crash after any line leaves a record from which the next run goes on: what is owed is written before it
 * is taken, and struck out after it was given back.
 * @throws GuardError STATE_CONFLICT where another run was faster, or may be by now; ServiceError
 */
export async function apply(deps: ApplyDeps, task: Task, step: Exclude<Step, { kind: 'rest' }>): Promise<Applied> {
  const journal = new Journal(deps, task.record);
  try {
    return await perform(deps, journal, task, step);
  } catch (error) {
    if (!(error instanceof ServiceError) || error.refusal !== 'notFound') throw error;
    await noteGone(journal, deps.now());
    return { as: 'gone', reason: error.message, record: journal.record };
  }
}

/** Keeps what is owed for `KEPT_MS` in case it comes back. Nothing to do where nothing is owed, or where it is noted. */
export async function noteGone(journal: Journal, nowMs: number): Promise<void> {
  if (!isOpen(journal.record) || journal.record.goneAtMs !== undefined) return;
  await journal.settle({ ...journal.record, goneAtMs: nowMs, expiresAtMs: nowMs + KEPT_MS });
}

async function perform(
  deps: ApplyDeps,
  journal: Journal,
  task: Task,
  step: Exclude<Step, { kind: 'rest' }>,
): Promise<Applied> {
  switch (step.kind) {
    case 'lower':
      return lower(deps, journal, task, step);
    case 'restore':
      return restore(deps, journal, task, step.reason);
    case 'relabel': {
      // Nothing shows of an alias without a configuration: ask whether it is back before its record is kept for good.
      if (journal.open().goneAtMs !== undefined) await deps.concurrency.details(task.target);
      const { problem: _solved, ...record } = here(journal.open());
      await journal.write({ ...record, loweredFor: step.why });
      return { as: 'sleeping', reason: step.reason, record: journal.record };
    }
    case 'close':
      return close(deps, journal, task.target, step.as, step.reason);
  }
}

async function lower(
  deps: ApplyDeps,
  journal: Journal,
  { target, record, observed, floor }: Task,
  step: Extract<Step, { kind: 'lower' }>,
): Promise<Applied> {
  const { concurrency, scaling, now } = deps;
  const details = await concurrency.details(target);
  if (details.weighted) return { as: 'waiting', reason: WEIGHTED, record };

  const limits = observed.scaling.kind === 'known' ? observed.scaling.value : undefined;
  const owed = isOpen(record) ? record : undefined;
  // Flags that are all set may be the guard's own doing: what was saved before them stands.
  const ownFlags = limits && isSuspended(limits) && owed?.status !== 'warming';
  const savedLimits = (ownFlags ? owed?.saved.scaling : undefined) ?? limits;
  const withValue = (value: number): Saved => ({
    value,
    details: savedDetails(details),
    ...(savedLimits ? { scaling: savedLimits } : {}),
  });
  const value = step.save === 'value' || !owed ? valueOf(observed.config) : owed.saved.value;
  await journal.claim({
    schemaVersion: 1,
    ...target,
    status: 'lowering',
    loweredFor: step.why,
    // What was saved of the version stays with the value that it belongs to.
    saved: step.save === 'nothing' && owed ? { ...withValue(value), details: owed.saved.details } : withValue(value),
    savedAtMs: step.save === 'nothing' && owed ? owed.savedAtMs : now(),
    // Until it is done, what an earlier run left there is known as such.
    loweredTo: step.save === 'nothing' && owed ? owed.loweredTo : floor,
  });

  if (limits && !isSuspended(limits)) {
    journal.fence();
    await scaling.suspend(target, ALL_SUSPENDED);
  }
  // As late as can be, for Lambda knows no conditional delete: a value that somebody set since the run began is saved too.
  const latest = await concurrency.config(target);
  if (latest && latest.requested > floor && !isLeftOver(latest, owed) && latest.requested !== value) {
    await journal.write({ ...journal.open(), saved: withValue(latest.requested), savedAtMs: now() });
  }
  if (latest && latest.requested > floor) {
    journal.fence();
    await (floor === 0 ? concurrency.remove(target) : concurrency.put(target, floor));
  }
  // What is there, not what was aimed at: the floor may have changed since a run that died half-way.
  const loweredTo = Math.min(valueOf(latest), floor);
  await journal.settle({ ...here(journal.open()), status: 'lowered', loweredTo });
  return { as: 'lowered', reason: step.reason, record: journal.record };
}

async function restore(deps: ApplyDeps, journal: Journal, { target }: Task, reason: string): Promise<Applied> {
  const { concurrency } = deps;
  const owed = journal.open();
  const details = await concurrency.details(target);
  if (details.weighted) return { as: 'waiting', reason: WEIGHTED, record: owed };

  const failedBefore = owed.status === 'warming';
  const problem = failedBefore ? { problem: { text: reason, runs: (owed.problem?.runs ?? 0) + 1 } } : {};
  await journal.claim({ ...here(owed), status: 'restoring', ...problem });
  const latest = await concurrency.config(target);
  const changed = changedByOthers({ ...owed, status: failedBefore ? 'warming' : owed.status }, latest);
  if (changed !== undefined) return close(deps, journal, target, 'superseded', changed);
  if (!latest || isOwnLow(owed, latest) || latest.status === 'FAILED') {
    journal.fence();
    await concurrency.put(target, owed.saved.value);
  }
  await resumeScaling(deps, journal, target);
  await journal.settle({ ...journal.open(), status: 'warming' });
  const moved =
    details.functionVersion === owed.saved.details.functionVersion
      ? ''
      : `; the alias points to version ${details.functionVersion} now, ${owed.saved.details.functionVersion} when it was lowered`;
  const as = failedBefore ? 'failed' : 'restoring';
  return { as, reason: `${reason}; ${owed.saved.value} asked for${moved}`, record: journal.record };
}

async function close(
  deps: ApplyDeps,
  journal: Journal,
  target: Target,
  as: 'restored' | 'superseded',
  reason: string,
): Promise<Applied> {
  await journal.claim(journal.open());
  await resumeScaling(deps, journal, target);
  const { problem: _solved, ...record } = here(journal.open());
  await journal.settle({ ...record, status: 'closed', closedAs: as, expiresAtMs: deps.now() + KEPT_MS });
  return { as, reason, record: journal.record };
}

/** Only where the flags are still as the guard set them: whoever changed them since wanted that. */
async function resumeScaling({ scaling }: ApplyDeps, journal: Journal, target: Target): Promise<void> {
  const saved = journal.open().saved.scaling;
  if (!saved || isSuspended(saved)) return;
  const limits = (await scaling.limits([target])).get(targetKey(target));
  if (!limits || !isSuspended(limits)) return;
  journal.fence();
  await scaling.suspend(target, saved.suspended);
}

/** The floor of an earlier run, which is no value that anybody chose. */
function isLeftOver(config: ProvisionedConfig, owed: ConcurrencyRecord | undefined): boolean {
  return owed !== undefined && isOwnLow(owed, config);
}

function savedDetails({ functionVersion, revisionId, memoryMb, architecture }: QualifierDetails): Saved['details'] {
  return { functionVersion, revisionId, memoryMb, architecture };
}

/** It is there: nothing may expire. */
function here(record: ConcurrencyRecord): ConcurrencyRecord {
  const { goneAtMs: _gone, expiresAtMs: _expires, ...rest } = record;
  return rest;
}

const WEIGHTED =
  'its alias divides traffic by weight, and Lambda then refuses provisioned concurrency: a deploy is under way, or its weights were left behind';

/** One record's writes, each on condition that nobody else wrote since the last. */
export class Journal {
  constructor(
    private readonly deps: Pick<ApplyDeps, 'state' | 'now'>,
    public record: ConcurrencyRecord | undefined,
  ) {}

  open(): ConcurrencyRecord {
    if (!isOpen(this.record)) throw new GuardError('STATE_CONFLICT', 'nothing is owed any more');
    return this.record;
  }

  /** Keeps every other run off until the claim ends. */
  async claim(record: Omit<ConcurrencyRecord, 'revision' | 'claimedUntilMs'>): Promise<void> {
    await this.write({ ...record, claimedUntilMs: this.deps.now() + CLAIM_MS });
  }

  /** Ends the claim. */
  async settle(record: ConcurrencyRecord): Promise<void> {
    await this.write({ ...record, claimedUntilMs: 0 });
  }

  async write(record: Omit<ConcurrencyRecord, 'revision'>): Promise<void> {
    const replaces = this.record?.revision ?? 0;
    const next: ConcurrencyRecord = { ...record, revision: replaces + 1 };
    await this.deps.state.save(next, replaces);
    this.record = next;
  }

  /** Before each side effect: a run that was held up must not act on what another run may hold by now. */
  fence(): void {
    const { claimedUntilMs } = this.open();
    if (this.deps.now() > claimedUntilMs - LAST_EFFECT_MS) {
      throw new GuardError('STATE_CONFLICT', 'the run was held up for too long; the next one goes on');
    }
  }
}
