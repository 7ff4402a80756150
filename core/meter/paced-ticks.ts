import { MINUTE_MS, utcDay, utcMonth } from '../calendar';
import { nanoUsd, timesUpTo, type NanoUsd } from '../money';
import { settledCalls, type SettledCalls, unseenCalls } from './calls';
import { HEARTBEAT_MS, pace, type PaceInput } from './pacing';
import type { MinuteCalls } from './ports';
import type { KnownAssessment } from './types';

type Lines = Pick<PaceInput, 'limit' | 'thresholds' | 'stopAtPercent' | 'dailyLimit' | 'hourlyBrake'>;

export interface PacedInput extends Lines, Pick<PaceInput, 'worstCaseRatePerMinute' | 'metricDelayMinutes'> {
  readonly mostACall: NanoUsd | 'unknown';
  readonly longestGenerationMinutes: number;
  /** From the use of a token to a deny that holds. */
  readonly delayMinutes: number;
  /** Whether the canary calls, once an hour. */
  readonly canary: boolean;
  /** Beside the canary. */
  readonly callsPerMinute: number;
  readonly costPerCall: NanoUsd;
}

/** Counted over so many hours, after one to settle. */
const HOURS = 6;
/** A Tuesday in the middle of a month, long after midnight. */
const START = Date.parse('2026-01-13T06:00:00Z');
/** Between two lines of nearly every configuration, and near to none. */
const SPENT_PERCENT = 30;

/**
 * How often a month is read and the state is written in an hour, by the meter's own pace, while calls come evenly. Nothing is wrong
 * and no line is near: what the guard costs on a usual day.
 */
export function pacedTicks(input: PacedInput): { readonly reads: number; readonly writes: number } {
  const { callsPerMinute, costPerCall, canary } = input;
  const perMinute = timesUpTo(costPerCall, callsPerMinute);
  let [reads, writes, whole] = [0, 0, 0];
  let last: { readonly at: number; readonly settled: SettledCalls } | undefined;
  let wroteAt = Number.NEGATIVE_INFINITY;
  const shown: MinuteCalls[] = [];
  for (let minute = 0; minute < (HOURS + 1) * 60; minute++) {
    const now = START + minute * MINUTE_MS;
    const at = now - (Math.ceil(input.metricDelayMinutes) + 1) * MINUTE_MS;
    const before = whole;
    whole += callsPerMinute;
    const calls = Math.floor(whole) - Math.floor(before) + (canary && minute % 60 === 0 ? 1 : 0);
    if (calls > 0) shown.push({ at, calls });
    const isRead = pace(pacedAt(input, now, last, shown, perMinute)).read;
    if (isRead) last = { at: now, settled: settledCalls(shown, now, input) };
    const isWritten = isRead || now - wroteAt >= HEARTBEAT_MS;
    if (isWritten) wroteAt = now;
    if (minute < 60) continue;
    reads += isRead ? 1 : 0;
    writes += isWritten ? 1 : 0;
  }
  return { reads: reads / HOURS, writes: writes / HOURS };
}

function pacedAt(
  input: PacedInput,
  now: number,
  last: { readonly at: number; readonly settled: SettledCalls } | undefined,
  shown: readonly MinuteCalls[],
  perMinute: NanoUsd,
): PaceInput {
  const { mostACall, delayMinutes } = input;
  const lastActivityAt = shown.at(-1)?.at;
  return {
    ...input,
    now,
    ...(last && { lastFullRead: last.at, assessment: usual(input, last.at, perMinute), burnPrevious: perMinute }),
    gate: {
      everShowedData: lastActivityAt !== undefined,
      failed: false,
      ...(lastActivityAt !== undefined && { lastActivityAt }),
    },
    ...(last && mostACall !== 'unknown'
      ? { calls: { ...unseenCalls(shown, last.settled), mostACall, calibration: 1, delayMinutes } }
      : {}),
  };
}

function usual({ limit }: PacedInput, at: number, burnPerMinute: NanoUsd): KnownAssessment {
  const monthToDate = nanoUsd(Math.floor((limit * SPENT_PERCENT) / 100));
  const today = timesUpTo(burnPerMinute, 12 * 60);
  const [month, day] = [utcMonth(at), utcDay(at)];
  return {
    ...{ kind: 'known', asOf: at, month, monthToDate, day, today, burnPerMinute, lowerBound: false },
    lastHour: timesUpTo(burnPerMinute, 60),
    ...{ byModel: [], unattributed: [], foreign: [], unguarded: [], findings: [] },
    memory: { month, at, monthToDate, day, today, ring: [] },
  };
}
