import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { GuardError } from '../../../core/errors';
import type { SessionsPort } from '../../../core/concurrency';
import { allPages } from '../pages';
import { calling } from '../service-error';

const sessionShape = z.object({ sk: z.string(), untilMs: z.number(), by: z.string() });

/** Items `pk` = `session`, `sk` = the session's id. */
export function sessionState(tableName: string, client = new DynamoDBClient({})): SessionsPort {
  const documents = DynamoDBDocumentClient.from(client);
  return {
    async put({ id, untilMs, by }) {
      const Item = { pk: 'session', sk: id, schemaVersion: 1, untilMs, by, expiresAt: Math.ceil(untilMs / 1000) };
      await calling(() => documents.send(new PutCommand({ TableName: tableName, Item })));
    },

    async remove(id) {
      await calling(() => documents.send(new DeleteCommand({ TableName: tableName, Key: { pk: 'session', sk: id } })));
    },

    async list() {
      const items = await allPages(async (token) => {
        const page = await calling(() =>
          documents.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: 'pk = :session',
              ExpressionAttributeValues: { ':session': 'session' },
              ConsistentRead: true,
              ...(token ? { ExclusiveStartKey: { pk: 'session', sk: token } } : {}),
            }),
          ),
        );
        return { items: page.Items ?? [], next: page.LastEvaluatedKey?.['sk'] as string | undefined };
      });
      return items.map((item) => {
        const parsed = sessionShape.safeParse(item);
        if (parsed.success) return { id: parsed.data.sk, untilMs: parsed.data.untilMs, by: parsed.data.by };
        throw new GuardError('ANSWER_INVALID', `item session/${String(item['sk'])} of ${tableName} is no session`);
      });
    },
  };
}
