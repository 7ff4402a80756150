import * as z from 'zod/mini';
import { nanoUsd } from '../core/money';
import { json } from './env';

const amount = z.pipe(
  z.int().check(z.minimum(0)),
  z.transform((nano: number) => nanoUsd(nano)),
);

const node = z.object({
  path: z.string().check(z.minLength(1)),
  period: z.enum(['month', 'week', 'day']),
  limit: amount,
  rolloverUpTo: z.optional(amount),
});

export const budgetSettings = {
  /** The budgets within the environment's own, each after those it is within. Absent: there are none. */
  BUDGETS: z._default(json(z.array(node)), []),
} as const;
