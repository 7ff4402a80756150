import * as z from 'zod/mini';
import { json, parseVariables } from '../env';

const text = z.string().check(z.minLength(1));
/** Pico-dollars a token, as in core/prices. */
const pico = z.number().check(z.nonnegative());
const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));

const model = z.object({
  /** As the configuration names it. */
  id: text,
  /** Base model id. */
  modelId: text,
  tier: z.enum(['small', 'large']),
  optional: z.boolean(),
  /** What a caller of this environment names: an inference profile's ARN or id, or the model id. */
  callAs: text,
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

/** Names, as IAM's API takes them. */
const principals = z.object({ roles: z.array(text), users: z.array(text), groups: z.array(text) });

export const healthCheckEnv = z.object({
  ENVIRONMENT: text,
  /** The account that the stack was deployed to. */
  ACCOUNT_ID: text,
  REGION: text,
  INVOKER_ROLE_ARN: text,
  MODELS: json(z.array(model)),
  /** `null` where the Region has no application inference profiles. */
  CANARY: json(z.nullable(canary)),
  /** Everybody whom a stop must reach, the invoker role among the roles. */
  PRINCIPALS: json(principals),
  DENY_POLICY_ARNS: json(z.object({ meter: text, large: text, bill: text })),
  ALERT_TOPIC_ARN: text,
  /** Who should be subscribed to the alert topic by e-mail. */
  ALERT_EMAILS: json(z.array(text)),
  /** The cost allocation tag that the budget filters on; empty where it filters on none. */
  TAG_KEY: z.string(),
  STATE_TABLE_NAME: text,
  LOCAL_ENDPOINT: text,
  /** Quotas by Service Quotas' own names, with the value that the estimate of the overshoot assumes. */
  ASSUMED_QUOTAS: json(z.array(z.object({ model: text, tokensPerMinute: z.number().check(z.positive()) }))),
});

export type HealthCheckEnv = z.output<typeof healthCheckEnv>;
export type HealthCheckVariables = z.input<typeof healthCheckEnv>;

/** @throws GuardError ENVIRONMENT_INVALID that names every variable at fault */
export function parseHealthCheckEnv(variables: Readonly<Record<string, string | undefined>>): HealthCheckEnv {
  return parseVariables(healthCheckEnv, variables);
}
