import { setTimeout as sleep } from 'node:timers/promises';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, TransactWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { GuardError } from '../../../core/errors';
import { budgetName, type BudgetOrder, type BudgetPath } from '../../../core/shared-budgets';
import { checked } from './meter-item';
import { budgetOrdersShape } from './meter-shapes';
import { timeout } from '../pace';
import { calling, serviceError } from '../service-error';
import { replacing } from './replacing';

const REQUEST_MS = 5_000;
const KEY = { pk: 'meter', sk: 'budget-orders' } as const;
/** Of people who order at once one gets through each time. */
const ATTEMPTS = 10;
const PAUSE_MS = 20;

const stored = z.object({ revision: z.int().check(z.positive()), orders: budgetOrdersShape });

/** The last order of each budget, whether it holds or not, and how often they were replaced. @throws GuardError ANSWER_INVALID */
export async function readBudgetOrders(tableName: string, documents: DynamoDBDocumentClient) {
  const command = new GetCommand({ TableName: tableName, Key: KEY, ConsistentRead: true });
  const { Item } = await calling(() => documents.send(command, { abortSignal: timeout(REQUEST_MS) }));
  if (Item === undefined) return { revision: 0, orders: {} };
  return checked(stored, Item, `${KEY.pk}/${KEY.sk} of ${tableName}`);
}

/** All orders as they are then, and what was ordered, for the audit: both or neither. */
export async function writeBudgetOrder(
  tableName: string,
  documents: DynamoDBDocumentClient,
  budget: BudgetPath,
  order: BudgetOrder,
): Promise<void> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt += 1) {
    if (attempt > 1) await sleep(Math.random() * PAUSE_MS * attempt);
    const { revision, orders } = await readBudgetOrders(tableName, documents);
    const next = { ...KEY, schemaVersion: 1, revision: revision + 1, orders: { ...orders, [budget]: order } };
    const TransactItems = [
      { Put: { TableName: tableName, Item: next, ...replacing(revision) } },
      {
        Put: { TableName: tableName, Item: auditItem(budget, order), ConditionExpression: 'attribute_not_exists(pk)' },
      },
    ];
    try {
      await documents.send(new TransactWriteCommand({ TransactItems }), { abortSignal: timeout(2 * REQUEST_MS) });
      return;
    } catch (error) {
      const [ofOrders, ofAudit] = cancelledBy(error);
      if (ofAudit === 'ConditionalCheckFailed') throw sameMillisecond(budget);
      if (![ofOrders, ofAudit].some(isOthers)) throw serviceError(error);
    }
  }
  throw new GuardError(
    'STATE_CONFLICT',
    `others gave orders for budgets at each of ${ATTEMPTS} attempts, and the one for ${budgetName(budget)} was not written: give it again`,
  );
}

/** Budgets are told apart: orders for two of them may be of one millisecond. */
function auditItem(budget: BudgetPath, order: BudgetOrder): Record<string, unknown> {
  const sk = `${new Date(order.at).toISOString()}#${budget}`;
  return { pk: 'audit', sk, schemaVersion: 1, kind: 'budget', budget, ...order };
}

function cancelledBy(error: unknown): readonly (string | undefined)[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).map(({ Code }) => Code);
}

function isOthers(code: string | undefined): boolean {
  return code === 'ConditionalCheckFailed' || code === 'TransactionConflict';
}

function sameMillisecond(budget: BudgetPath): GuardError {
  const text = `another order for ${budgetName(budget)} was given in the same millisecond: give this one again`;
  return new GuardError('STATE_CONFLICT', text);
}
