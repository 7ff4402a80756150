import * as z from 'zod/mini';
import { nanoUsd } from '../core/money';
import type { BudgetNode } from '../core/shared-budgets';
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
}) satisfies z.ZodMiniType<BudgetNode>;

/** The budgets within the environment's, as JSON, a parent before its children. Absent: it has none. */
export const budgetNodes = z.pipe(z._default(z.string(), '[]'), json(z.array(node)));
