import { picoUsdPerToken, type ModelPrice, type PicoUsd } from '../core/prices';
import type { ModelRoute } from './guard-config';
import { splitId } from './price-library';
import type { DeclaredModel } from './model-shapes';

/** A model that the configuration brings along whole, because no list has it, or has it as this account calls it. */
export interface Declared {
  readonly name: string;
  readonly route: ModelRoute;
  readonly price: ModelPrice;
  readonly source: string;
}

export type Declarations = ReadonlyMap<string, Declared>;

export function declarations(models: readonly DeclaredModel[]): Declarations {
  return new Map(models.map((model) => [model.id, declared(model)]));
}

function declared({ id, name, route, prices, why }: DeclaredModel): Declared {
  const cache = (price: number | 'unsupported') => (price === 'unsupported' ? price : picoUsdPerToken(price));
  const [short, hour] = [cache(prices.cacheWrite5mUsd), cache(prices.cacheWrite1hUsd)];
  return {
    name: name ?? splitId(id).baseId,
    route: routeOf(id, route),
    price: {
      input: picoUsdPerToken(prices.inputUsd),
      output: picoUsdPerToken(prices.outputUsd),
      cacheRead: cache(prices.cacheReadUsd),
      // CloudWatch does not tell the two kinds of cache write apart: all of them cost what the dearer one does.
      cacheWrite:
        short === 'unsupported' || hour === 'unsupported' ? dearer(short, hour) : (Math.max(short, hour) as PicoUsd),
      ...(short === 'unsupported' || hour === 'unsupported' ? {} : { cacheWrite5m: short, cacheWrite1h: hour }),
    },
    source: `declared in the config: ${why}`,
  };
}

function dearer(one: PicoUsd | 'unsupported', other: PicoUsd | 'unsupported'): PicoUsd | 'unsupported' {
  return one === 'unsupported' ? other : one;
}

function routeOf(id: string, route: DeclaredModel['route']): ModelRoute {
  if (route === 'onDemand') return { via: 'onDemand', modelId: id };
  const { profileOf, destinationRegions = 'unknown' } = route;
  return { via: 'crossRegion', modelId: profileOf, profileId: id, destinationRegions };
}
