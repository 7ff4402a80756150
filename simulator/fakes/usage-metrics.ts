import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import {
  componentOf,
  seriesName,
  type MinuteCalls,
  type Point,
  type SeriesId,
  type SeriesAnswer,
  type UsageMetricsPort,
} from '../../core/meter';
import { ServiceError } from '../../core/errors';
import { FORGOTTEN_AFTER_MS, seededListingDelay, type ListingDelay } from '../listing';

/** How CloudWatch fails in a Region: `incomplete` answers reads in part, the others nothing at all. */
export type UsageFailure = 'incomplete' | 'throttled' | 'down' | 'accessDenied';

interface Recorded {
  readonly id: SeriesId;
  /** By start of the minute, as CloudWatch keeps them. */
  readonly minutes: Map<number, number>;
  /** When its first point came, ever or after two weeks without any: the listing is late from then. */
  newSince: number;
  lastPointAt: number;
}

export interface UsageMetricsOptions {
  /** @default - the machine's clock */
  readonly now?: () => number;
  /** @default - 0 to 15 minutes by series, from seed 1 */
  readonly listingDelay?: ListingDelay;
}

/**
 * CloudWatch's series. What is recorded is read at once, and listed late where it is new: when it becomes visible is the
 * caller's business, and when it is listed AWS's.
 */
export class FakeUsageMetrics implements UsageMetricsPort {
  /** In ms, by `seriesName`. */
  listingDelay: ListingDelay;
  /** How many series were asked for so far, which is what CloudWatch charges; and the most in one question. */
  asked = 0;
  mostAsked = 0;
  private readonly now: () => number;
  /** By Region; absent: all is well. */
  readonly failures = new Map<string, UsageFailure>();
  /** CloudWatch's StatusCode of what is incomplete. */
  incompleteStatus: 'PartialData' | 'InternalError' | 'Forbidden' = 'PartialData';
  private readonly series = new Map<string, Recorded>();
  private readonly calls = new Map<string, Map<number, number>>();

  constructor({ now = Date.now, listingDelay = seededListingDelay(1) }: UsageMetricsOptions = {}) {
    this.now = now;
    this.listingDelay = listingDelay;
  }

  /** Adds to the series' minute; the first point makes it known. @param at ms since the epoch */
  record(id: SeriesId, at: number, value: number): void {
    const name = seriesName(id);
    const now = this.now();
    const recorded = this.series.get(name) ?? { id, minutes: new Map(), newSince: now, lastPointAt: at };
    if (now - recorded.lastPointAt > FORGOTTEN_AFTER_MS) recorded.newSince = now;
    recorded.lastPointAt = Math.max(recorded.lastPointAt, at);
    this.series.set(name, recorded);
    addTo(recorded.minutes, minuteOf(at), value);
  }

  /** A call of any model, for the gate. */
  recordCall(region: string, at: number): void {
    const minutes = this.calls.get(region) ?? new Map<number, number>();
    this.calls.set(region, minutes);
    addTo(minutes, minuteOf(at), 1);
  }

  async list(region: string): Promise<readonly SeriesId[]> {
    this.refuse(region);
    return [...this.series]
      .filter(([, { id }]) => id.region === region && componentOf(id) !== undefined)
      .filter(([name, recorded]) => this.isListed(name, recorded))
      .map(([, { id }]) => id);
  }

  async hourly(region: string, series: readonly SeriesId[], from: number, to: number): Promise<SeriesAnswer> {
    this.refuse(region);
    this.asked += series.length;
    this.mostAsked = Math.max(this.mostAsked, series.length);
    if (series.length === 0) return { kind: 'complete', series: [] };
    if (this.failures.get(region) === 'incomplete') {
      return {
        kind: 'incomplete',
        why: `CloudWatch answers ${this.incompleteStatus} for ${series.map(seriesName)[0]}`,
      };
    }
    return { kind: 'complete', series: series.map((id) => ({ id, points: this.hours(id, region, from, to) })) };
  }

  async activity(region: string, from: number, to: number): Promise<readonly MinuteCalls[]> {
    this.refuse(region);
    if (this.failures.get(region) === 'incomplete') {
      throw new ServiceError('unavailable', 'IncompleteAnswer', `CloudWatch answers ${this.incompleteStatus}`);
    }
    const found: MinuteCalls[] = [];
    for (const [at, calls] of this.calls.get(region) ?? []) if (at >= from && at < to) found.push({ at, calls });
    return found.sort((a, b) => a.at - b.at);
  }

  private isListed(name: string, { newSince, lastPointAt }: Recorded): boolean {
    const now = this.now();
    return now >= newSince + this.listingDelay(name) && now - lastPointAt <= FORGOTTEN_AFTER_MS;
  }

  private hours(id: SeriesId, region: string, from: number, to: number): readonly Point[] {
    const sums = new Map<number, number>();
    // Another Region's CloudWatch has never heard of it.
    const minutes = id.region === region ? this.series.get(seriesName(id))?.minutes : undefined;
    for (const [at, value] of minutes ?? []) {
      const hour = Math.floor(at / HOUR_MS) * HOUR_MS;
      if (hour >= from && hour < to) addTo(sums, hour, value);
    }
    return [...sums].map(([at, value]) => ({ at, value })).sort((a, b) => a.at - b.at);
  }

  private refuse(region: string): void {
    switch (this.failures.get(region)) {
      case 'throttled':
        throw new ServiceError('throttled', 'ThrottlingException', 'Rate exceeded', 400);
      case 'down':
        throw new ServiceError('unavailable', 'InternalServiceFault', 'the service is down', 500);
      case 'accessDenied':
        throw new ServiceError('accessDenied', 'AccessDenied', 'not authorized', 403);
      case 'incomplete':
      case undefined:
        return;
    }
  }
}

function addTo(sums: Map<number, number>, at: number, value: number): void {
  sums.set(at, (sums.get(at) ?? 0) + value);
}

function minuteOf(at: number): number {
  return Math.floor(at / MINUTE_MS) * MINUTE_MS;
}
