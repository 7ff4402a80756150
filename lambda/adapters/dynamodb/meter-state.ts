import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
} from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod/mini';
import { DAY_MS, MINUTE_MS, monthStart, nextMonth, previousMonth, type UtcMonth } from '../../../core/calendar';
import { GuardError } from '../../../core/errors';
import type { Order } from '../../../core/stop-lines';
import type { MeterStatePort, OrdersPort } from '../../../core/decision';
import { readBudgetOrders, writeBudgetOrder } from './budget-orders';
import { broken, checked } from './meter-item';
import {
  calibrationShape,
  canaryShape,
  EXTENDED_ACCESS,
  extendedAccessShape,
  knownSeriesShape,
  orderShape,
} from './meter-shapes';
import { meterStateShape } from './meter-state-shape';
import { timeout } from '../pace';
import { allPagesOrRefusal } from '../regional';
import { calling, serviceError } from '../service-error';
import { putReplacing } from './replacing';

const REQUEST_MS = 5_000;
/** Longer than a year, so that a month can be compared with the one a year before. */
const KEPT_MS = 400 * DAY_MS;
const METER = 'meter';
const ORDER = { pk: METER, sk: 'order' } as const;

/** Items `pk` = `meter`, `sk` = a UTC month, `series#` and the month, `order`, or `budget-orders`; and `pk` = `calibration`, which cost-check writes, and `lifecycle`, which health-check does. */
export function meterState(tableName: string, client = new DynamoDBClient({ maxAttempts: 2 })): MeterStatePort {
  const documents = documentsOf(client);
  const inTime = () => ({ abortSignal: timeout(REQUEST_MS) });

  async function get<T>(sk: string, shape: z.ZodMiniType<T>, pk = METER): Promise<T | undefined> {
    const { Item } = await calling(() =>
      documents.send(new GetCommand({ TableName: tableName, Key: { pk, sk }, ConsistentRead: true }), inTime()),
    );
    return Item === undefined ? undefined : checked(shape, Item, `${pk}/${sk} of ${tableName}`);
  }

  return {
    async latest(month) {
      const { Items = [] } = await calling(() =>
        documents.send(
          new QueryCommand({
            TableName: tableName,
            KeyConditionExpression: 'pk = :meter AND sk BETWEEN :from AND :to',
            ExpressionAttributeValues: { ':meter': METER, ':from': previousMonth(month), ':to': nextMonth(month) },
            ScanIndexForward: false,
            Limit: 1,
            ConsistentRead: true,
          }),
          inTime(),
        ),
      );
      const [item] = Items;
      if (item === undefined) return undefined;
      const name = `${METER}/${String(item['sk'])} of ${tableName}`;
      const state = checked(meterStateShape, item, name);
      return ofItsMonth(state, item['sk'], name);
    },

    async save(state, replaces) {
      const item = { pk: METER, sk: state.month, ...state, expiresAt: expiresAt(state.month) };
      await putReplacing(item, { documents, tableName, replaces }, inTime());
    },

    async series(month) {
      const sk = seriesKey(month);
      const series = await get(sk, knownSeriesShape);
      return series && ofItsMonth(series, month, `${METER}/${sk} of ${tableName}`);
    },

    async saveSeries(series) {
      const { month } = series;
      const Item = { pk: METER, sk: seriesKey(month), schemaVersion: 1, ...series, expiresAt: expiresAt(month) };
      await calling(() => documents.send(new PutCommand({ TableName: tableName, Item }), inTime()));
    },

    async order() {
      return get(ORDER.sk, orderShape);
    },

    async budgetOrders() {
      return (await readBudgetOrders(tableName, documents)).orders;
    },

    async calibration() {
      return get(METER, calibrationShape, 'calibration');
    },

    async extendedAccess() {
      const { pk, sk } = EXTENDED_ACCESS;
      return (await get(sk, extendedAccessShape, pk))?.dates ?? {};
    },

    async canaries(from, to) {
      if (from >= to) return [];
      const items = await allPagesOrRefusal(async (token) => {
        const page = await calling(() =>
          documents.send(
            new QueryCommand({
              TableName: tableName,
              KeyConditionExpression: 'pk = :canary AND sk BETWEEN :from AND :to',
              // The last minute may begin before `to` and hold a record that comes after it.
              ExpressionAttributeValues: { ':canary': 'canary', ':from': minuteKey(from), ':to': minuteKey(to) },
              ConsistentRead: true,
              ...(token ? { ExclusiveStartKey: { pk: 'canary', sk: token } } : {}),
            }),
            inTime(),
          ),
        );
        return { items: page.Items ?? [], next: page.LastEvaluatedKey?.['sk'] as string | undefined };
      });
      return items
        .map((item) => {
          const name = `canary/${String(item['sk'])} of ${tableName}`;
          const { at, ...record } = checked(canaryShape, item, name);
          return { atMs: Date.parse(at), ...record };
        })
        .filter(({ atMs }) => atMs >= from && atMs < to);
    },
  };
}

/**
 * The order and, `pk` = `audit`, `sk` = its ISO time, what nobody overwrites and nothing expires; of a budget's order the
 * time, `#` and the budget.
 */
export function orders(tableName: string, client = new DynamoDBClient({})): OrdersPort {
  const documents = documentsOf(client);
  return {
    async give(order) {
      try {
        await documents.send(
          new TransactWriteCommand({
            TransactItems: [
              { Put: { TableName: tableName, Item: { ...ORDER, schemaVersion: 1, ...order } } },
              {
                Put: {
                  TableName: tableName,
                  Item: auditItem(order),
                  ConditionExpression: 'attribute_not_exists(pk)',
                },
              },
            ],
          }),
          { abortSignal: timeout(2 * REQUEST_MS) },
        );
      } catch (error) {
        if (!isCollision(error)) throw serviceError(error);
        throw new GuardError('STATE_CONFLICT', 'another order was given in the same millisecond: give this one again');
      }
    },

    giveBudgetOrder: (budget, order) => writeBudgetOrder(tableName, documents, budget, order),
  };
}

function documentsOf(client: DynamoDBClient): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

function auditItem(order: Order): Record<string, unknown> {
  const { since, ...given } = order.kind === 'override' ? order.override : order.stop;
  return { pk: 'audit', sk: new Date(since).toISOString(), schemaVersion: 1, kind: order.kind, since, ...given };
}

/** The audit's key is taken, or somebody else's order is being written at this moment. */
function isCollision(error: unknown): boolean {
  if (!(error instanceof TransactionCanceledException)) return false;
  const codes = (error.CancellationReasons ?? []).map(({ Code }) => Code);
  return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict');
}

/** An item under another month's key would be taken for that month's spend. */
function ofItsMonth<T extends { readonly month: UtcMonth }>(item: T, key: unknown, name: string): T {
  if (item.month !== key) throw broken(name, ['month']);
  return item;
}

function seriesKey(month: UtcMonth): string {
  return `series#${month}`;
}

function minuteKey(at: number): string {
  return `${new Date(Math.floor(at / MINUTE_MS) * MINUTE_MS).toISOString().slice(0, 16)}Z`;
}

/** The table's own clock of deletion counts in seconds. */
function expiresAt(month: UtcMonth): number {
  return Math.ceil((monthStart(month) + KEPT_MS) / 1000);
}
