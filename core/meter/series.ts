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
export const DEAR_TIER_COUNTS = 2;
const CLOCK_TOLERANCE_MS = 5 * MINUTE_MS;

/** Which price a metric is charged at; `unpriced` costs money and has none; `undefined` costs nothing by itself. */
export function componentOf(id: SeriesId): TokenComponent | 'unpriced' | undefined {
  if (NOT_IN_TOKENS[id.namespace]?.includes(id.metric)) return 'unpriced';
  const component = COMPONENTS[id.namespace]?.[id.metric];
  return component;
}

/** The same tokens' other components, in every spelling: the series that differ from this one in the metric alone. */
export function componentsBeside(id: SeriesId): readonly SeriesId[] {
  if (componentOf(id) === undefined || componentOf(id) === 'unpriced') return [];
  const { namespace, region, dimensions } = id;
  return Object.keys(COMPONENTS[namespace] ?? {}).map((metric) => ({ namespace, region, metric, dimensions }));
}

/**
 * The id that the resolver classes: the ModelId dimension without a service tier (`model-id+flex`), or Mantle's Model.
 * `undefined` for a sum over all models, which is never priced: its parts are.
 */
export function metricIdOf(id: SeriesId): string | undefined {
  const raw = id.namespace === MANTLE ? id.dimensions['Model'] : id.dimensions['ModelId'];
  // Hardly any has one.
  return raw?.includes('+') === true ? raw.replace(/\+(?:priority|flex|default|reserved)$/, '') : raw;
}

/** For people and findings; the same series has the same name, whatever the order of its dimensions. */
export function seriesName(id: SeriesId): string {
  const known = names.get(id);
  if (known !== undefined) return known;
  const name = `${id.region} ${id.namespace} ${id.metric} ${dimensionSet(id)}`;
  names.set(id, name);
  return name;
}

/** An id is named many times in a read, and never changed. */
const names = new WeakMap<SeriesId, string>();

/** One component of one model in one Region and namespace. */
export interface HourlyTokens {
  readonly metricId: string;
  readonly region: string;
  readonly namespace: string;
  readonly component: TokenComponent;
  /** Tokens as charged, each of the hour that its time is in. */
  readonly hours: readonly Point[];
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
  const bounds = { from: monthStart(month), to: monthStart(nextMonth(month)), latest: now + CLOCK_TOLERANCE_MS };
  for (const one of series) {
    const facts = factsOf(one.id);
    if (facts === undefined) continue;
    const { component, metricId, key } = facts;
    if (one.unit !== undefined && one.unit !== 'Count' && one.unit !== 'None') {
      const text = `${seriesName(one.id)}: unit ${one.unit}, expected Count: left out`;
      findings.push({ kind: 'unit', understates: true, text });
      continue;
    }
    const points = checkedPoints(one, month, bounds, findings);
    if (component === 'unpriced') {
      if (points.some(({ value }) => value > 0)) {
        findings.push({
          kind: 'unpriced',
          understates: true,
          text: `${seriesName(one.id)}: no price is known: left out`,
        });
      }
      continue;
    }
    const { region, namespace } = one.id;
    const group = groups.get(key);
    const part = { id: one.id, isDear: facts.isDear, points };
    if (group !== undefined) group.parts.push(part);
    else groups.set(key, { metricId, region, namespace, component, parts: [part] });
  }
  const usage = [...groups.values()].map(({ metricId, region, namespace, component, parts }): HourlyTokens => ({
    metricId,
    region,
    namespace,
    component,
    hours: hoursOf(parts),
  }));
  return { usage, findings };
}

/** What an id says by itself. */
interface Facts {
  readonly component: TokenComponent | 'unpriced';
  readonly metricId: string;
  /** Of all that are of one component of one model in one Region and namespace. */
  readonly key: string;
  readonly isDear: boolean;
}

/** Undefined where it is no count of a model's tokens. An id is looked at in every read, and never changed. */
function factsOf(id: SeriesId): Facts | undefined {
  const known = factsById.get(id);
  if (known !== undefined) return known;
  const component = componentOf(id);
  const metricId = metricIdOf(id);
  if (component === undefined || metricId === undefined) return undefined;
  const key = `${id.region}|${id.namespace}|${component}|${metricId}`;
  const facts = { component, metricId, key, isDear: isDearTier(id) };
  factsById.set(id, facts);
  return facts;
}

const factsById = new WeakMap<SeriesId, Facts>();

interface Part {
  readonly id: SeriesId;
  readonly isDear: boolean;
  readonly points: readonly Point[];
}
type Group = Omit<HourlyTokens, 'hours'> & { readonly parts: Part[] };

/** Nearly always one series says it all, and nothing is copied; only several have to be weighed against each other. */
function hoursOf(parts: readonly Part[]): readonly Point[] {
  const [only, ...others] = parts;
  if (only !== undefined && others.length === 0) {
    if (!only.isDear) return only.points;
    return only.points.map(({ at, value }) => ({ at, value: value * DEAR_TIER_COUNTS }));
  }
  const hours = new Map<number, Hour>();
  for (const { id, isDear, points } of parts) {
    const names = dimensionNames(id);
    const set = dimensionSet(id);
    const times = isDear ? DEAR_TIER_COUNTS : 1;
    for (const { at, value } of points) {
      const hour = entry(
        hours,
        Math.floor(at / HOUR_MS) * HOUR_MS,
        () => new Map<string, Map<string, Map<string, number>>>(),
      );
      const sets = entry(hour, names, () => new Map<string, Map<string, number>>());
      const spellings = entry(sets, set, () => new Map<string, number>());
      spellings.set(id.metric, (spellings.get(id.metric) ?? 0) + value * times);
    }
  }
  return [...hours].map(([at, sets]) => ({ at, value: tokensOf(sets) }));
}

/** Dimension names → dimension values → spelling → tokens as charged. */
type Hour = Map<string, Map<string, Map<string, number>>>;

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
  { id, points }: Series,
  month: UtcMonth,
  bounds: Bounds,
  findings: MeterFinding[],
): readonly Point[] {
  // Nearly always every point is good: then nothing is copied.
  if (areGood(points, bounds)) return points;
  const seen = new Set<PointFault>();
  const good = points.flatMap((point) => {
    const fault = faultOf(point, bounds);
    if (fault !== undefined) seen.add(fault);
    return fault === undefined || fault === 'fractional' ? [{ at: point.at, value: Math.ceil(point.value) }] : [];
  });
  const what: Readonly<Record<PointFault, string>> = {
    notANumber: 'a point that is not a number: left out',
    negative: 'a negative count: left out',
    otherMonth: `a point outside ${month}: left out`,
    future: 'a point in the future: left out until its hour has come',
    fractional: 'a fraction of a token: rounded up',
  };
  for (const kind of seen) {
    findings.push({ kind, understates: HIDE_TOKENS.includes(kind), text: `${seriesName(id)}: ${what[kind]}` });
  }
  return good;
}

/** The month, and the latest time that is no future. */
interface Bounds {
  readonly from: number;
  readonly to: number;
  readonly latest: number;
}

/** The innermost loop of a read: some hundred thousand points. */
function areGood(points: readonly Point[], bounds: Bounds): boolean {
  for (const point of points) if (faultOf(point, bounds) !== undefined) return false;
  return true;
}

function faultOf({ at, value }: Point, { from, to, latest }: Bounds): PointFault | undefined {
  if (!Number.isFinite(at) || !Number.isFinite(value)) return 'notANumber';
  if (value < 0) return 'negative';
  if (at < from || at >= to) return 'otherMonth';
  if (at > latest) return 'future';
  return Number.isInteger(value) ? undefined : 'fractional';
}

type PointFault = Extract<MeterFinding['kind'], 'notANumber' | 'negative' | 'otherMonth' | 'future' | 'fractional'>;
const HIDE_TOKENS: readonly PointFault[] = ['notANumber', 'negative'];

function isDearTier(id: SeriesId): boolean {
  const modelId = id.dimensions['ModelId'];
  const suffix = modelId?.includes('+') === true ? modelId.match(/\+(\w+)$/)?.[1] : undefined;
  // What was asked for and what was got may differ; either one that is dear counts as dear.
  const tiers = [...TIER_DIMENSIONS.map((dimension) => id.dimensions[dimension]), suffix];
  return tiers.some(isDearTierName);
}

export function isDearTierName(tier: string | undefined): boolean {
  return tier !== undefined && DEAR_TIERS.includes(tier.toLowerCase());
}

function dimensionNames({ dimensions }: SeriesId): string {
  const names = Object.keys(dimensions).sort().join(',');
  return dimensions['ModelId']?.includes('+') ? `${names}+` : names;
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
