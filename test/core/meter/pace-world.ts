import { HOUR_MS, MINUTE_MS, utcDay, utcMonth } from '../../../core/calendar';
import { settledCalls, unseenCalls, type SettledCalls } from '../../../core/meter/calls';
import { pace, type PaceInput } from '../../../core/meter/pacing';
import { burn, lastHour, lookBack, nextRing, untilFirstCall } from '../../../core/meter/rates';
import type { KnownAssessment, RingEntry } from '../../../core/meter/types';
import { nanoUsd, percentOf, usd, type NanoUsd } from '../../../core/money';
import { configuredLines, triggers } from '../../../core/stop-lines/triggers';
import { LIMIT, THRESHOLDS } from '../../helpers/meter-world';

/** A call as CloudWatch shows it: its count, and its tokens once it is complete. All in ms. */
export interface Call {
  /** The minute that it is counted for. */
  readonly countedFor: number;
  readonly countShows: number;
  readonly used: number;
  readonly tokensShow: number;
  readonly cost: NanoUsd;
}

export const TIMING = { metricDelayMinutes: 2, longestGenerationMinutes: 10 };
export const DELAY_MINUTES = 4;
const LINES = { limit: LIMIT, thresholds: THRESHOLDS, stopAtPercent: 95, dailyLimit: usd(40), hourlyBrake: usd(20) };

export interface Ticked {
  readonly read: boolean;
  readonly known: KnownAssessment;
}

/** A meter over such calls, by the product's own arithmetic, which reads by its pace or at each tick. */
export class PacedMeter {
  reads = 0;
  private ring: readonly RingEntry[] = [];
  private last: { readonly at: number; readonly known: KnownAssessment; readonly settled: SettledCalls } | undefined;
  private burnPrevious: NanoUsd | undefined;
  private lastActivityAt: number | undefined;

  constructor(
    private readonly calls: readonly Call[],
    private readonly how: 'paced' | 'each minute',
    private readonly mostACall: NanoUsd,
  ) {}

  tick(now: number): Ticked {
    const shown = this.shown(now);
    this.lastActivityAt = shown.at(-1)?.at ?? this.lastActivityAt;
    if (this.last !== undefined && !this.isTime(now, shown)) return { read: false, known: this.last.known };
    this.reads++;
    if (this.last !== undefined && this.how === 'paced') {
      const { since } = unseenCalls(shown, this.last.settled);
      const { at, known } = this.last;
      this.ring = untilFirstCall({ at, monthToDate: known.monthToDate, ring: this.ring }, since).ring;
    }
    const known = this.read(now);
    this.burnPrevious = this.last?.known.burnPerMinute;
    this.last = { at: now, known, settled: settledCalls(shown, now, TIMING) };
    return { read: true, known };
  }

  private isTime(now: number, shown: ReturnType<PacedMeter['shown']>): boolean {
    const { last } = this;
    if (this.how === 'each minute' || last === undefined) return true;
    const input: PaceInput = {
      now,
      ...LINES,
      lastFullRead: last.at,
      assessment: last.known,
      gate: {
        everShowedData: this.lastActivityAt !== undefined,
        failed: false,
        ...(this.lastActivityAt !== undefined && { lastActivityAt: this.lastActivityAt }),
      },
      worstCaseRatePerMinute: 'unknown',
      metricDelayMinutes: TIMING.metricDelayMinutes,
      ...(this.burnPrevious !== undefined && { burnPrevious: this.burnPrevious }),
      calls: {
        ...unseenCalls(shown, last.settled),
        mostACall: this.mostACall,
        calibration: 1,
        delayMinutes: DELAY_MINUTES,
      },
    };
    return pace(input).read;
  }

  private shown(now: number) {
    const minutes = new Map<number, number>();
    for (const { countedFor, countShows } of this.calls) {
      if (countShows <= now) minutes.set(countedFor, (minutes.get(countedFor) ?? 0) + 1);
    }
    return [...minutes].map(([at, calls]) => ({ at, calls })).sort((a, b) => a.at - b.at);
  }

  private read(now: number): KnownAssessment {
    const seen = this.calls.filter(({ tokensShow }) => tokensShow <= now);
    const sum = (of: readonly Call[]) => nanoUsd(of.reduce((all, { cost }) => all + cost, 0));
    const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
    const within = (from: number) => sum(seen.filter(({ used }) => used >= from && used < from + HOUR_MS));
    const buckets = { thisHour: within(hour), previousHour: within(hour - HOUR_MS) };
    const monthToDate = sum(seen);
    const earlier = lookBack(this.ring, now);
    this.ring = nextRing(this.ring, now, monthToDate);
    return {
      kind: 'known',
      asOf: now,
      month: utcMonth(now),
      monthToDate,
      day: utcDay(now),
      today: monthToDate,
      lastHour: lastHour(monthToDate, buckets, earlier),
      burnPerMinute: burn(monthToDate, buckets, earlier, now),
      lowerBound: false,
      ...{ byModel: [], unattributed: [], foreign: [], unguarded: [], findings: [] },
      memory: { month: utcMonth(now), at: now, monthToDate, day: utcDay(now), today: monthToDate, ring: [] },
    };
  }
}

/** Every line that the figures have reached: to mail, to degrade and to stop. */
export function reached({ monthToDate, today, lastHour: hour, burnPerMinute }: KnownAssessment): readonly string[] {
  const mails = THRESHOLDS.filter(
    ({ basis, atPercent }) => basis === 'actual' && monthToDate >= percentOf(LIMIT, atPercent),
  );
  const figures = { monthToDate, today, lastHour: hour, burnPerMinute, calibration: 1, delayMinutes: DELAY_MINUTES };
  return [
    ...mails.map(({ atPercent }) => `at ${atPercent}%`),
    ...triggers(figures, configuredLines(LINES)).map(({ cause }) => cause),
  ];
}

/** When each line was reached first, by a meter's own reads. */
export function reachedAt(meter: PacedMeter, from: number, minutes: number): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (let minute = 0; minute < minutes; minute++) {
    const { known } = meter.tick(from + minute * MINUTE_MS);
    for (const line of reached(known)) if (!found.has(line)) found.set(line, minute);
  }
  return found;
}
