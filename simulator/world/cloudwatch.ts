import type { ResolvedModel } from '../../config';
import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import {
  type CanaryRecord,
  BEDROCK,
  LATELY_HOURS,
  type MinuteCalls,
  seriesName,
  type Point,
  type Series,
  type SeriesId,
  type SeriesAnswer,
  type UsageMetricsPort,
} from '../../core/meter';
import { ServiceError } from '../../core/errors';
import type { TokenUsage } from '../../core/prices';
import { FORGOTTEN_AFTER_MS, type ListingDelay } from '../listing';
import type { CloudWatchState } from '../scenarios/scenario';
import type { Shown } from './activity-alarm';
import { profileOf } from './calls';
import type { Place } from './place';

export interface CloudWatchSettings {
  /** Everybody in the account and Region. */
  readonly places: readonly Place[];
  readonly region: string;
  readonly now: () => number;
  readonly delayMinutes: number;
  /** From when a series' first point shows. */
  readonly listingDelay: ListingDelay;
  readonly state: (atMs: number) => CloudWatchState;
}

const METRICS: readonly (readonly [string, keyof TokenUsage])[] = [
  ['InputTokenCount', 'input'],
  ['OutputTokenCount', 'output'],
  ['CacheReadInputTokens', 'cacheRead'],
  ['CacheWriteInputTokens', 'cacheWrite'],
];

/** What one series is made from. */
interface Source {
  readonly id: SeriesId;
  readonly place: Place;
  readonly model: ResolvedModel | 'canary';
  readonly component: keyof TokenUsage;
  /** From the first point to the listing. */
  readonly listedAfterMs: number;
  /** Points of hours that cannot change any more; the next one is of `next`. */
  readonly points: Point[];
  next: number;
}

/**
 * The token metrics of one account and Region, some minutes late, and listed later still where they are new (trap 46). All
 * environments of the account are in one namespace.
 */
export class SimulatedCloudWatch implements UsageMetricsPort {
  private readonly sources = new Map<string, Source>();
  private readonly shown = new Set<string>();
  private asked = new WeakMap<readonly SeriesId[], readonly (Source | Series)[]>();
  private fromMs = 0;

  constructor(private readonly settings: CloudWatchSettings) {}

  async list(): Promise<readonly SeriesId[]> {
    this.refuse();
    if (this.sources.size === 0) this.findSources();
    const listed: SeriesId[] = [];
    for (const source of this.sources.values()) if (this.isListed(source)) listed.push(source.id);
    return listed;
  }

  async hourly(_region: string, series: readonly SeriesId[], from: number, to: number): Promise<SeriesAnswer> {
    this.refuse();
    if (this.settings.state(this.settings.now()) === 'partial') {
      return { kind: 'incomplete', why: 'CloudWatch answers PartialData' };
    }
    if (this.sources.size === 0) this.findSources();
    if (from !== this.fromMs) this.startAt(from);
    // By whole minutes: one that has not ended is not there yet.
    const seenMs = Math.floor(this.settings.now() / MINUTE_MS - this.settings.delayMinutes) * MINUTE_MS;
    const last = Math.min(to, seenMs + 1);
    return { kind: 'complete', series: this.sourcesOf(series).map((source) => this.read(source, last, seenMs)) };
  }

  private isListed({ place, model, component, listedAfterMs }: Source): boolean {
    const { now, delayMinutes } = this.settings;
    const used = model === 'canary' ? canaryStretch(place.meter.canaryRecords) : place.usage.stretchOf(model);
    if (used === undefined || (model !== 'canary' && model.price[component] === 'unsupported')) return false;
    const shownMs = used.sinceMs + delayMinutes * MINUTE_MS;
    return now() >= shownMs + listedAfterMs && now() - used.lastMs <= FORGOTTEN_AFTER_MS;
  }

  /** A minute's calls show when its tokens do, the canary's among them. */
  async activity(_region: string, from: number): Promise<readonly MinuteCalls[]> {
    this.refuse();
    const { now, delayMinutes, places } = this.settings;
    const end = Math.floor(now() / MINUTE_MS - delayMinutes) * MINUTE_MS;
    const canaries = places.flatMap(({ meter }) => calledSince(meter.canaryRecords, from));
    const found: MinuteCalls[] = [];
    // Asked each minute, of twenty minutes or more.
    const [first, step] = [Math.ceil(from / MINUTE_MS) * MINUTE_MS, MINUTE_MS];
    for (let at = first; at < end; at += step) {
      let calls = 0;
      for (const { usage } of places) calls += usage.callsAt(at);
      if (canaries.length > 0) for (const canary of canaries) if (canary === at) calls++;
      if (calls > 0) found.push({ at, calls });
    }
    return found;
  }

  /** Which minutes show, for whoever judges each in turn; undefined while CloudWatch is in trouble. */
  callsShown(fromMs: number): Shown | undefined {
    const how = this.played();
    if (how === 'down' || how === 'throttled') return undefined;
    const { now, delayMinutes, places } = this.settings;
    const newestMs = Math.floor(now() / MINUTE_MS - delayMinutes - 1) * MINUTE_MS;
    const from = Math.ceil(fromMs / MINUTE_MS) * MINUTE_MS;
    let lastCallMs = Number.NEGATIVE_INFINITY;
    for (const { usage, meter } of places) {
      for (let at = newestMs; at >= from && at > lastCallMs; at -= MINUTE_MS) {
        if (usage.callsAt(at) > 0) lastCallMs = at;
      }
      for (const at of calledSince(meter.canaryRecords, from)) {
        if (at <= newestMs && at > lastCallMs) lastCallMs = at;
      }
    }
    return lastCallMs > Number.NEGATIVE_INFINITY ? { newestMs, lastCallMs } : { newestMs };
  }

  private played(): CloudWatchState {
    const { state, now, places } = this.settings;
    for (const { usage } of places) usage.advanceTo(now());
    return state(now());
  }

  private refuse(): void {
    const how = this.played();
    if (how === 'throttled') throw new ServiceError('throttled', 'ThrottlingException', 'Rate exceeded', 400);
    if (how === 'down') throw new ServiceError('unavailable', 'InternalServiceFault', 'the service is down', 500);
  }

  private findSources(): void {
    for (const place of this.settings.places) {
      for (const model of place.config.models) {
        const profile = profileOf(place.stack, model);
        const called = model.route.via === 'crossRegion' ? model.route.profileId : model.route.modelId;
        this.addSources(place, model, profile ? lastPart(profile.arn) : called);
      }
    }
  }

  private addSources(place: Place, model: ResolvedModel | 'canary', modelId: string): void {
    for (const [metric, component] of METRICS) {
      const id = { namespace: BEDROCK, region: this.settings.region, metric, dimensions: { ModelId: modelId } };
      const name = seriesName(id);
      const listedAfterMs = this.settings.listingDelay(name);
      this.sources.set(name, { id, place, model, component, listedAfterMs, points: [], next: this.fromMs });
    }
    // The canary's profile is known from its first call on.
    this.asked = new WeakMap();
  }

  /** The same are asked for in read after read. @returns in order, and what has no source as a series without points */
  private sourcesOf(series: readonly SeriesId[]): readonly (Source | Series)[] {
    const known = this.asked.get(series);
    if (known !== undefined) return known;
    const found = series.map((id) => this.sources.get(seriesName(id)) ?? { id, points: NONE });
    this.asked.set(series, found);
    return found;
  }

  private startAt(from: number): void {
    this.fromMs = from;
    for (const source of this.sources.values()) {
      source.points.length = 0;
      source.next = from;
    }
  }

  private read(source: Source | Series, to: number, seenMs: number): Series {
    if (!('next' in source)) return source;
    const { id } = source;
    // An hour is closed once all of it has shown; the one that runs is made anew.
    for (; source.next + HOUR_MS <= seenMs; source.next += HOUR_MS) {
      const value = this.tokens(source, source.next, source.next + HOUR_MS);
      if (value > 0) addClosed(source.points, source.next, value);
    }
    const open: Point[] = [];
    for (let at = source.next; at < to; at += HOUR_MS) {
      const value = this.tokens(source, at, seenMs);
      if (value > 0) open.push({ at, value });
    }
    return { id, points: open.length === 0 ? source.points : [...source.points, ...open] };
  }

  private tokens({ place, model, component }: Source, hourMs: number, seenMs: number): number {
    if (model === 'canary') return canaryTokens(place.meter.canaryRecords, component, hourMs, seenMs);
    return place.usage.tokensSeen(model, hourMs, seenMs)[component];
  }

  /** Makes the canary's series known, as its first call does. */
  showCanary(place: Place, profileArn: string): void {
    if (this.sources.size === 0) this.findSources();
    if (this.shown.has(profileArn)) return;
    this.shown.add(profileArn);
    this.addSources(place, 'canary', lastPart(profileArn));
  }
}

const NONE: readonly Point[] = [];

/** Longer than the meter looks back by the hour: for prompt caches, which is longer than for the canary. */
const HOURS_KEPT = LATELY_HOURS + 2;

/** What is older needs no hours, only its day: a month of hours would make every read dear, and no figure looks into them. */
function addClosed(points: Point[], at: number, value: number): void {
  points.push({ at, value });
  const [day, hour] = [points.at(-HOURS_KEPT - 2), points.at(-HOURS_KEPT - 1)];
  if (day === undefined || hour === undefined || Math.floor(day.at / DAY_MS) !== Math.floor(hour.at / DAY_MS)) return;
  points.splice(-HOURS_KEPT - 2, 2, { at: day.at, value: day.value + hour.value });
}

const DAY_MS = 24 * HOUR_MS;

/** The minutes of the canary's calls, the latest first. */
function calledSince(records: readonly CanaryRecord[], from: number): readonly number[] {
  const minutes: number[] = [];
  for (let at = records.length - 1; at >= 0; at--) {
    const minute = Math.floor(records[at]!.atMs / MINUTE_MS) * MINUTE_MS;
    if (minute < from) break;
    minutes.push(minute);
  }
  return minutes;
}

function canaryStretch(records: readonly CanaryRecord[]) {
  const [first, last] = [records[0], records.at(-1)];
  return first && last && { sinceMs: first.atMs, lastMs: last.atMs };
}

function canaryTokens(
  records: readonly CanaryRecord[],
  component: keyof TokenUsage,
  hourMs: number,
  seenMs: number,
): number {
  let sum = 0;
  for (let at = records.length - 1; at >= 0; at--) {
    const record = records[at]!;
    if (record.atMs < hourMs) break;
    if (record.atMs >= hourMs + HOUR_MS || record.atMs >= seenMs) continue;
    if (component === 'input') sum += record.inputTokens;
    if (component === 'output') sum += record.outputTokens;
  }
  return sum;
}

function lastPart(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1);
}
