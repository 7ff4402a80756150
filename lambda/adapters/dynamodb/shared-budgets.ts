import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { GuardError } from '../../../core/errors';
import { ZERO } from '../../../core/money';
import type { Reading } from '../../../core/reading';
import type { BudgetInPeriod, SharedBudgetsPort, StoredBudget } from '../../../core/report';
import { BUDGET_SORT_KEY, budgetKey, budgetName } from '../../../core/shared-budgets';
import { timeout } from '../pace';
import { calling } from '../service-error';
import { readSharedBudget } from './shared-budget';

const REQUEST_MS = 5_000;
/** BatchGetItem takes no more keys (AWS, API reference of DynamoDB, BatchGetItem, read 2026-11-29). */
const CHUNK = 100;
/** Before each further try for what a busy table has left out. */
const PAUSES_MS = [100, 200, 400, 800];

type Item = Readonly<Record<string, unknown>>;

/** Items `pk` = {@link budgetKey}, `sk` = {@link BUDGET_SORT_KEY} of the leases table, which callers write. */
export function sharedBudgets(
  tableName: string,
  environment: string,
  {
    client = new DynamoDBClient({ maxAttempts: 2 }),
    pause = (ms: number) => sleep<void>(ms),
  }: { readonly client?: DynamoDBClient; readonly pause?: (ms: number) => Promise<void> } = {},
): SharedBudgetsPort {
  const documents = DynamoDBDocumentClient.from(client);
  const keyOf = ({ path, period }: BudgetInPeriod) => budgetKey(environment, path, period);

  const request = async (keys: readonly string[], items: Map<string, Item>): Promise<readonly string[]> => {
    const Keys = keys.map((pk) => ({ pk, sk: BUDGET_SORT_KEY }));
    const command = new BatchGetCommand({ RequestItems: { [tableName]: { Keys, ConsistentRead: true } } });
    const answer = await calling(() => documents.send(command, { abortSignal: timeout(REQUEST_MS) }));
    for (const item of answer.Responses?.[tableName] ?? []) items.set(String(item['pk']), item);
    return (answer.UnprocessedKeys?.[tableName]?.Keys ?? []).map(({ pk }) => String(pk));
  };

  /** @returns keys that the table has left out each time */
  const fetch = async (keys: readonly string[], items: Map<string, Item>): Promise<readonly string[]> => {
    let left = await request(keys, items);
    for (const ms of PAUSES_MS) {
      if (left.length === 0) break;
      await pause(ms);
      left = await request(left, items);
    }
    return left;
  };

  return {
    async sharedBudgets(asked) {
      const items = new Map<string, Item>();
      const left = new Set<string>();
      for (let at = 0; at < asked.length; at += CHUNK) {
        for (const key of await fetch(asked.slice(at, at + CHUNK).map(keyOf), items)) left.add(key);
      }
      return asked.map((one) => {
        const key = keyOf(one);
        return left.has(key) ? leftOut(one) : readingOf(items.get(key));
      });
    },
  };
}

function leftOut({ path, period }: BudgetInPeriod): Reading<never> {
  const tries = PAUSES_MS.length + 1;
  return {
    kind: 'unavailable',
    why: `the table left out ${budgetName(path)} of ${period} in ${tries} tries: it is throttled; ask again`,
  };
}

/** What an item says, or why it cannot be read: it hides no other. */
export function readingOf(item: Item | undefined): Reading<StoredBudget | undefined> {
  if (item === undefined) return { kind: 'known', value: undefined };
  try {
    const budget = readSharedBudget(item);
    return { kind: 'known', value: { ...budget, carried: budget.carried ?? ZERO } };
  } catch (error) {
    if (error instanceof GuardError || error instanceof RangeError) return { kind: 'unavailable', why: error.message };
    throw error;
  }
}
