import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { DAY_MS } from '../../../core/calendar';
import { GuardError } from '../../../core/errors';
import { CHECKS, type HealthStatePort } from '../../../core/health';
import { mailShape } from './mail-shape';
import { EXTENDED_ACCESS, extendedAccessShape } from './meter-shapes';
import { serviceError } from '../service-error';
import { putReplacing } from './replacing';

/** The meter compares whole days at least two days old; after that nobody asks for a canary. */
const CANARY_KEPT_MS = 14 * DAY_MS;
const LAST = { pk: 'health', sk: 'last' } as const;

const status = z.enum(['ok', 'expected', 'unknown', 'warning', 'failed']);
const count = z.number();
const recordShape = z.object({
  schemaVersion: z.literal(1),
  revision: z.int(),
  scheduledAtMs: z.number(),
  savedAtMs: z.number(),
  document: z.object({
    schemaVersion: z.literal(1),
    environment: z.string(),
    at: z.string(),
    trigger: z.union([
      z.object({ source: z.literal('schedule'), scheduledAt: z.string() }),
      z.object({ source: z.literal('on-demand') }),
    ]),
    summary: z.object({ failed: count, warning: count, unknown: count, expected: count, ok: count }),
    findings: z.array(
      z.object({
        check: z.enum(CHECKS),
        subject: z.string(),
        status,
        latencyMs: z.optional(z.number()),
        detail: z.string(),
        fix: z.optional(z.string()),
        tell: z.optional(z.string()),
      }),
    ),
  }),
  told: z.record(z.string(), z.string()),
  outbox: z.array(mailShape),
});
const meterShape = z.object({ desired: z.enum(['open', 'degraded', 'stopped']) });

export function healthState(tableName: string, client = new DynamoDBClient({})): HealthStatePort {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

  async function get(key: { readonly pk: string; readonly sk: string }, abortSignal: AbortSignal): Promise<unknown> {
    try {
      const { Item } = await documents.send(
        new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true }),
        { abortSignal },
      );
      return Item;
    } catch (error) {
      throw serviceError(error);
    }
  }

  return {
    async last(signal) {
      const item = await get(LAST, signal);
      if (item === undefined) return undefined;
      const parsed = recordShape.safeParse(item);
      if (parsed.success) return parsed.data;
      const wrong = parsed.error.issues.map(({ path }) => path.map(String).join('.'));
      throw new GuardError(
        'ANSWER_INVALID',
        `item health/last of ${tableName} is no record of version 1: ${wrong.join(', ')}`,
      );
    },

    async save(record, replaces) {
      await putReplacing({ ...LAST, ...record }, { documents, tableName, replaces });
    },

    async saveCanary({ atMs, ...tokens }, signal) {
      const at = new Date(atMs).toISOString();
      try {
        await documents.send(
          new PutCommand({
            TableName: tableName,
            Item: {
              pk: 'canary',
              sk: `${at.slice(0, 16)}Z`,
              schemaVersion: 1,
              at,
              ...tokens,
              expiresAt: Math.floor((atMs + CANARY_KEPT_MS) / 1000),
            },
          }),
          { abortSignal: signal },
        );
      } catch (error) {
        throw serviceError(error);
      }
    },

    async extendedAccess(signal) {
      const item = await get(EXTENDED_ACCESS, signal);
      if (item === undefined) return {};
      const parsed = extendedAccessShape.safeParse(item);
      if (parsed.success) return parsed.data.dates;
      throw new GuardError('ANSWER_INVALID', `item lifecycle/extended-access of ${tableName} is not of version 1`);
    },

    async saveExtendedAccess(dates) {
      try {
        const Item = { ...EXTENDED_ACCESS, schemaVersion: 1, dates };
        await documents.send(new PutCommand({ TableName: tableName, Item }));
      } catch (error) {
        throw serviceError(error);
      }
    },

    async desired(month, signal) {
      const item = await get({ pk: 'meter', sk: month }, signal);
      if (item === undefined) return undefined;
      const parsed = meterShape.safeParse(item);
      if (parsed.success) return parsed.data.desired;
      throw new GuardError('ANSWER_INVALID', `item meter/${month} of ${tableName} has no desired state that is known`);
    },
  };
}
