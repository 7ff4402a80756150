import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { GuardError } from '../../core/errors';
import { nanoUsd } from '../../core/money';
import type { SharedBudgetPort } from '../../core/ports/shared-budget';
import { timeout } from './pace';
import { calling } from './service-error';

const REQUEST_MS = 5_000;

const amount = z.pipe(
  z.int(),
  z.transform((nano: number) => nanoUsd(nano)),
);
const shape = z.object({ schemaVersion: z.literal(1), limit: amount, spent: amount, remaining: amount });

/** The item `pk` = `BUDGET#<environment>#<yyyy-mm>`, `sk` = `STATE` of the leases table, which callers write. */
export function sharedBudget(
  tableName: string,
  environment: string,
  client = new DynamoDBClient({ maxAttempts: 2 }),
): SharedBudgetPort {
  const documents = DynamoDBDocumentClient.from(client);
  return {
    async sharedBudget(month) {
      const Key = { pk: `BUDGET#${environment}#${month}`, sk: 'STATE' };
      const command = new GetCommand({ TableName: tableName, Key, ConsistentRead: true });
      const { Item } = await calling(() => documents.send(command, { abortSignal: timeout(REQUEST_MS) }));
      if (Item === undefined) return undefined;
      const parsed = shape.safeParse(Item);
      if (parsed.success) {
        const { limit, spent, remaining } = parsed.data;
        return { limit, spent, remaining };
      }
      const wrong = parsed.error.issues.map(({ path }) => path.join('.')).join(', ');
      throw new GuardError(
        'ANSWER_INVALID',
        `the shared budget ${Key.pk} cannot be read: ${wrong} is not what this release writes`,
      );
    },
  };
}
