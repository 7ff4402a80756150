import type { ResolvedModel } from './guard-config';

/**
 * IAM sees a model without the scope by which it was called. Where a configuration has one model in both tiers, by two of its
 * ids, only one can hold: the large one, everywhere, so that the plugin, the meter and the switch mean the same.
 * @returns the models, small before large, and what to tell the deployer
 */
export function withOneTierEach(models: readonly ResolvedModel[]): {
  readonly models: readonly ResolvedModel[];
  readonly notices: readonly string[];
} {
  const large = new Map(models.flatMap(({ tier, route, id }) => (tier === 'large' ? [[route.modelId, id]] : [])));
  const lowered = models.filter(({ tier, route }) => tier === 'small' && large.has(route.modelId));
  if (lowered.length === 0) return { models, notices: [] };
  const tiered = models.map((model) => (lowered.includes(model) ? { ...model, tier: 'large' as const } : model));
  return {
    models: [...tiered.filter(({ tier }) => tier === 'small'), ...tiered.filter(({ tier }) => tier === 'large')],
    notices: lowered.map(
      ({ id, route }) =>
        `${id} is in models.small, and ${large.get(route.modelId)} in models.large: both are the model ${route.modelId}, which IAM knows without its scope, so both count as large`,
    ),
  };
}

/** Base ids that may be called where only small models may: never one that is large by another of its ids. */
export function smallModelIds(models: readonly ResolvedModel[]): readonly string[] {
  const { models: tiered } = withOneTierEach(models);
  return [...new Set(tiered.flatMap(({ tier, route }) => (tier === 'small' ? [route.modelId] : [])))];
}
