import { DAY_MS, dayStart, HOUR_MS, MINUTE_MS, monthStart, utcDay, utcMonth } from '../calendar';
import { asPercent, MOST, nanoUsd, percentOf, usd, ZERO, type NanoUsd } from '../money';
import type { PicoUsd } from '../prices';
import {
  aboveEarlier,
  breakEven,
  dominates,
  lostOf,
  nanoOf,
  pricesOf,
  ratioText,
  spendOf,
  type CachePrices,
} from './cache-amounts';
import { badlySince, hasTurned, likelyCause, type HourOfCache } from './cache-cause';
import type { CacheBurn, CacheUnknown, CacheUse } from './cache-types';
import { classOf, cost, isCounted, modelOf, type CountedClass } from './pricing';
import { BEDROCK, type HourlyTokens } from './series';
import type { TokenComponent, TokenCounts, UsageResolution } from './types';

/** A night's worth: long enough for an amount to matter, short enough that it is told before the morning. */
export const LATELY_HOURS = 6;
/** What has turned within them is told by its own hours; a single one may be the cold start of many caches. */
const FEWEST_HOURS = 2;
/** An hour counts as whole once so long over: a series that is new may be a quarter of an hour late (trap 46). */
const SETTLES_MS = 15 * MINUTE_MS;
/** Of the limit, in the month so far: what a person who reads a report would change a prompt for. */
export const REPORT_PERCENT = 1;
/** Of the limit, within {@link LATELY_HOURS}: at this pace more than half of the limit in a month. */
export const ALERT_PERCENT = 0.5;
/** Below it nobody is told, however small the limit. */
export const LEAST_LOST: NanoUsd = usd(1);
/** A ratio that has fallen to this part of the earlier one is another pattern, and no busy or quiet hour of the same. */
const FALLEN_TO = 4;
/** They go into the state and the mail. */
const MOST_NAMED = 5;

/** What a report names: caches that lose. */
export function burnsOf({ burns }: CacheUse, limit: NanoUsd): readonly CacheBurn[] {
  const line = lineOf(limit, REPORT_PERCENT);
  return burns.filter(({ lost }) => lost >= line);
}

/** And those that still save, or lose little, and cost far more than by the earlier ratio. */
export function missesOf({ burns }: CacheUse, limit: NanoUsd): readonly CacheBurn[] {
  const line = lineOf(limit, REPORT_PERCENT);
  return burns.filter((burn) => burn.lost < line && amountOf(burn) >= line);
}

/** What somebody is told in the night. */
export function burnsToTell({ lately }: CacheUse, limit: NanoUsd): readonly CacheBurn[] {
  const line = lineOf(limit, ALERT_PERCENT);
  return lately.filter((burn) => amountOf(burn) >= line);
}

/** Which caches a report says it cannot judge. */
export function unjudged({ unknown }: CacheUse, limit: NanoUsd): readonly CacheUnknown[] {
  const line = lineOf(limit, REPORT_PERCENT);
  return unknown.filter(({ writes }) => writes >= line);
}

function lineOf(limit: NanoUsd, percent: number): NanoUsd {
  return nanoUsd(Math.max(percentOf(limit, percent), LEAST_LOST));
}

/**
 * The prompt caches of a month that are written to and not read enough. Of tokens as charged: those of the dear tiers count twice in
 * every component, so that amounts are what is paid and a ratio of one tier stays what it is. Mantle shows no cache tokens.
 * @param usage of the month of `now`, by the hour
 * @returns undefined where there is nothing to say
 */
export function cacheUse(
  usage: readonly HourlyTokens[],
  resolution: UsageResolution,
  now: number,
): CacheUse | undefined {
  const burns: CacheBurn[] = [];
  const lately: CacheBurn[] = [];
  const unknown: CacheUnknown[] = [];
  for (const one of cachesIn(usage, resolution)) {
    const found = judged(one, now);
    if (found.unknown) unknown.push(found.unknown);
    if (found.reported) burns.push(found.reported);
    if (found.lately) lately.push(found.lately);
  }
  if (burns.length + lately.length + unknown.length === 0) return undefined;
  return {
    burns: dearest(burns, amountOf),
    lately: dearest(lately, amountOf),
    unknown: dearest(unknown, ({ writes }) => writes),
  };
}

/** One model's series in one Region, whose cache is written to. */
interface Cache {
  readonly metricId: string;
  readonly region: string;
  readonly counted: CountedClass;
  readonly series: readonly HourlyTokens[];
}

function cachesIn(usage: readonly HourlyTokens[], resolution: UsageResolution): readonly Cache[] {
  const caches = new Map<string, Cache & { readonly series: HourlyTokens[] }>();
  for (const one of usage) {
    if (one.namespace !== BEDROCK || one.component !== 'cacheWrite') continue;
    if (!one.hours.some(({ value }) => value > 0)) continue;
    const counted = classOf(one, resolution);
    if (!isCounted(counted)) continue;
    const { metricId, region } = one;
    caches.set(`${region} ${metricId}`, { metricId, region, counted, series: [] });
  }
  if (caches.size === 0) return [];
  for (const one of usage) {
    if (one.namespace === BEDROCK) caches.get(`${one.region} ${one.metricId}`)?.series.push(one);
  }
  return [...caches.values()];
}

function amountOf({ lost, aboveBefore = ZERO }: CacheBurn): NanoUsd {
  return aboveBefore > lost ? aboveBefore : lost;
}

interface Judged {
  readonly unknown?: CacheUnknown | undefined;
  readonly reported?: CacheBurn | undefined;
  readonly lately?: CacheBurn | undefined;
}

function judged(cache: Cache, now: number): Judged {
  const start = monthStart(utcMonth(now));
  const prices = pricesOf(cache.counted);
  if ('why' in prices) return { unknown: withoutPrices(cache, tokensOf(cache, start, now), prices.why) };
  const to = Math.floor((now - SETTLES_MS) / HOUR_MS) * HOUR_MS;
  const since = turnOf(cache, prices, start, to);
  const window = (from: number, until: number) => burnIn(cache, prices, { start, since }, Math.max(from, start), until);
  const yesterday = dayStart(utcDay(now - DAY_MS));
  const reported = window(start, now) ?? window(since < to ? Math.max(since, yesterday) : yesterday, now);
  const all = window(to - LATELY_HOURS * HOUR_MS, to);
  return {
    reported,
    unknown: reported === undefined ? byLife(cache, tokensOf(cache, start, now), prices) : undefined,
    lately:
      since <= to - FEWEST_HOURS * HOUR_MS
        ? // Good hours before do not hide the bad ones.
          window(Math.max(since, to - LATELY_HOURS * HOUR_MS), to)
        : all !== undefined && all.lost > 0
          ? all
          : undefined,
  };
}

/** Since when the cache is read badly without a break; `to`: it is not. */
function turnOf(cache: Cache, { price, read, cheapWrite }: CachePrices, start: number, to: number): number {
  const earlier = tokensOf(cache, start, to - LATELY_HOURS * HOUR_MS);
  const ratio = earlier.cacheWrite === 0 ? 0 : earlier.cacheRead / earlier.cacheWrite;
  return badlySince(hoursOf(cache), to, Math.max(breakEven(price.input, read, cheapWrite), ratio / 2)) ?? to;
}

function withoutPrices(cache: Cache, month: TokenCounts, why: string): CacheUnknown {
  const { counted } = cache;
  // Of what has no price at all nobody can say that it is little.
  if (counted.kind === 'unattributed') return { ...namesOf(cache), writes: MOST, why };
  const { input, cacheWrite } = counted.kind === 'ours' ? counted.model.price : counted.price;
  const writes = cost(month.cacheWrite, cacheWrite === 'unsupported' ? input : cacheWrite);
  return { ...namesOf(cache), writes, why };
}

/** Where the ratio lies between the two break-evens: it pays if writes live 5 minutes, and not if they live an hour. */
function byLife(cache: Cache, month: TokenCounts, prices: CachePrices): CacheUnknown | undefined {
  const { price, read, write, cheapWrite } = prices;
  if (lostOf(month, prices, write) <= 0 || lostOf(month, prices, cheapWrite) > 0) return undefined;
  if (!dominates(month, prices)) return undefined;
  const from = (of: PicoUsd) => `(from ${ratioText(breakEven(price.input, read, of))} on)`;
  const ratio = ratioText(month.cacheRead / month.cacheWrite);
  const why = `${ratio} reads a write pay where writes live 5 minutes ${from(cheapWrite)} and not where they live an hour ${from(write)}, and CloudWatch does not tell which they do`;
  return { ...namesOf(cache), writes: cost(month.cacheWrite, write), why };
}

function namesOf({ metricId, region, counted }: Cache) {
  return { metricId, region, modelId: modelOf(counted, metricId) };
}

/** What one stretch of time shows; undefined where its cache pays, or its writes do not explain what the model costs. */
function burnIn(
  cache: Cache,
  prices: CachePrices,
  { start, since }: { readonly start: number; readonly since: number },
  from: number,
  to: number,
): CacheBurn | undefined {
  const tokens = tokensOf(cache, from, to);
  if (tokens.cacheWrite === 0 || !dominates(tokens, prices)) return undefined;
  const { price, read, write, cheapWrite } = prices;
  const least = lostOf(tokens, prices, cheapWrite);
  const readsPerWrite = tokens.cacheRead / tokens.cacheWrite;
  const earlier = tokensOf(cache, start, Math.min(from, since));
  const turned = hasTurned(earlier, tokens, breakEven(price.input, read, write), FALLEN_TO);
  const aboveBefore = turned ? aboveEarlier(earlier, tokens, prices) : ZERO;
  // Only what holds at the cheapest price that a write can have had.
  if (least <= 0 && aboveBefore <= 0) return undefined;
  const spend = spendOf(tokens, prices);
  const lost = least > 0 ? nanoOf(lostOf(tokens, prices, write)) : ZERO;
  const even = breakEven(price.input, read, cheapWrite);
  const before = turned ? earlier.cacheRead / earlier.cacheWrite : undefined;
  return {
    ...namesOf(cache),
    tokens,
    readsPerWrite,
    breakEven: even,
    lost,
    writesPercent: asPercent(cost(tokens.cacheWrite, write), spend),
    likelyCause: likelyCause({ hours: hoursOf(cache), from, to, tokens, breakEven: even, before }),
    from,
    to,
    ...(least > 0 && cheapWrite < write && { lostAtLeast: nanoOf(least) }),
    spend,
    ...(before !== undefined && { before, aboveBefore }),
  };
}

function tokensOf({ series }: Cache, from: number, to: number): TokenCounts {
  const tokens = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };
  for (const { component, hours } of series) {
    for (const { at, value } of hours) if (at >= from && at < to) tokens[component] += value;
  }
  for (const component of Object.keys(tokens) as TokenComponent[]) {
    // The table takes no larger number.
    tokens[component] = Math.min(tokens[component], Number.MAX_SAFE_INTEGER);
  }
  return tokens;
}

function hoursOf({ series }: Cache): ReadonlyMap<number, HourOfCache> {
  const hours = new Map<number, { reads: number; writes: number }>();
  for (const { component, hours: points } of series) {
    if (component !== 'cacheRead' && component !== 'cacheWrite') continue;
    for (const { at, value } of points) {
      const start = Math.floor(at / HOUR_MS) * HOUR_MS;
      const hour = hours.get(start) ?? { reads: 0, writes: 0 };
      hours.set(start, hour);
      hour[component === 'cacheRead' ? 'reads' : 'writes'] += value;
    }
  }
  return hours;
}

function dearest<One extends { readonly metricId: string; readonly region: string }>(
  all: readonly One[],
  amountOf: (one: One) => number,
): readonly One[] {
  const name = ({ region, metricId }: One) => `${region} ${metricId}`;
  return all
    .toSorted((a, b) => amountOf(b) - amountOf(a) || Number(name(a) > name(b)) - Number(name(a) < name(b)))
    .slice(0, MOST_NAMED);
}
