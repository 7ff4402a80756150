import { isDeepStrictEqual } from 'node:util';
import { MINUTE_MS } from '../../core/calendar';
import { afterActing, type Applied } from '../../core/enforcement';
import type { DecisionState, MeterState } from '../../core/decision';
import { HEARTBEAT_MS } from '../../core/meter';
import type { SpendMeterEnv } from './env';
import type { Evaluation } from './evaluate';
import type { TickReading } from './read';

/** Ticks come a little early. */
const JITTER_MS = 20_000;

/** What a tick without anything to do has done. */
const NOTHING: Applied = { switched: false, inEffect: true, attached: 0, failed: [], troubles: [] };

export type Work =
  /** Nobody would learn anything new. */
  | { readonly kind: 'none' }
  /** Nothing to be done, and something to be said: one write is enough, as no step of it can be left half done. */
  | { readonly kind: 'write'; readonly after: MeterState }
  | { readonly kind: 'act' };

/** What is left to do of a tick that has decided. Whatever is in doubt is acted on. */
export function workOf(
  env: SpendMeterEnv,
  before: MeterState | undefined,
  { didRead }: TickReading,
  evaluation: Evaluation,
  now: number,
): Work {
  const { state, enforced, plan, from, decision } = evaluation;
  if (before === undefined || before.month !== state.month || from !== decision.desired) return { kind: 'act' };
  if (isToAct(env, evaluation)) return { kind: 'act' };
  const enforcement = afterActing(state.enforcement, plan, NOTHING, enforced, now);
  const after: MeterState = { ...state, claimedUntil: 0, enforcement };
  const age = now - before.decision.at;
  const isDue = didRead || age < 0 || age >= HEARTBEAT_MS - JITTER_MS;
  return isDue || !saysTheSame(before, after) ? { kind: 'write', after } : { kind: 'none' };
}

function isToAct(env: SpendMeterEnv, { state, enforced, plan, bill, leftover }: Evaluation): boolean {
  return (
    !plan.isTold ||
    plan.isMissing ||
    plan.needsRepair ||
    plan.setDefault !== undefined ||
    plan.attach.length > 0 ||
    plan.drift.length > 0 ||
    plan.unread.length > 0 ||
    bill?.execute !== undefined ||
    leftover?.lift === true ||
    state.outbox.length > 0 ||
    state.enforcement.toldAutoStop !== enforced ||
    state.enforcement.pagedOpen.length > 0 ||
    (enforced === 'stopped' && env.STOP_BATCH_JOBS === 'true')
  );
}

/** But for the time of it. What was read is the same, as nothing was. */
function saysTheSame(before: MeterState, after: MeterState): boolean {
  return (
    before.claimedUntil === 0 &&
    before.unsaid !== true &&
    before.desired === after.desired &&
    before.gate.everShowedData === after.gate.everShowedData &&
    isDeepStrictEqual(before.gate.told, after.gate.told) &&
    isDeepStrictEqual(timeless(before.decision), timeless(after.decision)) &&
    isDeepStrictEqual(before.enforcement, after.enforcement) &&
    isDeepStrictEqual(before.bill, after.bill) &&
    isDeepStrictEqual(before.budgets, after.budgets)
  );
}

function timeless({ lastKnown, ...decision }: DecisionState) {
  return { ...decision, at: 0, lastSeenAt: 0, lastKnown: lastKnown && { ...lastKnown, at: 0 } };
}

/**
 * What was decided last, as the ticks since have confirmed it without a write: a meter that saw then has seen until the tick
 * before this one, or, where ticks are lost, for as long as it may have been silent.
 */
export function confirmed(before: MeterState | undefined, now: number): MeterState | undefined {
  if (before === undefined || before.decision.lastSeenAt !== before.decision.at) return before;
  const lastSeenAt = Math.max(before.decision.at, Math.min(now - MINUTE_MS, before.decision.at + HEARTBEAT_MS));
  return { ...before, decision: { ...before.decision, lastSeenAt } };
}
