import * as z from 'zod/mini';
import { parseVariables } from '../env';

export const reserveConcurrencyEnv = z.object({
  /** The function that must always find room. */
  FUNCTION_NAME: z.string().check(z.minLength(1)),
});

export type ReserveConcurrencyVariables = z.input<typeof reserveConcurrencyEnv>;
export type ReserveConcurrencyEnv = z.output<typeof reserveConcurrencyEnv>;

export function parseReserveConcurrencyEnv(
  variables: Readonly<Record<string, string | undefined>>,
): ReserveConcurrencyEnv {
  return parseVariables(reserveConcurrencyEnv, variables);
}
