import { GetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { UtcMonth } from '../../core/calendar';
import { nanoUsd } from '../../core/money';
import type { BudgetsWord, GuardStatusPort } from '../../core/ledger';
import {
  BUDGET_MS,
  budgetedDocuments,
  inTime,
  ofThisVersion,
  text,
  unreadable,
  wholeNumber,
} from './dynamodb-documents';

export interface DynamoDbStatusOptions {
  /** The environment's leases table. */
  readonly tableName: string;
  /** @default - one with timeouts and retries that fit into `timeoutMs` */
  readonly documents?: DynamoDBDocumentClient;
  /** @default 2800 */
  readonly timeoutMs?: number;
}

/** Item `STATUS`, which the meter writes; one request for each read. An item that cannot be read is as good as no answer. */
export function dynamoDbStatus(options: DynamoDbStatusOptions): GuardStatusPort {
  const { tableName: TableName, documents = budgetedDocuments(), timeoutMs: ms = BUDGET_MS } = options;
  return {
    async read() {
      const command = new GetCommand({ TableName, Key: { pk: 'STATUS', sk: 'STATUS' }, ConsistentRead: true });
      const { Item } = await inTime(TableName, (abortSignal) => documents.send(command, { abortSignal }), { ms });
      if (!Item) return undefined;
      ofThisVersion(Item);
      const desired = text(Item, 'desired');
      const month = text(Item, 'month');
      if (desired !== 'open' && desired !== 'degraded' && desired !== 'stopped') {
        throw unreadable(Item, `'desired' is '${desired}'`);
      }
      if (!/^\d{4}-(0[1-9]|1[0-2])$/.test(month)) throw unreadable(Item, `'month' is '${month}'`);
      return {
        desired,
        asOf: wholeNumber(Item, 'asOf'),
        month: month as UtcMonth,
        spentAtLeast: nanoUsd(wholeNumber(Item, 'spentAtLeast')),
        limit: nanoUsd(wholeNumber(Item, 'limit')),
        ...('completeUntil' in Item && {
          complete: {
            until: wholeNumber(Item, 'completeUntil'),
            spent: nanoUsd(wholeNumber(Item, 'completeSpent')),
          },
        }),
        ...('budgets' in Item && { budgets: budgetsOf(Item) }),
      };
    },
  };
}

function budgetsOf(item: Record<string, unknown>): BudgetsWord {
  const budgets = mapOf(item, item, 'budgets');
  const { since } = budgets;
  if (!Number.isSafeInteger(since)) throw unreadable(item, `'budgets.since' is no whole number: ${String(since)}`);
  const limits = Object.entries(mapOf(item, budgets, 'limits')).map(([path, limit]) => {
    if (!Number.isSafeInteger(limit) || Number(limit) < 0) {
      throw unreadable(item, `the limit of budget '${path}' is no whole number of nano-dollars: ${String(limit)}`);
    }
    return [path, nanoUsd(Number(limit))] as const;
  });
  return { limits: Object.fromEntries(limits), since: Number(since) };
}

function mapOf(
  item: Record<string, unknown>,
  within: Record<string, unknown>,
  attribute: string,
): Record<string, unknown> {
  const value = within[attribute];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw unreadable(item, `'${attribute}' is no map: ${String(value)}`);
}
