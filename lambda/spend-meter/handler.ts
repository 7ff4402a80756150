import { utcMonth } from '../../core/calendar';
import { GuardError } from '../../core/errors';
import { LOOK_AGAIN_MS, looksAgain } from '../../core/meter';
import type { DesiredState } from '../../core/stop-lines';
import { act, type Acted, NOTHING_DONE, sayOnly } from './act';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';
import { CLAIM_MS, type Evaluation, evaluate } from './evaluate';
import { type Asked, parseEvent } from './event';
import { read, type TickReading } from './read';
import { tickMetrics, tickRecord } from './record';
import { tellHub } from './standing';
import { confirmed, type Work, workOf } from './work';

export type TickResult =
  | {
      readonly kind: 'done';
      readonly desired: DesiredState;
      readonly reason: string;
      readonly didRead: boolean;
      /** So long after this look began the same run should look again, see `function.ts`. */
      readonly lookAgainInMs?: number;
    }
  /** Another tick acts, or was faster: it does what this one would have done. */
  | { readonly kind: 'skipped'; readonly why: 'busy' | 'superseded' | 'closed' };

/**
 * A tick: from the month so far to what should be, and from what really is to that. It keeps no cursor and trusts no event;
 * lost, late, doubled and crashed ticks are made up for by the next one.
 * @throws GuardError EVENT_INVALID; TICK_INCOMPLETE where something remained to be done, so that an alarm tells; ServiceError
 * where its own state cannot be read or written
 */
export function makeHandler(deps: SpendMeterDeps, env: SpendMeterEnv): (event: unknown) => Promise<TickResult> {
  return async (event) => {
    const now = deps.now();
    const asked = parseEvent(event, env.ACTIVITY_ALARM);
    // Before anything that may be in its way: whoever runs next asks the gate.
    if (asked.told) await deps.toldMark.put(now);

    const before = confirmed(await deps.state.latest(utcMonth(now)), now);
    if (before?.closed === true) return { kind: 'skipped', why: 'closed' };
    // A claim that ends later than any tick could was made by a clock that ran ahead: it does not count.
    if (before && before.claimedUntil > now && before.claimedUntil <= now + CLAIM_MS) {
      return { kind: 'skipped', why: 'busy' };
    }
    const reading = await read(deps, env, before, asked, now);

    const evaluation = evaluate(env, before, reading, now, deps.digest, asked.again);

    const { state, decision } = evaluation;
    const work = workOf(env, before, reading, evaluation, now);
    try {
      const saved = work.kind === 'write' ? work.after : state;
      if (work.kind !== 'none') await deps.state.save(saved, before?.month === state.month ? before.revision : 0);
    } catch (error) {
      if (error instanceof GuardError && error.code === 'STATE_CONFLICT') return { kind: 'skipped', why: 'superseded' };
      throw error;
    }
    const acted = await done(deps, env, evaluation, work, now);
    const hub = await tellHub(deps, env, { evaluation, reading, acted }, now);
    const record = { ...tickRecord(reading, evaluation, acted, work.kind), ...(hub && { hub }) };
    deps.metrics.record(env.ENVIRONMENT, tickMetrics(reading, evaluation, acted), record);
    if (acted.troubles.length > 0) {
      throw new GuardError('TICK_INCOMPLETE', `the next tick tries again: ${acted.troubles.join('; ')}`);
    }
    return {
      kind: 'done',
      desired: decision.desired,
      reason: decision.reason.text,
      didRead: reading.didRead,
      ...(isToLookAgain(env, asked, reading, evaluation, now) && { lookAgainInMs: LOOK_AGAIN_MS }),
    };
  };
}

function done(
  deps: SpendMeterDeps,
  env: SpendMeterEnv,
  evaluation: Evaluation,
  work: Work,
  now: number,
): Promise<Acted> {
  switch (work.kind) {
    case 'act':
      return act(deps, env, evaluation, now);
    case 'write':
      return sayOnly(deps, env, evaluation, work.after, now);
    case 'none':
      return Promise.resolve(NOTHING_DONE);
  }
}

/** Once a tick, and not where everybody is denied already: nothing is left to be quick about. */
function isToLookAgain(
  env: SpendMeterEnv,
  { readNow, again }: Asked,
  { didRead, assessment, gate, reading }: TickReading,
  { enforced }: Evaluation,
  now: number,
): boolean {
  if (readNow || again || !didRead || enforced === 'stopped') return false;
  const { burnPrevious } = reading;
  return looksAgain({
    now,
    assessment,
    gate: { ...gate, failed: false },
    ...env.LINES,
    metricDelayMinutes: env.TIMING.metricDelayMinutes,
    ...(burnPrevious !== undefined && { burnPrevious }),
  });
}
