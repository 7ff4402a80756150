import * as z from 'zod/mini';
import { nanoUsd, percentOf } from '../../core/money';
import { dashboard, json, parseVariables } from '../env';
import { principalSettings } from '../principals';
import { meteredModels, meterSettings, type MeterSettings } from '../meter-settings';
import { budgetSettings } from '../shared-budgets';

export { priceTuple, type MeterSettingsVariables } from '../meter-settings';

const text = z.string().check(z.minLength(1));
const AMOUNT = { error: 'a whole number of nano-dollars above 0' };
/** What a template's parameter gives can only be text. */
const limit = z.pipe(
  z.union(
    [
      z.int(AMOUNT).check(z.minimum(1, AMOUNT)),
      z.pipe(z.string(AMOUNT).check(z.regex(/^[1-9]\d{0,15}$/, AMOUNT)), z.transform(Number)),
    ],
    AMOUNT,
  ),
  z.transform((amount: number) => nanoUsd(amount)),
);

const threshold = z.object({
  atPercent: z.number().check(z.positive()),
  effect: z.enum(['notify', 'degrade', 'stop']),
  basis: z.enum(['actual', 'forecast']),
});

const minutes = z.number().check(z.minimum(0));

/** Names of metrics that an app has asked for. */
export const ASKED_METRICS = 'ASKED_METRICS';

const percent = z.number().check(z.positive());

/** All but the limit in percent of it, for a deployment may know no more than that. */
const lines = z.pipe(
  z.object({
    limit,
    thresholds: z.array(threshold),
    stopAtPercent: percent,
    dailyLimitPercent: percent,
    hourlyBrakePercent: percent,
  }),
  z.transform(({ dailyLimitPercent, hourlyBrakePercent, ...rest }) => ({
    ...rest,
    dailyLimit: percentOf(rest.limit, dailyLimitPercent),
    hourlyBrake: percentOf(rest.limit, hourlyBrakePercent),
  })),
);

const amount = z.union([
  z.literal('unknown'),
  z.pipe(
    z.string().check(z.regex(/^\d{1,16}$/)),
    z.transform((digits: string) => nanoUsd(Number(digits))),
  ),
]);

/** A day of the catalogue, as its first moment. */
const dayAsMs = z.pipe(
  z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)),
  z.transform((day: string) => Date.parse(`${day}T00:00:00Z`)),
);

const timing = z.object({
  unknownAfterMinutes: minutes,
  graceMinutes: minutes,
  longestGenerationMinutes: minutes,
  metricDelayMinutes: minutes,
  tickMinutes: minutes,
  enforcementMinutes: minutes,
});

export const spendMeterEnv = z.object({
  ...meterSettings,
  ...budgetSettings,
  LINES: json(lines),
  TIMING: json(timing),
  /** ARN of the alarm that tells of activity in its Region; empty: the gate is asked each minute. */
  ACTIVITY_ALARM: z.string(),
  /** nano-dollars a minute, or `unknown` where a model's quota is not known. */
  WORST_CASE_RATE: amount,
  /** nano-dollars that no single call of what counts can cost more than, or `unknown`. */
  MOST_A_CALL: amount,
  /** By model: from when on its list price is not trusted, by the catalogue; and whose price is the config's own. */
  EXTENDED_ACCESS: json(z.object({ from: z.record(text, dayAsMs), ownPrice: z.array(text) })),
  ON_BLIND: z.enum(['page', 'stop']),
  ENFORCE: z.enum(['true', 'false']),
  STOP_BATCH_JOBS: z.enum(['true', 'false']),
  ...principalSettings,
  SWITCH_ARN: text,
  DENY_BILL_ARN: text,
  /** The deploy's function, which alone writes the versions of the switch. */
  SWITCH_FUNCTION: text,
  ACCOUNT_ID: text,
  BUDGET_NAME: text,
  /** Empty without a budgets action. */
  BILL_ACTION_ID: z.string(),
  /** Percent of the limit at which the budgets action applies; empty without one. */
  BILL_ACTION_AT_PERCENT: z.string().check(z.regex(/^(\d+(\.\d+)?)?$/)),
  ALERT_TOPIC_ARN: text,
  ...dashboard,
  [ASKED_METRICS]: z.optional(json(z.array(text))),
  STATE_TABLE_NAME: text,
  LEASES_TABLE_NAME: text,
  AUTO_STOP_FUNCTION: text,
  /** Whether the organisation's hub is told how the environment stands. */
  HUB: z.enum(['true', 'false']),
  /** Of this package. */
  GUARD_VERSION: text,
});

/** What the construct must set. */
export type SpendMeterVariables = z.input<typeof spendMeterEnv>;
export type SpendMeterEnv = Omit<z.output<typeof spendMeterEnv>, 'MODELS' | 'PROFILE_IDS'> & MeterSettings;

/** @throws GuardError ENVIRONMENT_INVALID that names every variable at fault */
export function parseSpendMeterEnv(variables: Readonly<Record<string, string | undefined>>): SpendMeterEnv {
  const { PROFILE_IDS, ...env } = parseVariables(spendMeterEnv, variables);
  return { ...env, MODELS: meteredModels({ ...env, PROFILE_IDS }) };
}
