import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import cdkJson from '../../cdk.json';
import type { EnvironmentConfig, ModelRoute, ResolvedModel } from '../../config/guard-config';
import { libraryModels, splitId } from '../../config/price-library';
import { picoUsdPerToken } from '../../core/prices';
import { DenyBill } from '../../lib/deny-bill';
import { InferenceProfiles } from '../../lib/inference-profiles';
import { InvokerRole } from '../../lib/invoker-role';
import { Tables } from '../../lib/tables';
import type { Template as Resources } from '../../simulator/template/resolver';
import type { IamActions } from './iam-actions';
import { StackIam } from './iam-stack';
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

/** What says who may call which model, and nothing else of a stack. */
export function callersStack(environment: EnvironmentConfig): Stack {
  const stack = new Stack(new App({ context: cdkJson.context }), `SpendGuard-${environment.name}`, {
    env: { region: environment.region },
  });
  const { name, models, identity, assumableBy } = environment;
  const profiles =
    identity === 'profile' ? new InferenceProfiles(stack, 'Profiles', { environment: name, models }) : undefined;
  const { leases } = new Tables(stack, 'Tables', { keepState: false });
  new InvokerRole(stack, 'Invoker', {
    environment: name,
    models,
    assumableBy,
    leases,
    ...(profiles ? { profiles } : {}),
  });
  new DenyBill(stack, 'Deny');
  return stack;
}

export function callersIam(iam: IamActions, environment: EnvironmentConfig): StackIam {
  return new StackIam(iam, environment, Template.fromStack(callersStack(environment)).toJSON() as Resources);
}
