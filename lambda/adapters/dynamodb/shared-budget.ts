import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { GuardError } from '../../../core/errors';
import { nanoUsd } from '../../../core/money';
import { budgetKey, BUDGET_SORT_KEY, ENVIRONMENT_BUDGET } from '../../../core/shared-budgets';
import type { SharedBudget, SharedBudgetPort } from '../../../core/report';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 5_000;

const amount = z.pipe(
  z.int(),
  z.transform((nano: number) => nanoUsd(nano)),
);
const shape = z.object({
  schemaVersion: z.literal(1),
  ...{ limit: amount, spent: amount, remaining: amount, unsettled: amount },
  carried: z.optional(amount),
  ...{ releasedBy: z.optional(z.string()), releasedReason: z.optional(z.string()) },
  ...{ releasedAt: z.optional(z.int()), releasedAmount: z.optional(amount) },
});

/** An item of the leases table for each budget and period, see `budgetKey`, which callers write. */
export function sharedBudget(
  tableName: string,
  environment: string,
  client = new DynamoDBClient({ maxAttempts: 2 }),
): SharedBudgetPort {
  const documents = DynamoDBDocumentClient.from(client);
  return {
    async sharedBudget(period, budget = ENVIRONMENT_BUDGET) {
      const Key = { pk: budgetKey(environment, budget, period), sk: BUDGET_SORT_KEY };
      const command = new GetCommand({ TableName: tableName, Key, ConsistentRead: true });
      const { Item } = await calling(() => documents.send(command, { abortSignal: timeout(REQUEST_MS) }));
      return Item && readSharedBudget(Item);
    },
  };
}

/** @throws GuardError ANSWER_INVALID where it is not what this release writes */
export function readSharedBudget(item: Readonly<Record<string, unknown>>): SharedBudget {
  const parsed = shape.safeParse(item);
  if (parsed.success) {
    const { limit, spent, remaining, unsettled, carried } = parsed.data;
    const released = releasedOf(parsed.data);
    return {
      ...{ limit, spent, remaining, unsettled },
      ...(carried !== undefined && { carried }),
      ...(released && { released }),
    };
  }
  const wrong = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
  throw new GuardError(
    'ANSWER_INVALID',
    `the shared budget ${String(item['pk'])} cannot be read: ${wrong} is not what this release writes`,
  );
}

function releasedOf({
  releasedBy: by,
  releasedReason: reason,
  releasedAt: at,
  releasedAmount: amount,
}: z.infer<typeof shape>) {
  if (by === undefined || reason === undefined || at === undefined || amount === undefined) return undefined;
  return { by, reason, at, amount };
}
