import * as z from 'zod/mini';
import { nanoUsd } from '../../core/money';
import { guardedUnmetered } from '../../core/metering';
import { dashboard, json, names, parseVariables } from '../env';
import { meteredModels, meterSettings, type MeterSettings } from '../meter-settings';
import { budgetSettings } from '../shared-budgets';

const text = z.string().check(z.minLength(1));

const threshold = z.object({
  atPercent: z.number().check(z.positive()),
  effect: z.enum(['notify', 'degrade', 'stop']),
  basis: z.enum(['actual', 'forecast']),
});

const limit = z.pipe(
  z.string().check(z.regex(/^\d{1,16}$/, { error: 'a whole number of nano-dollars' })),
  z.transform((digits: string) => nanoUsd(Number(digits))),
);

const named = (list: readonly string[]) => list.map((name) => ({ name }));

/** Of principals that a template's parameters name, where the own profiles alone count. */
const unmetered = z.pipe(
  z.object({ roles: names, users: names, groups: names }),
  z.transform(({ roles, users, groups }) =>
    guardedUnmetered({
      metering: 'profiles',
      principals: { roles: named(roles), users: named(users), groups: named(groups), permissionSets: [] },
    }),
  ),
);

export const costCheckEnv = z.object({
  ...meterSettings,
  ...budgetSettings,
  /** Catalogue names by base model id, which the bill's labels are compared with. */
  MODEL_NAMES: json(z.record(text, text)),
  /** `false`: the meter is a dry run. */
  ENFORCE: z.enum(['true', 'false']),
  LIMIT_NANO_USD: limit,
  THRESHOLDS: json(z.array(threshold)),
  /** The cost allocation tag of the profiles. */
  TAG_KEY: text,
  BUDGET_NAME: text,
  /** Empty where this environment does not carry the account-wide budget. */
  ACCOUNT_BUDGET_NAME: z.string(),
  /** Empty without a budgets action. */
  BILL_ACTION_ID: z.string(),
  ACCOUNT_ID: text,
  ALERT_TOPIC_ARN: text,
  ...dashboard,
  STATE_TABLE_NAME: text,
  LEASES_TABLE_NAME: text,
  REPORT_TIME_ZONE: text,
  /** Whom SES mails the report from, as HTML; absent: it goes as text. */
  REPORT_FROM: z.optional(text),
  /** To whom; nobody without `REPORT_FROM`. */
  REPORT_TO: z._default(json(z.array(text)), []),
  /** Break-glass roles, which no stop reaches. */
  NEVER_STOP: json(z.array(text)),
  /** Whom a stop reaches and the meter may not see, as `role app`. */
  GUARDED_UNMETERED: json(z.union([z.array(text), unmetered])),
  /** The tag of IAM principals that says who spent it; absent: none does. */
  SPENDERS_TAG: z.optional(text),
  /** Where Bedrock logs its invocations; absent: no log is read. */
  SPENDERS_LOG_GROUP: z.optional(text),
  /** Lambda's own. */
  AWS_REGION: z.optional(text),
});

/** What the construct must set; a function may not set `AWS_REGION` itself. */
export type CostCheckVariables = Omit<z.input<typeof costCheckEnv>, 'AWS_REGION'>;
export type CostCheckEnv = Omit<z.output<typeof costCheckEnv>, 'MODELS' | 'PROFILE_IDS'> & MeterSettings;

/** @throws GuardError ENVIRONMENT_INVALID that names everything at fault */
export function parseCostCheckEnv(variables: Readonly<Record<string, string | undefined>>): CostCheckEnv {
  const { PROFILE_IDS, ...env } = parseVariables(costCheckEnv, variables);
  return { ...env, MODELS: meteredModels({ ...env, PROFILE_IDS }) };
}
