import * as z from 'zod/mini';
import type { CheckedModel } from '../../core/health';
import { dashboard, json, parseVariables } from '../env';
import { principalSettings } from '../principals';
import { profileIds, profilesByModel } from '../profile-ids';

const text = z.string().check(z.minLength(1));
/** Pico-dollars a token, as in core/prices. */
const pico = z.number().check(z.nonnegative());
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

const model = z.object({
  /** As the configuration names it: unique. */
  id: text,
  /** Base model id. */
  modelId: text,
  tier: z.enum(['small', 'large']),
  optional: z.boolean(),
  /** The system-defined profile of a cross-Region model; absent: the model itself. */
  systemProfile: z.optional(text),
  /** Key of the environment's own profile in PROFILE_IDS, which is called in place of both; absent without one. */
  profile: z.optional(text),
  soldThroughMarketplace: z.union([z.boolean(), z.literal('unknown')]),
  /** By the catalogue; Bedrock's own answer is asked at run time. */
  endOfLife: z.optional(day),
  extendedAccessFrom: z.optional(day),
  /** The price is the config's, and no list's. */
  ownPrice: z.boolean(),
  replacement: z.optional(text),
  /** System-defined profiles of a model that is called without one. */
  profileIds: z.optional(z.array(text)),
});

const canary = z.object({
  /** The canary's own application inference profile. */
  profileArn: text,
  modelId: text,
  price: z.object({ input: pico, output: pico }),
});

export const healthCheckEnv = z.object({
  ENVIRONMENT: text,
  /** The account that the stack was deployed to. */
  ACCOUNT_ID: text,
  REGION: text,
  /** `aws`, `aws-us-gov`: ARNs of what is called are made of it. */
  PARTITION: text,
  INVOKER_ROLE_ARN: text,
  MODELS: json(z.array(model)),
  PROFILE_IDS: profileIds,
  /** `null` where the Region has no application inference profiles. */
  CANARY: json(z.nullable(canary)),
  ...principalSettings,
  /** Of IAM Identity Center, by name; its roles in the account must have the switch too. */
  PERMISSION_SETS: json(z.array(text)),
  SWITCH_ARN: text,
  DENY_BILL_ARN: text,
  /** Whether AWS Budgets has an action that attaches the latter. */
  BILL_ACTION: z.enum(['true', 'false']),
  ALERT_TOPIC_ARN: text,
  ...dashboard,
  /** Who should be subscribed to the alert topic by e-mail. */
  ALERT_EMAILS: json(z.array(text)),
  STATE_TABLE_NAME: text,
  LOCAL_ENDPOINT: text,
  /** For which concurrency is set aside. */
  METER_FUNCTION: text,
  /** The function that does so. */
  RESERVE_CONCURRENCY_FUNCTION: text,
  /** Quotas by Service Quotas' own names, with the value that the estimate of the overshoot assumes. */
  ASSUMED_QUOTAS: json(z.array(z.object({ model: text, tokensPerMinute: z.number().check(z.positive()) }))),
});

type Parsed = z.output<typeof healthCheckEnv>;
export interface HealthCheckEnv extends Omit<Parsed, 'MODELS' | 'PROFILE_IDS' | 'PARTITION'> {
  readonly MODELS: readonly CheckedModel[];
}
export type HealthCheckVariables = z.input<typeof healthCheckEnv>;

/** @throws GuardError ENVIRONMENT_INVALID that names every variable at fault */
export function parseHealthCheckEnv(variables: Readonly<Record<string, string | undefined>>): HealthCheckEnv {
  const { PARTITION, PROFILE_IDS, MODELS, ...env } = parseVariables(healthCheckEnv, variables);
  const profiles = profilesByModel(MODELS, PROFILE_IDS);
  const bedrock = `arn:${PARTITION}:bedrock:${env.REGION}:`;
  const calledAs = ({ id, modelId, systemProfile }: (typeof MODELS)[number]) => {
    const own = profiles.get(id);
    if (own !== undefined) return `${bedrock}${env.ACCOUNT_ID}:application-inference-profile/${own}`;
    if (systemProfile !== undefined) return `${bedrock}${env.ACCOUNT_ID}:inference-profile/${systemProfile}`;
    return `${bedrock}:foundation-model/${modelId}`;
  };
  const models = MODELS.map((model) => ({ ...model, callAs: calledAs(model) }));
  return { ...env, MODELS: models };
}
