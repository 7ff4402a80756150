import type { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import { ollamaTag } from '../core/health';
import { type ClientConfig, complete, type CompleteClientConfig, type StackOutput } from '../core/in-path';
import { type InferenceProfiles, profileOutput } from './inference-profiles';
import { deployedStack, outputName } from './logical-ids';
import { budgetNodes } from './shared-budgets';
import { LEASES_TABLE_OUTPUT, type Tables } from './tables';

/** What the in-path plugin of an environment needs; what only a deployment knows is named by its output. */
export function clientConfig(scope: Construct, environment: EnvironmentConfig): ClientConfig {
  const stack = deployedStack(scope).stackName;
  const named = (output: string): StackOutput => ({ stack, output: outputName(scope, output) });
  return {
    schemaVersion: 1,
    environment: environment.name,
    region: environment.region,
    leasesTable: named(LEASES_TABLE_OUTPUT),
    limit: environment.limit,
    requestLimits: environment.requestLimits,
    cacheMinutes: environment.cacheMinutes,
    inPath: environment.inPath,
    ...(environment.budgets.length === 0 ? {} : { budgets: budgetNodes(environment.budgets) }),
    models: environment.models.map(({ id, name, tier, route, price, shortContext, priceSource, maxOutputTokens }) => ({
      id,
      ...(route.modelId === id ? {} : { baseId: route.modelId }),
      name,
      tier,
      calledId: route.via === 'crossRegion' ? route.profileId : route.modelId,
      ...(environment.identity === 'profile' ? { profile: named(profileOutput(id)) } : {}),
      price,
      ...(shortContext ? { shortContext } : {}),
      priceSource,
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    })),
    localModels: {
      endpoint: environment.localModels.endpoint,
      models: environment.localModels.models.map(ollamaTag),
    },
  };
}

/** The same with the values themselves, for what is deployed with them: text of which CloudFormation makes the values. */
export function deployedClientConfig(
  scope: Construct,
  environment: EnvironmentConfig,
  { tables, profiles }: { readonly tables: Tables; readonly profiles?: InferenceProfiles | undefined },
): CompleteClientConfig {
  const profileArns = new Map(
    environment.models.map((model) => [outputName(scope, profileOutput(model.id)), profiles?.arnOf(model)] as const),
  );
  const valueOf = ({ output }: StackOutput) =>
    output === outputName(scope, LEASES_TABLE_OUTPUT) ? tables.leases.tableName : profileArns.get(output);
  return complete(clientConfig(scope, environment), valueOf).config;
}

/** Beside the templates, in the same folder. */
export function clientConfigFile(environment: string): string {
  return `spend-guard-client.${environment}.json`;
}
