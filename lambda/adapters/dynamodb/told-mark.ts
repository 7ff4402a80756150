import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { GuardError } from '../../../core/errors';
import type { ToldMarkPort } from '../../../core/meter';
import { timeout } from '../pace';
import { calling } from '../service-error';

const REQUEST_MS = 5_000;
const KEY = { pk: 'meter', sk: 'told' } as const;
const shape = z.object({ schemaVersion: z.literal(1), at: z.number().check(z.minimum(0)) });

/** Item `pk` = `meter`, `sk` = `told`, which never expires; apart from the month's, so that no claim is in an event's way. */
export function toldMark(tableName: string, client = new DynamoDBClient({ maxAttempts: 2 })): ToldMarkPort {
  const documents = DynamoDBDocumentClient.from(client);
  const inTime = () => ({ abortSignal: timeout(REQUEST_MS) });
  return {
    async put(at) {
      const Item = { ...KEY, schemaVersion: 1, at };
      await calling(() => documents.send(new PutCommand({ TableName: tableName, Item }), inTime()));
    },

    async last() {
      const command = new GetCommand({ TableName: tableName, Key: KEY, ConsistentRead: true });
      const { Item } = await calling(() => documents.send(command, inTime()));
      if (Item === undefined) return undefined;
      const parsed = shape.safeParse(Item);
      if (parsed.success) return parsed.data.at;
      throw new GuardError('ANSWER_INVALID', `item meter/told of ${tableName} is not what the meter writes; delete it`);
    },
  };
}
