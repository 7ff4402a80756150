import * as z from 'zod/mini';
import { managedFunctions } from '../auto-stop-settings';
import { json, parseVariables } from '../env';
import { principalSettings } from '../principals';

export { HELD_PRINCIPALS, type PrincipalSettingsVariables } from '../principals';

const text = z.string().check(z.minLength(1));
const arn = z.string().check(z.startsWith('arn:'));

export const switchEnv = z.object({
  ENVIRONMENT: text,
  SWITCH_ARN: arn,
  /** AWS Budgets' own deny, which outlives neither its action nor the stack. */
  DENY_BILL_ARN: arn,
  PARTITION: text,
  ACCOUNT_ID: text,
  /** Base ids of all that `degraded` leaves. */
  SMALL_MODELS: json(z.array(text)),
  ...principalSettings,
  STATE_TABLE_NAME: text,
  /** Whether the state table outlives the stack: the deletion then says so. */
  KEEPS_STATE: z.enum(['true', 'false']),
  /** Lambda sets it in every function. */
  AWS_REGION: text,
  /** Whose provisioned concurrency to give back, as in auto-stop. */
  MANAGED_FUNCTIONS: managedFunctions,
});

/** What the construct sets; a function may not set `AWS_REGION` itself. */
export type SwitchVariables = Omit<z.input<typeof switchEnv>, 'AWS_REGION'>;
export type SwitchEnv = z.output<typeof switchEnv>;

export function parseSwitchEnv(variables: Readonly<Record<string, string | undefined>>): SwitchEnv {
  return parseVariables(switchEnv, variables);
}
