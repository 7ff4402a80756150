import type { EnvironmentConfig, ModelRoute, ResolvedModel } from '../../config/guard-config';
import { findModel } from '../../config/models';
import { libraryModels, libraryPrice, type LibraryModel } from '../../config/price-library';
import { environmentOf } from './stack';

/** So many ids of the price library that can be called from us-east-1, as a configuration would resolve them. */
export function manyModels(count: number): readonly ResolvedModel[] {
  const callable = libraryModels.filter(({ scope }) => scope === undefined || scope === 'us' || scope === 'global');
  const models = callable.flatMap(resolved).slice(0, count);
  if (models.length < count) throw new Error(`the library has ${models.length} such models only`);
  return models;
}

export function withManyModels(count: number, changes: Readonly<Record<string, unknown>> = {}): EnvironmentConfig {
  return { ...environmentOf('dev', changes), models: manyModels(count) };
}

function resolved({ id, baseId, scope, name, vendor }: LibraryModel, at: number): readonly ResolvedModel[] {
  const found = libraryPrice(id, findModel(baseId) ?? {});
  if ('missing' in found) return [];
  const route: ModelRoute =
    scope === undefined
      ? { via: 'onDemand', modelId: baseId }
      : { via: 'crossRegion', modelId: baseId, profileId: id, destinationRegions: 'unknown' };
  const { price, source: priceSource } = found;
  const lifecycle = { status: 'unknown' } as const;
  const more = { vendor, lifecycle, soldThroughMarketplace: 'unknown', optional: false, priceSource } as const;
  return [{ id, name, tier: at % 6 === 0 ? 'large' : 'small', route, price, ...more }];
}
