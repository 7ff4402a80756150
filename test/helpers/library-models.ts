import type { EnvironmentConfig, ModelRoute, ResolvedModel } from '../../config/guard-config';
import { libraryModels, splitId } from '../../config/price-library';
import { picoUsdPerToken } from '../../core/prices';
import type { Template as Resources } from '../../simulator/template/resolver';
import type { IamActions } from './iam-actions';
import { StackIam } from './iam-stack';
import { onceARun } from './once-a-run';
import { environmentOf } from './stack';

/** Every base id of the price library, the longest first: what takes the most room in a policy. */
export const BASE_IDS: readonly string[] = [...new Set(libraryModels.map(({ baseId }) => baseId))].sort(
  (a, b) => b.length - a.length || (a < b ? -1 : 1),
);

export const LIBRARY_IDS: readonly string[] = libraryModels.map(({ id }) => id);

/** A model by any id: with a scope across Regions, to where nobody knows unless it is said; without one on demand. */
export function resolved(
  id: string,
  tier: ResolvedModel['tier'] = 'small',
  destinationRegions: readonly string[] | 'unknown' = 'unknown',
): ResolvedModel {
  const { scope, baseId, vendor } = splitId(id);
  const route: ModelRoute =
    scope === undefined
      ? { via: 'onDemand', modelId: baseId }
      : { via: 'crossRegion', modelId: baseId, profileId: id, destinationRegions };
  const price = picoUsdPerToken(1);
  return {
    id,
    name: id,
    vendor,
    tier,
    optional: false,
    route,
    price: { input: price, output: price, cacheRead: price, cacheWrite: price },
    priceSource: 'test',
    lifecycle: { status: 'unknown' },
    soldThroughMarketplace: 'unknown',
  };
}

export function withModels(
  models: readonly ResolvedModel[],
  identity: EnvironmentConfig['identity'] = 'profile',
): EnvironmentConfig {
  return { ...environmentOf('dev', identity === 'direct' ? { identity, account: '111122223333' } : {}), models };
}

/** Of what says who may call which model, see `callersStack`: made once in a run. */
export function callersTemplate(environment: EnvironmentConfig): Resources {
  return onceARun('callers', environment, () =>
    (require('./callers-stack') as typeof import('./callers-stack')).callersTemplate(environment),
  );
}

export function callersIam(iam: IamActions, environment: EnvironmentConfig): StackIam {
  return new StackIam(iam, environment, callersTemplate(environment));
}
