import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { componentOf, seriesName } from '../../core/meter/series';
import type { Point, SeriesId } from '../../core/meter/types';
import { ServiceError } from '../../core/ports/service-error';
import type { SeriesAnswer, UsageMetricsPort } from '../../core/ports/usage-metrics';

/** How CloudWatch fails in a Region: `incomplete` answers reads in part, the others nothing at all. */
export type UsageFailure = 'incomplete' | 'throttled' | 'down' | 'accessDenied';

interface Recorded {
  readonly id: SeriesId;
  /** By start of the minute, as CloudWatch keeps them. */
  readonly minutes: Map<number, number>;
}

/** CloudWatch's series. What is recorded is seen at once: when it becomes visible is the caller's business. */
export class FakeUsageMetrics implements UsageMetricsPort {
  /** By Region; absent: all is well. */
  readonly failures = new Map<string, UsageFailure>();
  /** CloudWatch's StatusCode of what is incomplete. */
  incompleteStatus: 'PartialData' | 'InternalError' | 'Forbidden' = 'PartialData';
  /** No longer shown by ListMetrics, by `seriesName`; still read when asked for. */
  readonly forgotten = new Set<string>();
  private readonly series = new Map<string, Recorded>();
  private readonly calls = new Map<string, Map<number, number>>();

  /** Adds to the series' minute; the first point makes it known. @param at ms since the epoch */
  record(id: SeriesId, at: number, value: number): void {
    const name = seriesName(id);
    const recorded = this.series.get(name) ?? { id, minutes: new Map<number, number>() };
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
      .filter(([name, { id }]) => id.region === region && componentOf(id) !== undefined && !this.forgotten.has(name))
      .map(([, { id }]) => id);
  }

  async hourly(region: string, series: readonly SeriesId[], from: number, to: number): Promise<SeriesAnswer> {
    this.refuse(region);
    if (series.length === 0) return { kind: 'complete', series: [] };
    if (this.failures.get(region) === 'incomplete') {
      return {
        kind: 'incomplete',
        why: `CloudWatch answers ${this.incompleteStatus} for ${series.map(seriesName)[0]}`,
      };
    }
    return { kind: 'complete', series: series.map((id) => ({ id, points: this.hours(id, region, from, to) })) };
  }

  async lastActivity(region: string, from: number, to: number): Promise<number | undefined> {
    this.refuse(region);
    if (this.failures.get(region) === 'incomplete') {
      throw new ServiceError('unavailable', 'IncompleteAnswer', `CloudWatch answers ${this.incompleteStatus}`);
    }
    const active = [...(this.calls.get(region)?.keys() ?? [])].filter((at) => at >= from && at < to);
    return active.length === 0 ? undefined : Math.max(...active);
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
