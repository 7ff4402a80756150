import { Stack, Token } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EnvironmentConfig, ResolvedModel } from '../config/guard-config';
import { findModel } from '../config/models';
import { libraryPrices } from '../config/price-library';
import { GuardError } from '../core/errors';
import { seriesAsked } from '../core/meter/named';
import { dearestOf } from '../core/meter/resolve';
import type { ModelPrice } from '../core/prices';
import { priceTuple, type MeterSettingsVariables } from '../lambda/spend-meter/env';
import type { GuardFunction } from './guard-function';
import type { HealthCheck } from './health-check';
import type { InferenceProfiles } from './inference-profiles';
import { nagText } from './nag-text';

/** Lambda's limit for all variables together (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html, read 2026-11-23). */
const MAX_VARIABLES_BYTES = 4_096;
/** What a token stands for is not known at synth; ARNs of policies and topics have about a hundred characters. */
const RESOLVED_TOKEN_BYTES = 100;

export interface MeteredProps {
  readonly environment: EnvironmentConfig;
  /** @default - models are called directly, in an account of their own */
  readonly profiles?: InferenceProfiles;
  readonly healthCheck: HealthCheck;
}

/** What every function that reads the tokens in CloudWatch is told, the same for each of them. */
export function meterSettingsVariables(props: MeteredProps): MeterSettingsVariables {
  const { environment, profiles, healthCheck } = props;
  return {
    ENVIRONMENT: environment.name,
    IDENTITY: environment.identity,
    METER_REGIONS: JSON.stringify(environment.meter.regions),
    MODELS: JSON.stringify(environment.models.map((model) => metered(model, profiles))),
    DEAREST: JSON.stringify(priceTuple(dearestOf(knownPrices(environment)))),
    CANARY_PROFILE_ID: healthCheck.canaryProfile?.attrInferenceProfileId ?? '',
  };
}

/** Lets a function read series that it knows by name, and whose the profiles in the account are. */
export function grantMeterReads(to: GuardFunction, { environment }: MeteredProps): void {
  to.allowOnAll(
    ['cloudwatch:GetMetricData', 'bedrock:ListInferenceProfiles'],
    'Metrics have no resources, and profiles are listed on * or not at all.',
  );
  const profiles = regionalArns(to, environment.meter.regions, 'application-inference-profile/*');
  to.allow(['bedrock:ListTagsForResource'], profiles);
  acknowledgeAll(
    to,
    profiles,
    'Whose a profile is, only its tag says: neighbours in the account are told apart by it.',
  );
}

/** The same resource of Bedrock in each Region. */
export function regionalArns(scope: Construct, regions: readonly string[], resource: string): readonly string[] {
  const { partition, account } = Stack.of(scope);
  return regions.map((region) => `arn:${partition}:bedrock:${region}:${account}:${resource}`);
}

export function acknowledgeAll(to: GuardFunction, arns: readonly string[], reason: string): void {
  for (const arn of arns) to.acknowledgeWildcard(`Resource::${nagText(to, arn)}`, reason);
}

/** Items of these partition keys only; a request without any key, such as a scan, is refused. */
export function leadingKeys(...keys: readonly string[]) {
  return {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': keys },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

/** @throws GuardError LIMIT_EXCEEDED at synth, where Lambda would refuse the deployment */
export function refuseTooManyVariables(feature: string, variables: Readonly<Record<string, string>>): void {
  const bytes = Object.entries(variables)
    .map(
      ([name, value]) => name.length + value.replace(/\$\{Token\[[^\]]*\]\}/g, 'x'.repeat(RESOLVED_TOKEN_BYTES)).length,
    )
    .reduce((sum, length) => sum + length, 0);
  if (bytes <= MAX_VARIABLES_BYTES) return;
  throw new GuardError(
    'LIMIT_EXCEEDED',
    `${feature}'s variables would have ${bytes} bytes, Lambda takes ${MAX_VARIABLES_BYTES}: list fewer models or principals in config/budget-tiers.ts`,
  );
}

/** See the schema: `[id, tier, price, ids in CloudWatch's ModelId dimension]`. */
function metered(model: ResolvedModel, profiles: InferenceProfiles | undefined) {
  return [model.id, model.tier === 'small' ? 's' : 'l', priceTuple(model.price), metricIdsOf(model, profiles)];
}

/** What CloudWatch may show a model's tokens under. */
function metricIdsOf(model: ResolvedModel, profiles: InferenceProfiles | undefined): readonly string[] {
  const { route } = model;
  if (profiles) return [profiles.metricIdOf(model)];
  return route.via === 'crossRegion' ? [route.profileId, route.modelId] : [route.modelId];
}

/** How many series each read of the meter asks for by name. */
export function seriesAskedOf({ environment, profiles, healthCheck }: MeteredProps) {
  // The id of a profile is known once it is deployed: any will do to count.
  const models = environment.models.map((model, at) =>
    metricIdsOf(model, profiles).map((id) => (Token.isUnresolved(id) ? `profile${at}` : id)),
  );
  return seriesAsked(models, environment.meter.regions, healthCheck.canaryProfile ? 1 : 0);
}

/** Of every id of the price library, and of what the config prices itself. */
function knownPrices(environment: EnvironmentConfig): readonly ModelPrice[] {
  return [...libraryPrices(findModel).values(), ...environment.models.map(({ price }) => price)];
}
