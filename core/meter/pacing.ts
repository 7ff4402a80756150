import { MINUTE_MS, utcDay, utcMonth } from '../calendar';
import { addUpTo, percentOf, type NanoUsd, MOST, since, timesUpTo, ZERO } from '../money';
import { thresholdAmount, type Threshold } from '../stop-lines';
import type { UnseenCalls } from './calls';
import type { Assessment, KnownAssessment } from './types';

const NEAR_PERCENT = 5;
const NEAR_MINUTES = 5;
const ACTIVE_MINUTES = 5;
const IDLE_MINUTES = 15;
/** So long a call waits for a read where all the calls that wait cannot have reached a line. */
const BOUNDED_MINUTES = 15;
/** Where no call has been shown since the last read: only what is late, and what the gate does not count, could show. */
const QUIET_MINUTES = 60;
/** A gate that has shown calls within this long is known to see: the canary calls each hour. */
const PROVEN_MS = 90 * MINUTE_MS;
/** The shortest time that the rate is told from, see `rates.ts`. */
const BURN_MINUTES = 2;
/** A long answer is seen only when it is complete: activity counts for this long after the gate last saw any. */
const STILL_ACTIVE_MS = 15 * MINUTE_MS;
/** Ticks come a little early or late; two within this much of a minute are one. */
const JITTER_MS = 20_000;
/** A second look comes this long after the first, and half a minute before the next tick. */
export const LOOK_AGAIN_MS = MINUTE_MS / 2;
/** A burn that has doubled is looked at again where it reaches a line within so long. */
const SOON_MINUTES = 60;
/** Calls go on while the gate has shown some within so long, the delay of the metrics besides. */
const GOES_ON_MINUTES = 3;
/**
 * Readers take the meter for silent after ten minutes without a word (`STALE_MS` of the client, `SILENT_MS` of the report): it
 * says at least so often that it lives, with one word lost to spare.
 */
export const HEARTBEAT_MS = 4 * MINUTE_MS;
/** How far back the gate looks at least: far enough that a delayed metric and a lost tick leave no gap. */
export const GATE_MS = 20 * MINUTE_MS;

export interface PaceInput {
  readonly now: number;
  /** Time of the last full read, known or not. Absent: none yet. */
  readonly lastFullRead?: number;
  readonly gate: {
    /** A gate that has never shown data is no gate: perhaps its metric does not exist (trap 37). */
    readonly everShowedData: boolean;
    /** When it last showed data; the gate of this tick included. */
    readonly lastActivityAt?: number;
    /** The gate of this tick could not be read. */
    readonly failed: boolean;
  };
  /** Of the last full read. */
  readonly assessment?: Assessment;
  readonly limit: NanoUsd;
  readonly thresholds: readonly Threshold[];
  readonly stopAtPercent: number;
  readonly dailyLimit: NanoUsd;
  readonly hourlyBrake: NanoUsd;
  /** The rate of the overshoot estimate. */
  readonly worstCaseRatePerMinute: NanoUsd | 'unknown';
  readonly metricDelayMinutes: number;
  /** Burn of the read before the last one. */
  readonly burnPrevious?: NanoUsd;
  /** This look, or the last read, is one between two ticks, see {@link looksAgain}. */
  readonly again?: boolean;
  /** Absent: what the calls of which no read has seen the tokens may have cost is not known. */
  readonly calls?: CallBound;
}

/** The most that can have been used and not been seen yet: nothing costs that is no call. */
export interface CallBound extends UnseenCalls {
  readonly mostACall: NanoUsd;
  /** Of the figures that lines are compared with, 1 to 1.5. */
  readonly calibration: number;
  /** From the use of a token to a deny that holds, which a stop looks ahead. */
  readonly delayMinutes: number;
  /** A person's, while it is in force: its limit is a line, and what counts for the day and the hour is counted from its start. */
  readonly override?: { readonly limit?: NanoUsd };
  /** Everybody is denied: whoever calls has got past it. */
  readonly stopped?: boolean;
}

type Lines = Pick<PaceInput, 'limit' | 'thresholds' | 'stopAtPercent' | 'dailyLimit' | 'hourlyBrake'>;

export interface Pace {
  readonly read: boolean;
  readonly reason: { readonly kind: PaceReason; readonly text: string };
}

export type PaceReason =
  | 'first'
  | 'clock'
  | 'month'
  | 'unknown'
  | 'tooSoon'
  | 'worstCase'
  | 'calls'
  | 'near'
  | 'doubled'
  | 'active'
  | 'noGate'
  | 'idle'
  | 'wait';

/** Whether this tick reads the whole month. What could not be told counts as activity, never as idleness. */
export function pace(input: PaceInput): Pace {
  const { now, lastFullRead, assessment, gate } = input;
  if (lastFullRead === undefined || assessment === undefined) return yes('first', 'nothing has been read yet');
  if (now < lastFullRead) return yes('clock', 'the clock is behind the last read');
  if (utcMonth(now) !== utcMonth(lastFullRead)) return yes('month', 'a new month has begun');
  const age = now - lastFullRead + JITTER_MS;
  if (age < (input.again === true ? LOOK_AGAIN_MS : MINUTE_MS)) return no('tooSoon', 'read within the last minute');
  if (assessment.kind === 'unknown') return yes('unknown', 'the last read was unknown');
  const noGate = !gate.everShowedData;
  if (input.calls !== undefined && !noGate && !gate.failed) return paceByCalls(input, input.calls, assessment, age);
  const idle = !noGate && !gate.failed && !stillActive(gate.lastActivityAt, now);
  if (!idle) {
    const distance = distanceToNextLine(input, assessment);
    const { burnPerMinute } = assessment;
    // The last read saw tokens only up to the metric delay before it.
    const minutes = (now - lastFullRead) / MINUTE_MS + input.metricDelayMinutes;
    if (burnsOver(input, minutes, distance)) return yes('worstCase', worstCaseText(input.worstCaseRatePerMinute));
    if (isNear(input, assessment)) return yes('near', 'a line is near');
    if (input.burnPrevious !== undefined && burnPerMinute > 0 && burnPerMinute >= 2 * input.burnPrevious) {
      return yes('doubled', 'the burn has doubled');
    }
    if (age >= ACTIVE_MINUTES * MINUTE_MS) {
      return noGate
        ? yes('noGate', 'the gate has never shown data: read every 5 minutes')
        : yes('active', 'activity: read every 5 minutes');
    }
    return no('wait', 'read within the last 5 minutes');
  }
  return age >= IDLE_MINUTES * MINUTE_MS
    ? yes('idle', 'no activity: read every 15 minutes')
    : no('wait', 'no activity');
}

/**
 * Whether a tick that has read looks a second time before the next one: where calls go on, and the rate that they are told at
 * reaches a line within minutes, or has doubled and reaches one soon.
 * @param input what this tick has read, and the burn of the read before
 */
export function looksAgain(
  input: Omit<PaceInput, 'lastFullRead' | 'calls' | 'again' | 'worstCaseRatePerMinute'>,
): boolean {
  const { assessment, gate, now, burnPrevious, metricDelayMinutes } = input;
  if (assessment?.kind !== 'known' || assessment.burnPerMinute === 0) return false;
  const { burnPerMinute } = assessment;
  const goesOn =
    now - (GOES_ON_MINUTES + metricDelayMinutes) * MINUTE_MS <= (gate.lastActivityAt ?? Number.NEGATIVE_INFINITY);
  if (!goesOn) return false;
  const nearest = distanceToNextLine(input, assessment);
  if (nearest === MOST) return false;
  const reaches = (minutes: number) => timesUpTo(burnPerMinute, minutes) >= nearest;
  const doubled = burnPrevious !== undefined && burnPerMinute >= 2 * burnPrevious;
  return reaches(NEAR_MINUTES) || (doubled && reaches(SOON_MINUTES));
}

/** As often as the calls ask for that no read has seen: they may cost less than the most, and never more. */
function paceByCalls(input: PaceInput, bound: CallBound, assessment: KnownAssessment, age: number): Pace {
  const { now, lastFullRead = now, gate } = input;
  if (bound.calls === 0) {
    const proven = now - (gate.lastActivityAt ?? Number.NEGATIVE_INFINITY) < PROVEN_MS;
    const minutes = proven ? QUIET_MINUTES : IDLE_MINUTES;
    return age >= minutes * MINUTE_MS ? yes('idle', `no call: read every ${minutes} minutes`) : no('wait', 'no call');
  }
  const distance = calibratedDistance(input, bound, assessment);
  const minutes = (now - lastFullRead) / MINUTE_MS + input.metricDelayMinutes;
  const atMost = timesUpTo(bound.mostACall, bound.calls * bound.calibration);
  if (atMost >= distance && burnsOver(input, minutes, distance)) {
    return yes('calls', 'the calls since the last read could have crossed a line');
  }
  if (age >= ACTIVE_MINUTES * MINUTE_MS && isNear(input, assessment)) return yes('near', 'a line is near');
  const waited = now - Math.max(lastFullRead, (bound.since ?? lastFullRead) + MINUTE_MS);
  const waits = bound.stopped === true ? ACTIVE_MINUTES : BOUNDED_MINUTES;
  return waited >= waits * MINUTE_MS
    ? yes('active', `activity: read every ${waits} minutes`)
    : no('wait', 'the calls since the last read cannot have crossed a line');
}

/** With an unknown rate any line could be crossed; with no line left nothing can. */
function burnsOver({ worstCaseRatePerMinute }: PaceInput, minutes: number, distance: NanoUsd): boolean {
  if (distance === MOST) return false;
  return worstCaseRatePerMinute === 'unknown' || timesUpTo(worstCaseRatePerMinute, minutes) >= distance;
}

function worstCaseText(rate: NanoUsd | 'unknown'): string {
  return rate === 'unknown'
    ? 'the worst case is unknown, so a line could be crossed'
    : 'at the worst case a line could be crossed';
}

/** To the nearest line that is not reached yet: of the month, of the day, or of the hour. {@link MOST} when none is left. */
function distanceToNextLine(input: Lines, known: KnownAssessment): NanoUsd {
  let nearest = least(distance(input.dailyLimit, known.today), distance(input.hourlyBrake, known.lastHour));
  for (const line of monthLines(input)) nearest = least(nearest, distance(line, known.monthToDate));
  return nearest;
}

function isNear(input: Lines, known: KnownAssessment): boolean {
  const nearest = distanceToNextLine(input, known);
  return (
    nearest <= timesUpTo(input.limit, NEAR_PERCENT / 100) || timesUpTo(known.burnPerMinute, NEAR_MINUTES) >= nearest
  );
}

/**
 * To the nearest line that what was not seen could reach: lines are compared with the raw and with the calibrated figure, a stop
 * looks ahead by the rate, and a new day has all of its limit before it.
 */
function calibratedDistance(input: PaceInput, bound: CallBound, known: KnownAssessment): NanoUsd {
  const { calibration, override } = bound;
  const isToday = known.day === utcDay(input.now);
  let nearest: NanoUsd = MOST;
  for (const times of calibration === 1 ? [1] : [1, calibration]) {
    const of = (amount: NanoUsd) => timesUpTo(amount, times);
    const [spent, today, lastHour] = [of(known.monthToDate), isToday ? of(known.today) : ZERO, of(known.lastHour)];
    for (const line of monthLines(input)) nearest = least(nearest, distance(line, spent));
    for (const [line, amount] of [
      [input.dailyLimit, today],
      [input.hourlyBrake, lastHour],
    ] as const) {
      // What an override has let pass counts from its start: how far it is from there is not known here.
      nearest = least(nearest, override !== undefined && amount >= line ? ZERO : distance(line, amount));
    }
    const limit = override?.limit ?? input.limit;
    nearest = least(nearest, distance(limit, spent));
    const ahead = addUpTo(spent, timesUpTo(of(known.burnPerMinute), bound.delayMinutes));
    // All that was not seen may have been used in the shortest time that the rate is told from.
    nearest = least(nearest, timesUpTo(distance(limit, ahead), BURN_MINUTES / (BURN_MINUTES + bound.delayMinutes)));
  }
  return nearest;
}

function distance(line: NanoUsd, spent: NanoUsd): NanoUsd {
  return line > spent ? since(line, spent) : MOST;
}

function least(a: NanoUsd, b: NanoUsd): NanoUsd {
  return a < b ? a : b;
}

/** Asked each minute, by a replay half a million times, and always the same. */
const ofThresholds = new WeakMap<
  readonly Threshold[],
  { readonly limit: NanoUsd; readonly stopAtPercent: number; readonly lines: readonly NanoUsd[] }
>();

function monthLines({ thresholds, limit, stopAtPercent }: Lines): readonly NanoUsd[] {
  const found = ofThresholds.get(thresholds);
  if (found?.limit === limit && found.stopAtPercent === stopAtPercent) return found.lines;
  const actual = thresholds.filter(({ basis }) => basis === 'actual').map((one) => thresholdAmount(one, limit));
  const lines = [...actual, percentOf(limit, stopAtPercent), limit];
  ofThresholds.set(thresholds, { limit, stopAtPercent, lines });
  return lines;
}

function stillActive(lastActivityAt: number | undefined, now: number): boolean {
  return lastActivityAt !== undefined && now - lastActivityAt < STILL_ACTIVE_MS;
}

function yes(kind: PaceReason, text: string): Pace {
  return { read: true, reason: { kind, text } };
}

function no(kind: PaceReason, text: string): Pace {
  return { read: false, reason: { kind, text } };
}
