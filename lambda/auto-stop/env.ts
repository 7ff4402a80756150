import * as z from 'zod/mini';
import { managedFunctions } from '../auto-stop-settings';
import { dashboard, parseVariables } from '../env';

const text = z.string().check(z.minLength(1));

export const autoStopEnv = z.object({
  ENVIRONMENT: text,
  STATE_TABLE_NAME: text,
  ALERT_TOPIC_ARN: text,
  ...dashboard,
  /** Lambda sets it in every function. */
  AWS_REGION: text,
  /** `[]` where the environment lists none. */
  MANAGED_FUNCTIONS: managedFunctions,
});

export type AutoStopEnv = z.output<typeof autoStopEnv>;
/** What the construct sets; a function may not set `AWS_REGION` itself. */
export type AutoStopVariables = Omit<z.input<typeof autoStopEnv>, 'AWS_REGION'>;

/** @throws GuardError ENVIRONMENT_INVALID that names every variable at fault */
export function parseAutoStopEnv(variables: Readonly<Record<string, string | undefined>>): AutoStopEnv {
  return parseVariables(autoStopEnv, variables);
}
