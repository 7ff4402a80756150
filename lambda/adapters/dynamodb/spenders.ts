import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '../../../core/calendar';
import { GuardError } from '../../../core/errors';
import type { SpendersStatePort } from '../../../core/spenders';
import { timeout } from '../pace';
import { allPages } from '../pages';
import { calling } from '../service-error';
import { spendersDayOf } from './spenders-shape';

const REQUEST_MS = 5_000;
/** Longer than a year, as the reports: a month can be compared with the same one before. */
const KEPT_MS = 400 * DAY_MS;
const PK = 'spenders';

/** Items `pk` = `spenders`, `sk` = the UTC day; a key of its own, so that cost-check writes no other. */
export function spendersState(tableName: string, client = new DynamoDBClient({ maxAttempts: 2 })): SpendersStatePort {
  const documents = DynamoDBDocumentClient.from(client);
  return {
    async days(from, to) {
      const abortSignal = timeout(REQUEST_MS);
      const items = await allPages(async (token) => {
        const command = new QueryCommand({
          TableName: tableName,
          KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
          ExpressionAttributeValues: { ':pk': PK, ':from': from, ':to': to },
          ConsistentRead: true,
          ...(token === undefined ? {} : { ExclusiveStartKey: { pk: PK, sk: token } }),
        });
        const page = await calling(() => documents.send(command, { abortSignal }));
        const next = page.LastEvaluatedKey?.['sk'] as string | undefined;
        return { items: page.Items ?? [], next };
      });
      return items.map((item) => {
        const read = spendersDayOf(item);
        if (read !== undefined && read.day === item['sk']) return read;
        const name = `${PK}/${String(item['sk'])}`;
        throw new GuardError(
          'ANSWER_INVALID',
          `item ${name} is not what cost-check writes (schemaVersion 1): delete it, and its day is read again within three days`,
        );
      });
    },

    async keepDay(read) {
      const { usage, ...day } = read;
      const Item = {
        pk: PK,
        sk: read.day,
        schemaVersion: 1,
        ...day,
        usage: usage.map(({ arn, modelId, calls, tokens, uncounted, amount }) => ({
          ...{ arn, modelId, calls, tokens },
          ...(uncounted === undefined ? {} : { uncounted }),
          ...(amount === undefined ? {} : { amount }),
        })),
        expiresAt: Math.floor((read.readAt + KEPT_MS) / 1000),
      };
      const command = new PutCommand({ TableName: tableName, Item });
      await calling(() => documents.send(command, { abortSignal: timeout(REQUEST_MS) }));
    },
  };
}
