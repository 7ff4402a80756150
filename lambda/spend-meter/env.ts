import * as z from 'zod/mini';
import { nanoUsd } from '../../core/money';
import type { PicoUsd } from '../../core/prices';
import { json, parseVariables } from '../env';

const text = z.string().check(z.minLength(1));
const nano = z.pipe(
  z.int().check(z.minimum(0)),
  z.transform((amount: number) => nanoUsd(amount)),
);
const pico = z.pipe(
  z.int().check(z.minimum(0)),
  z.transform((price: number) => price as PicoUsd),
);
const cachePrice = z.pipe(
  z.nullable(pico),
  z.transform((price: PicoUsd | null) => price ?? ('unsupported' as const)),
);

/** `[input, output, cacheRead | null, cacheWrite | null]` in pico-dollars a token: Lambda takes 4 KB of variables in all. */
const price = z.pipe(
  z.tuple([pico, pico, cachePrice, cachePrice]),
  z.transform(([input, output, cacheRead, cacheWrite]) => ({ input, output, cacheRead, cacheWrite })),
);

/** `[model id, 's' | 'l', price, ids that CloudWatch may show]`. */
const model = z.pipe(
  z.tuple([text, z.enum(['s', 'l']), price, z.array(text)]),
  z.transform(([modelId, tier, itsPrice, metricIds]) => ({
    modelId,
    tier: tier === 's' ? ('small' as const) : ('large' as const),
    price: itsPrice,
    metricIds,
  })),
);

const threshold = z.object({
  atPercent: z.number().check(z.positive()),
  effect: z.enum(['notify', 'degrade', 'stop']),
  basis: z.enum(['actual', 'forecast']),
});

const minutes = z.number().check(z.minimum(0));

const lines = z.object({
  limit: nano,
  thresholds: z.array(threshold),
  stopAtPercent: z.number().check(z.positive()),
  dailyLimit: nano,
  hourlyBrake: nano,
});

const timing = z.object({
  unknownAfterMinutes: minutes,
  graceMinutes: minutes,
  longestGenerationMinutes: minutes,
  metricDelayMinutes: minutes,
  tickMinutes: minutes,
  enforcementMinutes: minutes,
});

export const spendMeterEnv = z.object({
  ENVIRONMENT: text,
  IDENTITY: z.enum(['profile', 'direct']),
  /** Where tokens are used: each Region has metrics of its own. */
  METER_REGIONS: json(z.array(text).check(z.minLength(1))),
  MODELS: json(z.array(model).check(z.minLength(1))),
  /** Per component, the dearest price of the whole catalogue: what cannot be priced exactly is charged at it. */
  DEAREST: json(price),
  LINES: json(lines),
  TIMING: json(timing),
  /** nano-dollars a minute, or `unknown` where a model's quota is not known. */
  WORST_CASE_RATE: z.union([
    z.literal('unknown'),
    z.pipe(
      z.string().check(z.regex(/^\d{1,16}$/)),
      z.transform((digits: string) => nanoUsd(Number(digits))),
    ),
  ]),
  /** The opaque id of the canary's own profile; empty where the Region has none. */
  CANARY_PROFILE_ID: z.string(),
  ON_BLIND: z.enum(['page', 'stop']),
  ENFORCE: z.enum(['true', 'false']),
  STOP_BATCH_JOBS: z.enum(['true', 'false']),
  PRINCIPALS: json(z.object({ roles: z.array(text), users: z.array(text), groups: z.array(text) })),
  DENY_METER_ARN: text,
  DENY_LARGE_ARN: text,
  ACCOUNT_ID: text,
  BUDGET_NAME: text,
  /** Empty without a budgets action. */
  BILL_ACTION_ID: z.string(),
  /** Percent of the limit at which the budgets action applies; empty without one. */
  BILL_ACTION_AT_PERCENT: z.string().check(z.regex(/^(\d+(\.\d+)?)?$/)),
  ALERT_TOPIC_ARN: text,
  STATE_TABLE_NAME: text,
  LEASES_TABLE_NAME: text,
  AUTO_STOP_FUNCTION: text,
});

/** What the construct must set. */
export type SpendMeterVariables = z.input<typeof spendMeterEnv>;
export type SpendMeterEnv = z.output<typeof spendMeterEnv>;

/** @throws GuardError ENVIRONMENT_INVALID that names every variable at fault */
export function parseSpendMeterEnv(variables: Readonly<Record<string, string | undefined>>): SpendMeterEnv {
  return parseVariables(spendMeterEnv, variables);
}

/** The values of MODELS and DEAREST. */
export interface PriceTuple {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number | 'unsupported';
  readonly cacheWrite: number | 'unsupported';
}

/** A price as the variables carry it. */
export function priceTuple({ input, output, cacheRead, cacheWrite }: PriceTuple): readonly (number | null)[] {
  const orNull = (component: number | 'unsupported') => (component === 'unsupported' ? null : component);
  return [input, output, orNull(cacheRead), orNull(cacheWrite)];
}
