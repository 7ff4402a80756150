import * as z from 'zod/mini';
import { json, parseVariables } from '../env';

export const teardownEnv = z.object({
  /** The deny policies to lift. */
  POLICY_ARNS: json(z.array(z.string().check(z.startsWith('arn:'))).check(z.minLength(1))),
});

export type TeardownVariables = z.input<typeof teardownEnv>;
export type TeardownEnv = z.output<typeof teardownEnv>;

export function parseTeardownEnv(variables: Readonly<Record<string, string | undefined>>): TeardownEnv {
  return parseVariables(teardownEnv, variables);
}
