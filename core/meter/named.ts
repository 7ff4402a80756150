import { BEDROCK, componentsBeside, MANTLE, metricIdOf, seriesName } from './series';
import type { SeriesId } from './types';

/**
 * Tier asked for and tier that served, of those that the guard lets through: priority and reserved are denied to the invoker. AWS
 * names the three dimensions together: "You can also view service tier metrics in Amazon CloudWatch Metrics under ModelId,
 * ServiceTier, and ResolvedServiceTier" (https://docs.aws.amazon.com/bedrock/latest/userguide/service-tiers-inference.html, read
 * 2026-11-28). An id with the tier behind a `+` is documented nowhere: it is read where it is listed.
 */
const TIERS = [
  ['default', 'default'],
  ['flex', 'flex'],
  ['flex', 'default'],
] as const;

/** Every call that costs has tokens in one of these two: where both are silent, so is every other component. */
const FIRST_SIGNS = ['InputTokenCount', 'OutputTokenCount'] as const;
/** Tiers are of models that generate, which are given something. */
const FIRST_SIGN_OF_A_TIER = 'InputTokenCount';
const MANTLE_METRICS = ['TotalInputTokens', 'TotalOutputTokens'] as const;

/**
 * The series that show any use of the ids at all, by name: ListMetrics is up to 15 minutes late for one that is new (trap 46), and
 * GetMetricData is not. `ModelId` is a dimension set of all metrics, the cache components included
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-runtime-metrics.html, read 2026-11-28).
 *
 * CloudWatch charges by the series, so the other components are not among them: {@link componentsBeside} are asked for in the same
 * tick in which one of these shows anything. That hides no first use: no call reads or writes a cache without taking and giving tokens.
 * @param metricIds what the ModelId dimension may hold
 */
export function firstSigns(metricIds: readonly string[], regions: readonly string[]): readonly SeriesId[] {
  const profiled = new Set(metricIds.filter((id) => metricIds.some((other) => id.endsWith(`.${other}`))));
  return regions.flatMap((region) =>
    metricIds.flatMap((id) => [
      ...plainSigns([id], [region]),
      ...TIERS.map(([asked, served]): SeriesId => ({
        namespace: BEDROCK,
        region,
        metric: FIRST_SIGN_OF_A_TIER,
        dimensions: { ModelId: id, ServiceTier: asked, ResolvedServiceTier: served },
      })),
      // Mantle knows neither application profiles, whose ids have no dots, nor cross-Region ones of another id.
      ...(id.includes('.') && !profiled.has(id) ? mantleSigns(id, region) : []),
    ]),
  );
}

/** The canary's own series: it asks for no tier, and what it is judged by are its input and output. */
export function canarySeries(profileIds: readonly string[], regions: readonly string[]): readonly SeriesId[] {
  return plainSigns(profileIds, regions);
}

/**
 * How many series a read asks for, which is what CloudWatch charges: where nothing was used yet, and where every model is, each
 * under one of its ids, in one Region and without a tier.
 * @param models the ids of each
 */
export function seriesAsked(
  models: readonly (readonly string[])[],
  regions: readonly string[],
  canaries: number,
): { readonly idle: number; readonly busy: number } {
  const ids = Array.from({ length: canaries }, (_, at) => `canary${at}`);
  const idle = distinct(firstSigns(models.flat(), regions), canarySeries(ids, regions));
  const oneEach = models.flatMap((of) => of.slice(0, 1));
  const used = plainSigns(oneEach, regions.slice(0, 1));
  return { idle: idle.length, busy: distinct(idle, used.flatMap(componentsBeside)).length };
}

/** Each once, by name. */
export function distinct(...lists: readonly (readonly SeriesId[])[]): readonly SeriesId[] {
  return [...new Map(lists.flat().map((id) => [seriesName(id), id])).values()];
}

/** Those of `wanted` that are not in `asked` yet. */
export function without(wanted: readonly SeriesId[], asked: readonly SeriesId[]): readonly SeriesId[] {
  const names = new Set(asked.map(seriesName));
  return wanted.filter((id) => !names.has(seriesName(id)));
}

/**
 * What a read asks for once these have shown something: all components of each, and whatever else shows a use of its id.
 * @param configured ids whose signs are asked for anyway
 */
export function whereShown(shown: readonly SeriesId[], configured: readonly string[]): readonly SeriesId[] {
  const known = new Set(configured);
  const others = shown.flatMap((id) => {
    const metricId = metricIdOf(id);
    return metricId === undefined || known.has(metricId) ? [] : [[id.region, metricId] as const];
  });
  const regions = [...new Set(others.map(([region]) => region))];
  const signs = regions.flatMap((region) => {
    const ids = others.flatMap(([of, metricId]) => (of === region ? [metricId] : []));
    return firstSigns([...new Set(ids)], [region]);
  });
  return distinct(shown.flatMap(componentsBeside), signs);
}

function plainSigns(ids: readonly string[], regions: readonly string[]): readonly SeriesId[] {
  return regions.flatMap((region) =>
    ids.flatMap((id) =>
      FIRST_SIGNS.map((metric) => ({ namespace: BEDROCK, region, metric, dimensions: { ModelId: id } })),
    ),
  );
}

/**
 * By model: "The model identifier (for example, anthropic.claude-opus-4-7)", in its own Region only
 * (https://docs.aws.amazon.com/bedrock/latest/userguide/monitoring-mantle-metrics.html, read 2026-11-28).
 */
function mantleSigns(id: string, region: string): readonly SeriesId[] {
  return MANTLE_METRICS.map((metric) => ({ namespace: MANTLE, region, metric, dimensions: { Model: id } }));
}
