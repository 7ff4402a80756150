import { HOUR_MS, MINUTE_MS } from '../calendar';
import type { MinuteCalls } from './ports';

/** What a count may run ahead of the tokens of the same call, beyond the delay of the metrics and the longest generation. */
const SLACK_MINUTES = 2;
/** Counts of minutes so long before what a read has settled are compared with what they were: metrics may come late. */
const LATE_MS = HOUR_MS;
/** A read longer ago than this says nothing of what came since: minutes are asked for no further back. */
const FURTHEST_MS = 4 * HOUR_MS;

/**
 * What a full read has settled: the calls shown by then of minutes so long ago that their tokens had shown too. Whatever is
 * shown besides, later minutes and late counts, may hold tokens that no read has seen.
 */
export interface SettledCalls {
  /** The counts of [from, before), both whole minutes in ms since the epoch. */
  readonly from: number;
  readonly before: number;
  readonly calls: number;
}

/** Calls whose tokens no full read need have seen. */
export interface UnseenCalls {
  readonly calls: number;
  /** Start of the earliest minute with any; absent without. */
  readonly since?: number;
}

/** How long the tokens of a call may take to show. */
interface CallTiming {
  readonly metricDelayMinutes: number;
  readonly longestGenerationMinutes: number;
}

/** @param shown by the gate just before the read, from {@link callsFrom} on */
export function settledCalls(shown: readonly MinuteCalls[], readAt: number, timing: CallTiming): SettledCalls {
  const { from, before } = settles(readAt, timing);
  return { from, before, calls: callsIn(shown, from, before) };
}

function settles(readAt: number, { metricDelayMinutes, longestGenerationMinutes }: CallTiming) {
  const minutes = metricDelayMinutes + longestGenerationMinutes + SLACK_MINUTES;
  const before = Math.floor(readAt / MINUTE_MS - minutes) * MINUTE_MS;
  return { from: before - LATE_MS, before };
}

/** From when on the gate must look: to tell what the last read may have missed, and what one now would settle. */
export function callsFrom(settled: SettledCalls | undefined, now: number, timing: CallTiming): number {
  const { from } = settles(now, timing);
  return isWithinReach(settled, now) ? Math.min(settled.from, from) : from;
}

/** Whether it can still be told what the last read may have missed. */
export function isWithinReach(settled: SettledCalls | undefined, now: number): settled is SettledCalls {
  return settled !== undefined && settled.from >= now - FURTHEST_MS;
}

/** @param shown by the gate now, from {@link callsFrom} on */
export function unseenCalls(shown: readonly MinuteCalls[], settled: SettledCalls): UnseenCalls {
  const late = Math.max(0, callsIn(shown, settled.from, settled.before) - settled.calls);
  const recent = shown.filter(({ at }) => at >= settled.before);
  const calls = late + recent.reduce((sum, one) => sum + one.calls, 0);
  if (calls === 0) return { calls };
  const [first] = recent;
  return { calls, since: late > 0 || first === undefined ? settled.from : first.at };
}

function callsIn(shown: readonly MinuteCalls[], from: number, before: number): number {
  let sum = 0;
  for (const { at, calls } of shown) if (at >= from && at < before) sum += calls;
  return sum;
}
