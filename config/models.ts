import { amazon } from './catalogue/amazon';
import { anthropic } from './catalogue/anthropic';
import { meta } from './catalogue/meta';
import { openWeight } from './catalogue/open-weight';
import type { CatalogueModel } from './catalogue/types';
import type { ModelRoute } from './guard-config';

export type { CatalogueModel, CrossRegionProfile, Lifecycle } from './catalogue/types';

/** The Bedrock text models that this project knows. What no document gives is left out, never filled in from memory. */
export const catalogue: readonly CatalogueModel[] = [...amazon, ...anthropic, ...meta, ...openWeight];

/** By exact base id only: an id that is nearly right is another model, with another price (trap 16). */
export function findModel(id: string): CatalogueModel | undefined {
  return catalogue.find((model) => model.id === id);
}

/**
 * How a model is called from a Region: on demand where it can be, else through the geographic profile. `undefined` where
 * neither is known, or where the model is offered at a price that is not (`unpricedRegions`).
 */
export function routeFrom(model: CatalogueModel, region: string): ModelRoute | undefined {
  if (model.onDemandRegions.includes(region)) return { via: 'onDemand', modelId: model.id };
  const profile = model.crossRegion.find(({ sourceRegions }) => sourceRegions.includes(region));
  return (
    profile && {
      via: 'crossRegion',
      modelId: model.id,
      profileId: profile.profileId,
      destinationRegions: profile.destinationRegions,
    }
  );
}
