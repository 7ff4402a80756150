import { dayStart, HOUR_MS, monthStart, utcDay, utcMonth } from '../calendar';
import { nanoUsd, ZERO, type NanoUsd, addUpTo } from '../money';
import { classOf, cost, modelOf, priceOf, tokensIn, type CountedClass } from './pricing';
import { burn, lastHour, lookBack, nextRing, type HourBuckets } from './rates';
import { hourlyTokens, type HourlyTokens } from './series';
import type {
  Assessment,
  KnownAssessment,
  MeterFinding,
  MeterMemory,
  MeterReading,
  ModelSpend,
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
  const priced = priceAll(tokens.usage, usage, now);
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
  const ring = kept?.ring.filter(({ at }) => at < now) ?? [];
  const earlier = lookBack(ring, now);
  const findings = sortFindings([...tokens.findings, ...priced.findings, ...fell, ...found]);
  const lowerBound = findings.some(({ understates }) => understates);
  const until = completeUntil(reading.readAt);
  // What this read misses of an earlier one was used, and may have been before.
  const complete = { until, spent: addUpTo(priced.complete(until), nanoUsd(monthToDate - raw)) };
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
    memory: { month: reading.month, at: now, monthToDate, day, today, ring: nextRing(ring, now, monthToDate) },
  };
}

/** The end of the last hour that is over for so long that nothing of it is missing. */
function completeUntil(readAt: number): number {
  return Math.floor((readAt - LATEST_MS) / HOUR_MS) * HOUR_MS;
}

interface Priced
  extends HourBuckets, Pick<KnownAssessment, 'byModel' | 'unattributed' | 'foreign' | 'unguarded' | 'findings'> {
  /** What was used before. */
  readonly complete: (until: number) => NanoUsd;
}

function priceAll(usage: readonly HourlyTokens[], resolution: UsageResolution, now: number): Priced {
  const byModel = new Map<string, ModelSpend>();
  const withoutPrice = new Set<string>();
  const foreign = new Map<string, UncountedUsage>();
  const unguarded = new Map<string, UncountedUsage>();
  const findings: MeterFinding[] = [];
  const hour = Math.floor(now / HOUR_MS) * HOUR_MS;
  let thisHour = ZERO;
  let previousHour = ZERO;
  const charged: { readonly hours: HourlyTokens['hours']; readonly price: ReturnType<typeof priceOf> }[] = [];
  for (const one of usage) {
    const tokens = tokensIn(one.hours);
    if (tokens === 0) continue;
    const key = JSON.stringify([one.region, one.metricId]);
    const kind = classOf(one, resolution);
    if (kind === undefined) {
      findings.push({
        kind: 'unresolved',
        understates: true,
        text: `${one.region} ${one.metricId}: whose it is is unknown`,
      });
    } else if (kind.kind === 'foreign') {
      foreign.set(key, uncounted(foreign.get(key), one, kind.owner, tokens));
    } else if (kind.kind === 'unguarded') {
      unguarded.set(key, uncounted(unguarded.get(key), one, 'nobody', tokens));
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
      byModel.set(
        key,
        counted(
          byModel.get(key),
          one,
          kind,
          cost(tokens, price),
          cost(tokensIn(one.hours, dayStart(utcDay(now))), price),
        ),
      );
      charged.push({ hours: one.hours, price });
      thisHour = addUpTo(thisHour, cost(one.hours.get(hour) ?? 0, price));
      previousHour = addUpTo(previousHour, cost(one.hours.get(hour - HOUR_MS) ?? 0, price));
    }
  }
  const dearestFirst = (rows: Iterable<ModelSpend>) =>
    [...rows].sort((a, b) => b.monthToDate - a.monthToDate || byName(a, b));
  return {
    byModel: dearestFirst(byModel.values()),
    unattributed: dearestFirst([...byModel].flatMap(([key, row]) => (withoutPrice.has(key) ? [row] : []))),
    foreign: [...foreign.values()].sort(byName),
    unguarded: [...unguarded.values()].sort(byName),
    findings,
    thisHour,
    previousHour,
    complete: (until) => sum(charged.map(({ hours, price }) => cost(tokensIn(hours, undefined, until), price))),
  };
}

const NO_TOKENS: TokenCounts = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

function plus(counts: TokenCounts | undefined, component: TokenComponent, tokens: number): TokenCounts {
  const before = counts ?? NO_TOKENS;
  // A count beyond belief must stop, and be kept: the table takes no larger number.
  return { ...before, [component]: Math.min(before[component] + tokens, Number.MAX_SAFE_INTEGER) };
}

function counted(
  before: ModelSpend | undefined,
  { metricId, region, component, hours }: HourlyTokens,
  kind: CountedClass,
  monthToDate: NanoUsd,
  today: NanoUsd,
): ModelSpend {
  return {
    metricId,
    region,
    modelId: modelOf(kind, metricId),
    tier: kind.kind === 'ours' ? kind.model.tier : 'unknown',
    tokens: plus(before?.tokens, component, tokensIn(hours)),
    monthToDate: addUpTo(before?.monthToDate ?? ZERO, monthToDate),
    today: addUpTo(before?.today ?? ZERO, today),
  };
}

function uncounted(
  before: UncountedUsage | undefined,
  { metricId, region, component }: HourlyTokens,
  owner: string,
  tokens: number,
): UncountedUsage {
  return { metricId, region, owner, tokens: plus(before?.tokens, component, tokens) };
}

function sum(amounts: readonly NanoUsd[]): NanoUsd {
  return addUpTo(...amounts);
}

function max(...amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(Math.max(...amounts));
}

function byName(a: { metricId: string; region: string }, b: { metricId: string; region: string }): number {
  return compare(a.metricId, b.metricId) || compare(a.region, b.region);
}

function sortFindings(findings: readonly MeterFinding[]): readonly MeterFinding[] {
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
