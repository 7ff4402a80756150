import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import type { ConcurrencyFailuresPort } from '../../../core/concurrency';
import { GuardError } from '../../../core/errors';
import { timeout } from '../pace';
import { calling } from '../service-error';
import { putReplacing } from './replacing';

const REQUEST_MS = 10_000;
const KEY = { pk: 'auto-stop', sk: 'failures' } as const;

const shape = z.object({
  schemaVersion: z.literal(1),
  revision: z.int().check(z.positive()),
  failures: z.record(z.string(), z.object({ sinceMs: z.number(), told: z.boolean() })),
});

export function concurrencyFailures(tableName: string, client = new DynamoDBClient({})): ConcurrencyFailuresPort {
  const documents = DynamoDBDocumentClient.from(client);
  const inTime = () => ({ abortSignal: timeout(REQUEST_MS) });
  return {
    async failures() {
      const { Item } = await calling(() =>
        documents.send(new GetCommand({ TableName: tableName, Key: KEY, ConsistentRead: true }), inTime()),
      );
      if (Item === undefined) return undefined;
      const parsed = shape.safeParse(Item);
      if (parsed.success) return parsed.data;
      throw new GuardError('ANSWER_INVALID', `item auto-stop/failures of ${tableName} holds no failures: delete it`);
    },

    async saveFailures(record, replaces) {
      await putReplacing({ ...KEY, ...record }, { documents, tableName, replaces }, inTime());
    },
  };
}
