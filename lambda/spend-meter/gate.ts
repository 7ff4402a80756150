import { DAY_MS, MINUTE_MS, utcMonth } from '../../core/calendar';
import { ServiceError } from '../../core/errors';
import { keepingLast } from '../../core/kept';
import {
  type Assessment,
  type CallBound,
  callsFrom,
  GATE_MS,
  isWithinReach,
  type MinuteCalls,
  settledCalls,
  type UnseenCalls,
  unseenCalls,
} from '../../core/meter';
import type { GateState, LastReading, MeterState } from '../../core/decision';
import { reactionMinutes } from '../../core/estimates';
import { timesUpTo } from '../../core/money';
import { activeOverride, type Order } from '../../core/stop-lines';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';

/** By minute, over all Regions: several may have the same minute. */
export type GateReading = readonly MinuteCalls[] | 'failed';

/** A call that has cost more than the most was one that nobody reckoned with: others may follow for some time. */
const OUTSPENT_MS = DAY_MS;

/** One cheap series a Region. Where one cannot be read nobody knows that nothing goes on. */
export async function readGate(
  { usage }: SpendMeterDeps,
  env: SpendMeterEnv,
  before: GateState | undefined,
  now: number,
): Promise<GateReading> {
  const from = Math.min(now - GATE_MS, callsFrom(before?.settled, now, env.TIMING));
  try {
    const seen = await Promise.all(env.METER_REGIONS.map((region) => usage.activity(region, from, now + MINUTE_MS)));
    return seen.length === 1 ? (seen[0] ?? []) : seen.flat().sort((a, b) => a.at - b.at);
  } catch (error) {
    if (error instanceof ServiceError) return 'failed';
    throw error;
  }
}

/** What is remembered of the gate, with what this tick has seen. */
export function gateOf(before: GateState | undefined, seen: GateReading): GateState {
  const last = seen === 'failed' ? undefined : seen.at(-1)?.at;
  const lastActivityAt = Math.max(before?.lastActivityAt ?? 0, last ?? 0);
  return {
    ...before,
    everShowedData: (before?.everShowedData ?? false) || last !== undefined,
    ...(lastActivityAt > 0 && { lastActivityAt }),
  };
}

/** The calls of which no read need have seen the tokens; undefined: that cannot be told. */
export function unseenOf({ settled }: GateState, seen: GateReading, now: number): UnseenCalls | undefined {
  return seen === 'failed' || !isWithinReach(settled, now) ? undefined : unseenCalls(seen, settled);
}

/** What those calls may have cost at most; undefined where that is not known: then the meter reads as if they were any. */
export function boundOf(
  env: SpendMeterEnv,
  { desired, decision, gate, reading }: Pick<MeterState, 'desired' | 'decision' | 'gate' | 'reading'>,
  unseen: UnseenCalls | undefined,
  { order, calibration }: { readonly order: Order | undefined; readonly calibration: number },
  now: number,
): CallBound | undefined {
  const mostACall = env.MOST_A_CALL;
  if (unseen === undefined || mostACall === 'unknown' || !isReckoned(env, reading?.known)) return undefined;
  if (gate.outspentAt !== undefined && Math.abs(now - gate.outspentAt) < OUTSPENT_MS) return undefined;
  const override = order?.kind === 'override' ? activeOverride(order.override, now) : undefined;
  // What ended since the last decision counts from its start there, and not here.
  const turned = decision.override !== undefined && override === undefined;
  if (turned) return undefined;
  return {
    ...unseen,
    mostACall,
    calibration,
    delayMinutes: reactionMinutes(env.TIMING),
    ...(desired === 'stopped' && { stopped: true }),
    ...(override && { override: override.limit === undefined ? {} : { limit: override.limit } }),
  };
}

/** Whether all that counts is of models that the most of a call was reckoned from. */
function isReckoned(env: SpendMeterEnv, known: Extract<Assessment, { kind: 'known' }> | undefined): boolean {
  const ids = reckonedIds(env);
  return known !== undefined && known.byModel.every(({ metricId }) => ids.has(metricId));
}

/** Asked each minute, and always the same. */
const reckonedIds = keepingLast(
  ({ MODELS }: SpendMeterEnv): ReadonlySet<string> => new Set(MODELS.flatMap(({ metricIds }) => metricIds)),
);

/** After a full read: what it has settled, and whether it has shown more than the calls before it can have cost. */
export function gateAfterRead(
  env: SpendMeterEnv,
  gate: GateState,
  seen: GateReading,
  unseen: UnseenCalls | undefined,
  {
    before,
    after,
    now,
  }: { readonly before: LastReading | undefined; readonly after: LastReading; readonly now: number },
): GateState {
  const { settled: _, ...others } = gate;
  const outspent = isOutspent(env, unseen, before, after);
  return {
    ...others,
    ...(outspent && { outspentAt: now }),
    ...(seen !== 'failed' && after.unknown === undefined && { settled: settledCalls(seen, now, env.TIMING) }),
  };
}

function isOutspent(
  { MOST_A_CALL }: SpendMeterEnv,
  unseen: UnseenCalls | undefined,
  before: LastReading | undefined,
  { known }: LastReading,
): boolean {
  if (MOST_A_CALL === 'unknown' || unseen === undefined || known === undefined) return false;
  const last = before?.known;
  if (last === undefined || last.month !== known.month || known.month !== utcMonth(known.asOf)) return false;
  return known.monthToDate - last.monthToDate > timesUpTo(MOST_A_CALL, unseen.calls);
}
