import * as z from 'zod/mini';
import { managedFunctions } from '../auto-stop-settings';
import { json, parseVariables } from '../env';

const text = z.string().check(z.minLength(1));

export const teardownEnv = z.object({
  ENVIRONMENT: text,
  /** The deny policies to lift. */
  POLICY_ARNS: json(z.array(z.string().check(z.startsWith('arn:'))).check(z.minLength(1))),
  STATE_TABLE_NAME: text,
  /** Whether the state table outlives the stack: the deletion then says so. */
  KEEPS_STATE: z.enum(['true', 'false']),
  /** Lambda sets it in every function. */
  AWS_REGION: text,
  /** Whose provisioned concurrency to give back, as in auto-stop. */
  MANAGED_FUNCTIONS: managedFunctions,
});

/** What the construct sets; a function may not set `AWS_REGION` itself. */
export type TeardownVariables = Omit<z.input<typeof teardownEnv>, 'AWS_REGION'>;
export type TeardownEnv = z.output<typeof teardownEnv>;

export function parseTeardownEnv(variables: Readonly<Record<string, string | undefined>>): TeardownEnv {
  return parseVariables(teardownEnv, variables);
}
