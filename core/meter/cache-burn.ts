import { DAY_MS, dayStart, HOUR_MS, MINUTE_MS, monthStart, utcDay, utcMonth } from '../calendar';
import { addUpTo, asPercent, divideUp, MOST, nanoUsd, percentOf, usd, ZERO, type NanoUsd } from '../money';
import type { ModelPrice, PicoUsd } from '../prices';
import { hasTurned, likelyCause, type HourOfCache } from './cache-cause';
import type { CacheBurn, CacheUnknown, CacheUse } from './cache-types';
import { classOf, cost, isCounted, modelOf, type CountedClass } from './pricing';
import { BEDROCK, type HourlyTokens } from './series';
import type { TokenComponent, TokenCounts, UsageResolution } from './types';

/** A night's worth: long enough for an amount to matter, short enough that it is told before the morning. */
export const LATELY_HOURS = 6;
/** An hour counts as whole once so long over: a series that is new may be a quarter of an hour late (trap 46). */
const SETTLES_MS = 15 * MINUTE_MS;
/** Below a quarter of what a model costs its writes do not explain the bill, whatever they lose. */
export const WRITES_PERCENT = 25;
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

/** What a report names. */
export function burnsOf({ burns }: CacheUse, limit: NanoUsd): readonly CacheBurn[] {
  const line = lineOf(limit, REPORT_PERCENT);
  return burns.filter(({ lost }) => lost >= line);
}

/** What somebody is told in the night. */
export function burnsToTell({ lately }: CacheUse, limit: NanoUsd): readonly CacheBurn[] {
  const line = lineOf(limit, ALERT_PERCENT);
  return lately.filter(({ lost, aboveBefore = ZERO }) => lost >= line || aboveBefore >= line);
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
    burns: dearest(burns, ({ lost }) => lost),
    lately: dearest(lately, ({ lost, aboveBefore = ZERO }) => Math.max(lost, aboveBefore)),
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

interface Judged {
  readonly unknown?: CacheUnknown | undefined;
  readonly reported?: CacheBurn | undefined;
  readonly lately?: CacheBurn | undefined;
}

function judged(cache: Cache, now: number): Judged {
  const start = monthStart(utcMonth(now));
  const prices = pricesOf(cache.counted);
  if ('why' in prices) return { unknown: withoutPrices(cache, tokensOf(cache, start, now), prices.why) };
  const window = (from: number, to: number) => burnIn(cache, prices, start, Math.max(from, start), to);
  const burn = window(start, now) ?? window(dayStart(utcDay(now - DAY_MS)), now);
  // One that only falls short of what it once saved is for the alert.
  const reported = burn !== undefined && burn.lost > 0 ? burn : undefined;
  const to = Math.floor((now - SETTLES_MS) / HOUR_MS) * HOUR_MS;
  return {
    reported,
    unknown: reported === undefined ? byLife(cache, tokensOf(cache, start, now), prices) : undefined,
    lately: window(to - LATELY_HOURS * HOUR_MS, to),
  };
}

/** In pico-dollars a token. */
interface Prices {
  readonly price: ModelPrice;
  /** What a token costs to read. */
  readonly read: PicoUsd;
  /** The dearer of the known ones, at which the meter counts a write, and the cheaper. */
  readonly write: PicoUsd;
  readonly cheapWrite: PicoUsd;
}

/** Which prices a cache is judged by; one that is only assumed judges nothing, however safe it is to count by. */
function pricesOf(counted: CountedClass): Prices | { readonly why: string } {
  if (counted.kind === 'unattributed') return { why: 'no price of the model is known' };
  const price = counted.kind === 'ours' ? counted.model.price : counted.price;
  const { input, cacheRead: read, cacheWrite: write, cacheWrite5m = write } = price;
  if (read === 'unsupported' || write === 'unsupported' || cacheWrite5m === 'unsupported') {
    return { why: 'its price list says that it has no cache' };
  }
  // The price library counts an unlisted read as input, and an unlisted write at twice that (config/price-library.ts).
  if (read >= input) return { why: 'no price of a cache read is known' };
  if (price.cacheWrite5m === undefined && write === input * 2) return { why: 'no price of a cache write is known' };
  return { price, read, write, cheapWrite: Math.min(write, cacheWrite5m) as PicoUsd };
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
function byLife(cache: Cache, month: TokenCounts, prices: Prices): CacheUnknown | undefined {
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
function burnIn(cache: Cache, prices: Prices, start: number, from: number, to: number): CacheBurn | undefined {
  const tokens = tokensOf(cache, from, to);
  if (tokens.cacheWrite === 0 || !dominates(tokens, prices)) return undefined;
  const { price, read, write, cheapWrite } = prices;
  const least = lostOf(tokens, prices, cheapWrite);
  const readsPerWrite = tokens.cacheRead / tokens.cacheWrite;
  const earlier = tokensOf(cache, start, from);
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

/** Whether writes are enough of what the model costs. */
function dominates(tokens: TokenCounts, prices: Prices): boolean {
  return cost(tokens.cacheWrite, prices.write) >= percentOf(spendOf(tokens, prices), WRITES_PERCENT);
}

/** Exact, in pico-dollars: what caching cost beyond the same tokens sent plainly. Below zero it has saved. */
function lostOf({ cacheRead, cacheWrite }: TokenCounts, { price, read }: Prices, write: PicoUsd): bigint {
  return BigInt(cacheWrite) * BigInt(write - price.input) - BigInt(cacheRead) * BigInt(price.input - read);
}

/** What the input tokens of a time cost beyond what the same number would have in the earlier mix of plain, read and written. */
function aboveEarlier(earlier: TokenCounts, tokens: TokenCounts, { price, read, write }: Prices): NanoUsd {
  const pico = ({ input, cacheRead, cacheWrite }: TokenCounts) =>
    BigInt(input) * BigInt(price.input) + BigInt(cacheRead) * BigInt(read) + BigInt(cacheWrite) * BigInt(write);
  const count = ({ input, cacheRead, cacheWrite }: TokenCounts) =>
    BigInt(input) + BigInt(cacheRead) + BigInt(cacheWrite);
  return nanoOf(pico(tokens) - divideUp(pico(earlier) * count(tokens), count(earlier)));
}

function spendOf(tokens: TokenCounts, { price, read, write }: Prices): NanoUsd {
  return addUpTo(
    cost(tokens.input, price.input),
    cost(tokens.output, price.output),
    cost(tokens.cacheRead, read),
    cost(tokens.cacheWrite, write),
  );
}

/** Reads a write at which a cache costs as much as it saves; `read` is below `input`. */
function breakEven(input: PicoUsd, read: PicoUsd, write: PicoUsd): number {
  return Math.max(0, (write - input) / (input - read));
}

/** Rounded up, as every amount of the meter; never below zero. */
function nanoOf(pico: bigint): NanoUsd {
  const nano = divideUp(pico, 1000n);
  if (nano <= 0n) return ZERO;
  return nano > BigInt(MOST) ? MOST : nanoUsd(Number(nano));
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

/** A ratio for people. */
export function ratioText(ratio: number): string {
  if (ratio === 0) return '0';
  if (ratio < 0.01) return 'less than 0.01';
  return ratio < 10 ? String(Number(ratio.toFixed(2))) : String(Math.round(ratio));
}
