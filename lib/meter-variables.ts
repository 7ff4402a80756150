import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type EnvironmentConfig, type ResolvedModel, calledId, findModel, libraryPrices, splitId } from '../config';
import { seriesAsked, dearestOf } from '../core/meter';
import type { ModelPrice } from '../core/prices';
import { priceTuple, type MeterSettingsVariables } from '../lambda/spend-meter';
import type { GuardFunction } from './guard-function';
import type { HealthCheck } from './health-check';
import type { InferenceProfiles } from './inference-profiles';
import { chosen, type LateValues } from './late-values';
import { nagText } from './nag-text';
import { profileIdsByKey, profileKey } from './profile-keys';

export interface MeteredProps {
  readonly environment: EnvironmentConfig;
  readonly values: LateValues;
  /** @default - models are called directly, in an account of their own */
  readonly profiles?: InferenceProfiles;
  readonly healthCheck: HealthCheck;
}

/** What every function that reads the tokens in CloudWatch is told, the same for each of them. */
export function meterSettingsVariables(props: MeteredProps): MeterSettingsVariables {
  const { environment, values, profiles, healthCheck } = props;
  return {
    ENVIRONMENT: environment.name,
    IDENTITY: chosen(values.billsAccount, 'direct', 'profile'),
    METERING: chosen(values.metersAccount, 'account', 'profiles'),
    METER_REGIONS: JSON.stringify(environment.meter.regions),
    MODELS: JSON.stringify(environment.models.map((model) => metered(model, props))),
    PROFILE_IDS: JSON.stringify(profileIdsByKey(environment.models, profiles)),
    PRICES: JSON.stringify(listPrices()),
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

/** The same of keys with `?` and `*` in them. */
export function leadingKeysLike(...keys: readonly string[]) {
  return {
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  };
}

/** See the schema in lambda/meter-settings.ts. */
function metered(model: ResolvedModel, { values, profiles }: MeteredProps) {
  const called = calledId(model.route);
  return {
    id: model.id,
    modelId: model.route.modelId,
    calledId: called,
    tier: model.tier,
    price: priceTuple(model.price),
    // Where all of the account counts, it is also called past its profile; elsewhere the function leaves these out.
    metricIds: values.metersAccount === false ? [] : [...new Set([called, model.route.modelId])],
    ...(profiles ? { profile: profileKey(model) } : {}),
  };
}

/** Every id of the price library, by base id and scope. */
function listPrices() {
  const bases: Record<string, Record<string, readonly (number | null)[]>> = {};
  for (const [id, price] of libraryPrices(findModel)) {
    const { baseId, scope = '' } = splitId(id);
    (bases[baseId] ??= {})[scope] = priceTuple(price);
  }
  return bases;
}

/** How many series each read of the meter asks for by name. */
export function seriesAskedOf(props: MeteredProps) {
  const { environment, healthCheck } = props;
  // The id of a profile is known once it is deployed: any will do to count.
  const models = environment.models.map((model, at) => {
    const { metricIds, profile } = metered(model, props);
    return profile === undefined ? metricIds : [`profile${at}`, ...metricIds];
  });
  return seriesAsked(models, environment.meter.regions, healthCheck.canaryProfile ? 1 : 0);
}

/** Of every id of the price library, and of what the config prices itself. */
function knownPrices(environment: EnvironmentConfig): readonly ModelPrice[] {
  return [...libraryPrices(findModel).values(), ...environment.models.map(({ price }) => price)];
}
