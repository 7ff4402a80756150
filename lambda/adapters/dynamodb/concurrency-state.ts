import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { type ConcurrencyRecord, targetKey, type ConcurrencyStatePort } from '../../../core/concurrency';
import { GuardError } from '../../../core/errors';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling } from '../service-error';
import { putReplacing } from './replacing';

const REQUEST_MS = 10_000;
/** Function names and qualifiers are joined by a colon, so that no record can have this key. */
const HOLD = { pk: 'concurrency', sk: 'hold' } as const;

const recordShape = z.object({
  schemaVersion: z.literal(1),
  functionName: z.string(),
  qualifier: z.string(),
  revision: z.int().check(z.positive()),
  status: z.enum(['lowering', 'lowered', 'restoring', 'warming', 'closed']),
  loweredFor: z.enum(['stopped', 'idle']),
  saved: z.object({
    value: z.int().check(z.positive()),
    details: z.object({
      functionVersion: z.string(),
      revisionId: z.string(),
      memoryMb: z.number(),
      architecture: z.enum(['x86_64', 'arm64']),
    }),
    scaling: z.optional(
      z.object({
        min: z.int(),
        max: z.int(),
        suspended: z.object({ scalingIn: z.boolean(), scalingOut: z.boolean(), scheduled: z.boolean() }),
      }),
    ),
  }),
  savedAtMs: z.number(),
  loweredTo: z.int(),
  claimedUntilMs: z.number(),
  goneAtMs: z.optional(z.number()),
  problem: z.optional(z.object({ text: z.string(), runs: z.int() })),
  closedAs: z.optional(z.enum(['restored', 'superseded'])),
  expiresAtMs: z.optional(z.number()),
});
const holdShape = z.object({ untilMs: z.number(), by: z.string() });
const meterShape = z.object({ desired: z.enum(['open', 'degraded', 'stopped']) });

export function concurrencyState(tableName: string, client = new DynamoDBClient({})): ConcurrencyStatePort {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const inTime = () => ({ abortSignal: timeout(REQUEST_MS) });
  const get = async (Key: Record<string, string>): Promise<unknown> => {
    const { Item } = await calling(() =>
      documents.send(new GetCommand({ TableName: tableName, Key, ConsistentRead: true }), inTime()),
    );
    return Item;
  };

  return {
    async records() {
      const items = await allPages(async (token) => {
        const page = await calling(() =>
          documents.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: 'pk = :concurrency',
              ExpressionAttributeValues: { ':concurrency': 'concurrency' },
              ConsistentRead: true,
              ...(token ? { ExclusiveStartKey: { pk: 'concurrency', sk: token } } : {}),
            }),
            inTime(),
          ),
        );
        return { items: page.Items ?? [], next: page.LastEvaluatedKey?.['sk'] as string | undefined };
      });
      const records: ConcurrencyRecord[] = [];
      const unreadable: string[] = [];
      for (const item of items) {
        const sk = String(item['sk']);
        if (sk === HOLD.sk) continue;
        const parsed = recordShape.safeParse(item);
        if (parsed.success && targetKey(parsed.data) === sk) records.push(parsed.data);
        else unreadable.push(sk);
      }
      return { records, unreadable };
    },

    async save(record, replaces) {
      // The table's own clock of deletion counts in seconds.
      const expires = record.expiresAtMs === undefined ? {} : { expiresAt: Math.ceil(record.expiresAtMs / 1000) };
      const item = { pk: 'concurrency', sk: targetKey(record), ...record, ...expires };
      await putReplacing(item, { documents, tableName, replaces }, inTime());
    },

    async hold() {
      const item = await get(HOLD);
      if (item === undefined) return undefined;
      const parsed = holdShape.safeParse(item);
      if (parsed.success) return parsed.data;
      throw new GuardError('ANSWER_INVALID', `item concurrency/hold of ${tableName} is no hold: delete it`);
    },

    async saveHold({ untilMs, by }) {
      const Item = { ...HOLD, schemaVersion: 1, untilMs, by, expiresAt: Math.ceil(untilMs / 1000) };
      await calling(() => documents.send(new PutCommand({ TableName: tableName, Item }), inTime()));
    },

    async desired(month) {
      const item = await get({ pk: 'meter', sk: month });
      if (item === undefined) return undefined;
      const parsed = meterShape.safeParse(item);
      if (parsed.success) return parsed.data.desired;
      throw new GuardError('ANSWER_INVALID', `item meter/${month} of ${tableName} has no desired state that is known`);
    },
  };
}
