import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { dynamoDbLedger } from '../../client/adapters/dynamodb-ledger';
import type { Sizing } from '../../core/ledger/sizing';
import { nanoUsd, type NanoUsd } from '../../core/money';
import { LedgerUnavailable, type LedgerPort } from '../../core/ledger/ports';
import {
  type BudgetNode,
  type BudgetPath,
  BUDGET_SORT_KEY,
  budgetKey,
  ENVIRONMENT_BUDGET,
  lineOf,
  periodAt,
} from '../../core/shared-budgets';
import { between, seededRandom } from '../../simulator/random';
import { ContendedTable } from './contended-table';
import { checkLedger, checkTree } from './ledger-invariants';
import { VirtualTime } from './virtual-time';

export interface Rush {
  readonly sizing: Sizing;
  readonly processes: number;
  readonly callersEach: number;
  /** Of the provider, per call. */
  readonly callMs: readonly [number, number];
  readonly limit: NanoUsd;
  /** Within the environment's own. */
  readonly budgets?: readonly BudgetNode[];
  /** Those that callers name, in turns. Default: the environment's own. */
  readonly named?: readonly BudgetPath[];
  readonly bound: NanoUsd;
  readonly seconds: number;
  readonly unitsPerSecond?: number;
  /** Somebody's transaction on the budget, each so many ms. */
  readonly foreignEveryMs?: number;
}

export interface Rushed {
  readonly calls: number;
  /** For reasons of contention. */
  readonly unavailable: number;
  /** Requests that were told of a conflict. */
  readonly conflicts: number;
  readonly refused: number;
  /** Of the budget that is furthest over its limit. */
  readonly overshoot: number;
  /** Of the environment's limit: what was billed. */
  readonly used: number;
  readonly unitsPerCall: number;
  readonly unitsPerSecond: number;
  /** Added to a call by the reservation and the settlement together, in ms: median and 99th percentile. */
  readonly addedMs: readonly [number, number];
}

const SCOPE = 'production';
const START = Date.parse('2026-11-12T10:00:00Z');

/** Many processes on one budget, on a table that takes 4 to 9 ms and treats conflicts as DynamoDB does; in virtual time. */
export async function rush(options: Rush): Promise<Rushed> {
  const time = new VirtualTime(START);
  const { unitsPerSecond } = options;
  const table = new ContendedTable(time, {
    latencyMs: [4, 9],
    ...(unitsPerSecond === undefined ? {} : { unitsPerSecond }),
  });
  const added: number[] = [];
  const seen = { calls: 0, unavailable: 0, refused: 0, billed: 0, overshoot: 0 };
  const { budgets = [], named = [ENVIRONMENT_BUDGET] } = options;
  const limits = new Map<BudgetPath, NanoUsd>([[ENVIRONMENT_BUDGET, options.limit]]);
  for (const { path, limit } of budgets) limits.set(path, limit);
  /** Billed, and what calls in flight may still be: of each budget. */
  const committed = new Map<BudgetPath, number>();
  const commit = (budget: BudgetPath, amount: number): void => {
    for (const path of lineOf(budget)) {
      const now = (committed.get(path) ?? 0) + amount;
      committed.set(path, now);
      seen.overshoot = Math.max(seen.overshoot, now - (limits.get(path) ?? 0));
    }
  };
  const end = START + options.seconds * 1000;

  const caller = async (ledger: LedgerPort, name: string, budget: BudgetPath): Promise<void> => {
    const random = seededRandom(3, name);
    while (time.now < end) {
      const bound = nanoUsd(between(random, Math.ceil(options.bound / 2), options.bound));
      try {
        const asked = time.now;
        const outcome = await ledger.reserve(bound, budget);
        const reservedAfter = time.now - asked;
        if (outcome.kind === 'refused') {
          seen.refused += 1;
          await time.pause(outcome.soft ? 200 : 10_000);
          continue;
        }
        const spent = nanoUsd(Math.floor(bound * (0.2 + 0.6 * random())));
        commit(budget, bound);
        await time.pause(between(random, ...options.callMs));
        commit(budget, spent - bound);
        seen.billed += spent;
        seen.calls += 1;
        const told = time.now;
        await ledger.settle(outcome.reservation, spent);
        added.push(reservedAfter + time.now - told);
      } catch (error) {
        if (!(error instanceof LedgerUnavailable)) throw error;
        seen.unavailable += 1;
        await time.pause(500);
      }
    }
  };
  /** Checks the item, and changes nothing. */
  const disturb = async (everyMs: number): Promise<void> => {
    const Key = { pk: budgetKey(SCOPE, ENVIRONMENT_BUDGET, periodAt('month', START)), sk: BUDGET_SORT_KEY };
    while (time.now < end) {
      await time.pause(everyMs);
      await table.documents.send(new TransactWriteCommand({ TransactItems: [touch(Key)] })).catch(() => {});
    }
  };
  for (let n = 0; n < options.processes; n += 1) {
    const ledger = dynamoDbLedger(
      {
        tableName: 'leases',
        scope: SCOPE,
        limit: options.limit,
        budgets,
        now: () => time.now,
        random: seededRandom(5, String(n)),
        after: (ms, run) => time.after(ms, run),
        documents: table.documents,
      },
      options.sizing,
    );
    for (let m = 0; m < options.callersEach; m += 1) {
      void caller(ledger, `${n}.${m}`, named[(n + m) % named.length] ?? ENVIRONMENT_BUDGET);
    }
  }
  const { foreignEveryMs } = options;
  if (foreignEveryMs !== undefined) void disturb(foreignEveryMs);
  await time.runUntil(end + 30_000);
  checkLedger(table.fake);
  checkTree(budgets, ({ path, period }) =>
    table.fake.get(budgetKey(SCOPE, path, periodAt(period, START)), BUDGET_SORT_KEY),
  );
  const sorted = added.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  return {
    calls: seen.calls,
    unavailable: seen.unavailable,
    conflicts: table.counts.conflicts,
    refused: seen.refused,
    overshoot: seen.overshoot,
    used: seen.billed / options.limit,
    unitsPerCall: table.fake.writeUnits / Math.max(1, seen.calls),
    unitsPerSecond: table.fake.writeUnits / options.seconds,
    addedMs: [at(0.5), at(0.99)],
  };
}

const touch = (Key: { readonly pk: string; readonly sk: string }) => ({
  Update: {
    TableName: 'leases',
    Key,
    UpdateExpression: 'SET #touched = :yes',
    ConditionExpression: 'attribute_exists(#pk)',
    ExpressionAttributeNames: { '#touched': 'touched', '#pk': 'pk' },
    ExpressionAttributeValues: { ':yes': 1 },
  },
});
