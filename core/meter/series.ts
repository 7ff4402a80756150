import { HOUR_MS, MINUTE_MS, monthStart, nextMonth, type UtcMonth } from '../calendar';
import type { MeterFinding, Point, Series, SeriesId, TokenComponent } from './types';

export const BEDROCK = 'AWS/Bedrock';
export const MANTLE = 'AWS/BedrockMantle';

/** Both spellings that AWS's own pages use: the one that does not exist answers with an empty series (trap 21). */
const COMPONENTS: Readonly<Record<string, Readonly<Record<string, TokenComponent>>>> = {
  [BEDROCK]: {
    InputTokenCount: 'input',
    OutputTokenCount: 'output',
    CacheReadInputTokens: 'cacheRead',
    CacheReadInputTokenCount: 'cacheRead',
    CacheWriteInputTokens: 'cacheWrite',
    CacheWriteInputTokenCount: 'cacheWrite',
  },
  [MANTLE]: { TotalInputTokens: 'input', TotalOutputTokens: 'output' },
};

/** Metrics that cost money and have no token price. */
const NOT_IN_TOKENS: Readonly<Record<string, readonly string[]>> = { [BEDROCK]: ['OutputImageCount'] };

const TIER_DIMENSIONS = ['ResolvedServiceTier', 'ServiceTier'];
const DEAR_TIERS = ['priority', 'reserved'];
/** AWS asks 25% to 75% more for the dear tiers, by model; the price library knows the standard tier only. */
const DEAR_TIER_COUNTS = 2;
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

/** Which price a metric is charged at; `unpriced` costs money and has none; `undefined` costs nothing by itself. */
export function componentOf(id: SeriesId): TokenComponent | 'unpriced' | undefined {
  if (NOT_IN_TOKENS[id.namespace]?.includes(id.metric)) return 'unpriced';
  const component = COMPONENTS[id.namespace]?.[id.metric];
  return component;
}

/**
 * The id that the resolver classes: the ModelId dimension without a service tier (`model-id+flex`), or Mantle's Model.
 * `undefined` for a sum over all models, which is never priced: its parts are.
 */
export function metricIdOf(id: SeriesId): string | undefined {
  const raw = id.namespace === MANTLE ? id.dimensions['Model'] : id.dimensions['ModelId'];
  return raw?.replace(/\+(?:priority|flex|default|reserved)$/, '');
}

/** For people and findings; the same series has the same name, whatever the order of its dimensions. */
export function seriesName(id: SeriesId): string {
  return `${id.region} ${id.namespace} ${id.metric} ${dimensionSet(id)}`;
}

/** One component of one model in one Region and namespace: tokens by start of the hour. */
export interface HourlyTokens {
  readonly metricId: string;
  readonly region: string;
  readonly namespace: string;
  readonly component: TokenComponent;
  readonly hours: ReadonlyMap<number, number>;
}

/**
 * Brings the raw series to one count of tokens an hour. CloudWatch shows the same tokens under several dimension sets and
 * perhaps two spellings. Per dimension set the larger spelling counts; sets with the same dimension names (one per
 * tier) are added; of differing names (plain, by tier, by tier asked for and got) the largest counts: not less than any of
 * them says, and no token twice.
 */
export function hourlyTokens(
  series: readonly Series[],
  month: UtcMonth,
  now: number,
): { readonly usage: readonly HourlyTokens[]; readonly findings: readonly MeterFinding[] } {
  const findings: MeterFinding[] = [];
  const groups = new Map<string, Group>();
  for (const one of series) {
    const component = componentOf(one.id);
    const metricId = metricIdOf(one.id);
    if (component === undefined || metricId === undefined) continue;
    const name = seriesName(one.id);
    if (one.unit !== undefined && one.unit !== 'Count' && one.unit !== 'None') {
      findings.push({ kind: 'unit', understates: true, text: `${name}: unit ${one.unit}, expected Count: left out` });
      continue;
    }
    const points = checkedPoints(one.points, name, month, now, findings);
    if (component === 'unpriced') {
      if (points.some(({ value }) => value > 0)) {
        findings.push({ kind: 'unpriced', understates: true, text: `${name}: no price is known: left out` });
      }
      continue;
    }
    const { region, namespace } = one.id;
    const key = JSON.stringify([region, namespace, metricId, component]);
    const group = groups.get(key) ?? { metricId, region, namespace, component, hours: new Map<number, Hour>() };
    groups.set(key, group);
    for (const point of points) collect(group.hours, one.id, point);
  }
  const usage = [...groups.values()].map((group) => ({
    ...group,
    hours: new Map([...group.hours].map(([hour, sets]) => [hour, tokensOf(sets)])),
  }));
  return { usage, findings };
}

/** Dimension names → dimension values → spelling → tokens as charged. */
type Hour = Map<string, Map<string, Map<string, number>>>;
type Group = Omit<HourlyTokens, 'hours'> & { readonly hours: Map<number, Hour> };

function collect(hours: Map<number, Hour>, id: SeriesId, { at, value }: Point): void {
  const start = Math.floor(at / HOUR_MS) * HOUR_MS;
  const hour = entry(hours, start, () => new Map<string, Map<string, Map<string, number>>>());
  const sets = entry(hour, dimensionNames(id), () => new Map<string, Map<string, number>>());
  const spellings = entry(sets, dimensionSet(id), () => new Map<string, number>());
  spellings.set(id.metric, (spellings.get(id.metric) ?? 0) + value * (isDearTier(id) ? DEAR_TIER_COUNTS : 1));
}

function tokensOf(hour: Hour): number {
  const byNames = [...hour.values()].map((sets) =>
    [...sets.values()].reduce((sum, spellings) => sum + Math.max(...spellings.values()), 0),
  );
  return Math.max(...byNames);
}

/**
 * A point that cannot be believed is left out and named; the rest goes on. What hides tokens makes the figures a lower
 * bound. A future hour counts once it has come, since every read takes the whole month; another month's is not due here.
 */
function checkedPoints(
  points: readonly Point[],
  name: string,
  month: UtcMonth,
  now: number,
  findings: MeterFinding[],
): readonly Point[] {
  const seen = new Set<MeterFinding['kind']>();
  const from = monthStart(month);
  const to = monthStart(nextMonth(month));
  const bad = (kind: MeterFinding['kind'], understates: boolean, what: string) => {
    if (!seen.has(kind)) findings.push({ kind, understates, text: `${name}: ${what}` });
    seen.add(kind);
  };
  return points.flatMap(({ at, value }) => {
    if (!Number.isFinite(at) || !Number.isFinite(value)) {
      bad('notANumber', true, 'a point that is not a number: left out');
      return [];
    }
    if (value < 0) {
      bad('negative', true, 'a negative count: left out');
      return [];
    }
    if (at < from || at >= to) {
      bad('otherMonth', false, `a point outside ${month}: left out`);
      return [];
    }
    if (at > now + CLOCK_TOLERANCE_MS) {
      bad('future', false, 'a point in the future: left out until its hour has come');
      return [];
    }
    if (!Number.isInteger(value)) bad('fractional', false, 'a fraction of a token: rounded up');
    return [{ at, value: Math.ceil(value) }];
  });
}

function isDearTier(id: SeriesId): boolean {
  const suffix = /\+(\w+)$/.exec(id.dimensions['ModelId'] ?? '')?.[1];
  // What was asked for and what was got may differ; either one that is dear counts as dear.
  const tiers = [...TIER_DIMENSIONS.map((dimension) => id.dimensions[dimension]), suffix];
  return tiers.some((tier) => tier !== undefined && DEAR_TIERS.includes(tier.toLowerCase()));
}

function dimensionNames(id: SeriesId): string {
  const suffix = id.dimensions['ModelId']?.includes('+') ? ['+'] : [];
  return [...Object.keys(id.dimensions), ...suffix].sort().join(',');
}

function dimensionSet(id: SeriesId): string {
  return Object.entries(id.dimensions)
    .map(([name, value]) => `${name}=${value}`)
    .sort()
    .join(',');
}

function entry<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key) ?? make();
  map.set(key, found);
  return found;
}
