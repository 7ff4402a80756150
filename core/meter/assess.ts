import { dayStart, HOUR_MS, monthStart, utcDay, utcMonth } from '../calendar';
import { MOST, nanoUsd, ZERO, type NanoUsd, addUpTo } from '../money';
import { cacheUse } from './cache-burn';
import type { CacheUse } from './cache-types';
import { classOf, cost, modelOf, priceOf, type CountedClass } from './pricing';
import { burn, lastHour, lookBack, nextRing, type HourBuckets } from './rates';
import { hourlyTokens, type HourlyTokens } from './series';
import type {
  Assessment,
  KnownAssessment,
  MeterFinding,
  MeterMemory,
  MeterReading,
  ModelSpend,
  Point,
  RingEntry,
  TokenComponent,
  TokenCounts,
  UncountedUsage,
  UsageResolution,
} from './types';

/** Points are minutes late, a series that is new up to a quarter of an hour (trap 46). */
const LATEST_MS = HOUR_MS;
/** They go into the state and the mail: more than this nobody reads. */
const MOST_FINDINGS = 50;

/**
 * Turns a full read of the month into money. Within a month the figures never fall (trap 21): a lower read keeps the
 * earlier one and says so. An incomplete read is unknown, never zero.
 * @param now a read of a month that is not the month of `now` is unknown
 * @param found what whoever read the month has found besides
 */
export function assess(
  reading: MeterReading,
  usage: UsageResolution,
  previous: MeterMemory | undefined,
  now: number,
  found: readonly MeterFinding[] = [],
): Assessment {
  const last = previous === undefined ? {} : { since: previous.at };
  if (reading.kind === 'unknown') return { kind: 'unknown', why: reading.why, ...last };
  if (reading.month !== utcMonth(now)) {
    return { kind: 'unknown', why: `the reading is of ${reading.month}, not of ${utcMonth(now)}`, ...last };
  }
  const tokens = hourlyTokens(reading.series, reading.month, now);
  const until = completeUntil(reading.readAt);
  const priced = priceAll(tokens.usage, usage, {
    day: dayStart(utcDay(now)),
    hour: Math.floor(now / HOUR_MS) * HOUR_MS,
    until,
  });
  // Not from the clock alone: a clock that steps back must not throw away a day that has been seen.
  const kept = previous?.month === reading.month ? previous : undefined;
  const raw = sum(priced.byModel.map(({ monthToDate }) => monthToDate));
  const fell: readonly MeterFinding[] =
    kept !== undefined && raw < kept.monthToDate
      ? [{ kind: 'fell', understates: false, text: 'less than an earlier read of this month: the earlier is kept' }]
      : [];
  const monthToDate = max(raw, kept?.monthToDate ?? ZERO);
  const rawToday = sum(priced.byModel.map(({ today }) => today));
  const day = utcDay(now);
  const today = kept?.day === day ? max(rawToday, kept.today) : rawToday;
  const ring = before(kept?.ring ?? [], now);
  const earlier = lookBack(ring, now);
  const findings = sortFindings([...tokens.findings, ...priced.findings, ...fell, ...found]);
  const lowerBound = findings.some(({ understates }) => understates);
  // What this read misses of an earlier one was used, and may have been before.
  const cache = cacheUseOrUnknown(tokens.usage, usage, now);
  const complete = { until, spent: addUpTo(priced.complete, nanoUsd(monthToDate - raw)) };
  return {
    kind: 'known',
    asOf: reading.readAt,
    month: reading.month,
    monthToDate,
    day,
    today,
    lastHour: lastHour(monthToDate, priced, earlier),
    burnPerMinute: burn(monthToDate, priced, earlier, now),
    lowerBound,
    ...(lowerBound || until <= monthStart(reading.month) ? {} : { complete }),
    byModel: priced.byModel,
    unattributed: priced.unattributed,
    foreign: priced.foreign,
    unguarded: priced.unguarded,
    findings,
    ...(cache && { cache }),
    memory: { month: reading.month, at: now, monthToDate, day, today, ring: nextRing(ring, now, monthToDate) },
  };
}

/** What is said of caches decides nothing: whatever goes wrong in it, the money is counted all the same. */
function cacheUseOrUnknown(...used: Parameters<typeof cacheUse>): CacheUse | undefined {
  try {
    return cacheUse(...used);
  } catch (error) {
    const why = `it could not be worked out: ${error instanceof Error ? error.message : 'of no error'}`;
    const all = { metricId: 'any model', region: 'any Region', modelId: 'any model' };
    return { burns: [], lately: [], unknown: [{ ...all, writes: MOST, why }] };
  }
}

/** Nearly always all of it: a clock seldom steps back. */
function before(ring: readonly RingEntry[], now: number): readonly RingEntry[] {
  const last = ring.at(-1);
  return last === undefined || last.at < now ? ring : ring.filter(({ at }) => at < now);
}

/** The end of the last hour that is over for so long that nothing of it is missing. */
function completeUntil(readAt: number): number {
  return Math.floor((readAt - LATEST_MS) / HOUR_MS) * HOUR_MS;
}

/** What is told apart, each from its first moment. */
interface Parts {
  readonly day: number;
  readonly hour: number;
  /** Before this, nothing is missing any more. */
  readonly until: number;
}

interface Priced
  extends HourBuckets, Pick<KnownAssessment, 'byModel' | 'unattributed' | 'foreign' | 'unguarded' | 'findings'> {
  /** What was used before `until`. */
  readonly complete: NanoUsd;
}

function priceAll(usage: readonly HourlyTokens[], resolution: UsageResolution, parts: Parts): Priced {
  const byModel = new Map<string, Growing<ModelSpend>>();
  const withoutPrice = new Set<string>();
  const foreign = new Map<string, Growing<UncountedUsage>>();
  const unguarded = new Map<string, Growing<UncountedUsage>>();
  const findings: MeterFinding[] = [];
  let thisHour = ZERO;
  let previousHour = ZERO;
  let complete = ZERO;
  for (const one of usage) {
    const tokens = tokensOf(one.hours, parts);
    if (tokens.month === 0) continue;
    // No Region has a space in its name.
    const key = `${one.region} ${one.metricId}`;
    const kind = classOf(one, resolution);
    if (kind === undefined) {
      findings.push({
        kind: 'unresolved',
        understates: true,
        text: `${one.region} ${one.metricId}: whose it is is unknown`,
      });
    } else if (kind.kind === 'foreign') {
      raise(
        rowOf(foreign, key, () => uncounted(one, kind.owner)),
        one,
        tokens.month,
      );
    } else if (kind.kind === 'unguarded') {
      raise(
        rowOf(unguarded, key, () => uncounted(one, 'nobody')),
        one,
        tokens.month,
      );
    } else {
      const price = priceOf(one, kind, resolution);
      if (kind.kind === 'unattributed') {
        withoutPrice.add(key);
        findings.push({
          kind: 'unlisted',
          understates: true,
          text: `${one.region} ${one.metricId}: no price is known: counted at the dearest known rate`,
        });
      }
      const row = rowOf(byModel, key, () => counted(one, kind));
      raise(row, one, tokens.month);
      row.monthToDate = addUpTo(row.monthToDate, cost(tokens.month, price));
      row.today = addUpTo(row.today, cost(tokens.day, price));
      thisHour = addUpTo(thisHour, cost(tokens.hour, price));
      previousHour = addUpTo(previousHour, cost(tokens.hourBefore, price));
      complete = addUpTo(complete, cost(tokens.complete, price));
    }
  }
  return {
    byModel: dearestFirst(byModel.values()),
    unattributed: dearestFirst([...byModel].flatMap(([key, row]) => (withoutPrice.has(key) ? [row] : []))),
    foreign: [...foreign.values()].sort(byName),
    unguarded: [...unguarded.values()].sort(byName),
    findings,
    thisHour,
    previousHour,
    complete,
  };
}

/** All parts in one look at the points, of which there are some hundred thousand. */
function tokensOf(hours: readonly Point[], { day, hour, until }: Parts) {
  const tokens = { month: 0, day: 0, hour: 0, hourBefore: 0, complete: 0 };
  const [before, after] = [hour - HOUR_MS, hour + HOUR_MS];
  for (const { at, value } of hours) {
    tokens.month += value;
    if (at < until) tokens.complete += value;
    if (at >= day) tokens.day += value;
    if (at < before || at >= after) continue;
    if (at < hour) tokens.hourBefore += value;
    else tokens.hour += value;
  }
  return tokens;
}

/** A row while its components are added to it. */
type Growing<Row extends { readonly tokens: TokenCounts }> = {
  -readonly [Key in keyof Omit<Row, 'tokens'>]: Row[Key];
} & {
  readonly tokens: { -readonly [Component in TokenComponent]: number };
};

function rowOf<Row>(rows: Map<string, Row>, key: string, make: () => Row): Row {
  const known = rows.get(key);
  if (known !== undefined) return known;
  const row = make();
  rows.set(key, row);
  return row;
}

/** A count beyond belief must stop, and be kept: the table takes no larger number. */
function raise({ tokens }: Growing<UncountedUsage | ModelSpend>, { component }: HourlyTokens, by: number): void {
  tokens[component] = Math.min(tokens[component] + by, Number.MAX_SAFE_INTEGER);
}

function counted({ metricId, region }: HourlyTokens, kind: CountedClass): Growing<ModelSpend> {
  return {
    metricId,
    region,
    modelId: modelOf(kind, metricId),
    tier: kind.kind === 'ours' ? kind.model.tier : 'unknown',
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 },
    monthToDate: ZERO,
    today: ZERO,
  };
}

function uncounted({ metricId, region }: HourlyTokens, owner: string): Growing<UncountedUsage> {
  return { metricId, region, owner, tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 } };
}

function sum(amounts: readonly NanoUsd[]): NanoUsd {
  return addUpTo(...amounts);
}

function max(...amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(Math.max(...amounts));
}

function dearestFirst(rows: Iterable<ModelSpend>): readonly ModelSpend[] {
  return [...rows].sort((a, b) => b.monthToDate - a.monthToDate || byName(a, b));
}

function byName(a: { metricId: string; region: string }, b: { metricId: string; region: string }): number {
  return compare(a.metricId, b.metricId) || compare(a.region, b.region);
}

function sortFindings(findings: readonly MeterFinding[]): readonly MeterFinding[] {
  if (findings.length === 0) return findings;
  const unique = new Map(findings.map((finding) => [`${finding.kind} ${finding.text}`, finding]));
  const sorted = [...unique.values()].sort((a, b) => compare(a.kind, b.kind) || compare(a.text, b.text));
  const rest = sorted.slice(MOST_FINDINGS);
  const [first] = rest;
  if (first === undefined) return sorted;
  return [
    ...sorted.slice(0, MOST_FINDINGS),
    {
      kind: first.kind,
      understates: rest.some(({ understates }) => understates),
      text: `and ${rest.length} more, of ${rest
        .map(({ kind }) => kind)
        .filter((kind, at, all) => all.indexOf(kind) === at)
        .join(', ')}`,
    },
  ];
}

function compare(a: string, b: string): number {
  return Number(a > b) - Number(a < b);
}

/** Why figures are a lower bound, in one line that names the first cause. */
export function understatedWhy(findings: readonly MeterFinding[]): string {
  const [first, ...others] = findings.filter(({ understates }) => understates);
  const what = 'real spend may be higher';
  if (first === undefined) return `points had to be left out, so ${what}`;
  return `${what}: ${first.text}${others.length > 0 ? `, and ${others.length} more` : ''}`;
}
