import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { dynamoDbAnswers } from '../../client/adapters/dynamodb-answers';
import { dynamoDbCallers } from '../../client/adapters/dynamodb-callers';
import { exactLedger } from '../../client/adapters/dynamodb-ledger';
import { leaseLedger } from '../../client/adapters/dynamodb-lease-ledger';
import { dynamoDbLedgerStore } from '../../client/adapters/dynamodb-ledger-store';
import { after } from '../../client/after';
import { dynamoDbRateLimit } from '../../client/adapters/dynamodb-rate-limit';
import { usd, type NanoUsd } from '../../core/money';
import type { SharedBudgetPort, SharedBudgetsPort } from '../../core/report/ports';
import { callerKeys } from '../../lambda/adapters/dynamodb/caller-keys';
import type { AnswersSubject } from './suites/answers';
import type { CallerKeysSubject } from './suites/caller-keys';
import type { CallersSubject } from './suites/callers';
import type { LedgerSubject } from './suites/ledger';
import { LEDGER_MONTH, type LedgerStoreSubject } from './suites/ledger-store';
import { RATE_NOON, type RateLimitSubject } from './suites/rate-limit';
import type { SharedBudgetSubject } from './suites/shared-budget';
import type { SharedBudgetsSubject } from './suites/shared-budgets';

/** A table with the adapters of the in-path client on it: DynamoDB in memory, or that of the emulator. */
export interface LeasesTable {
  readonly name: string;
  documents(): DynamoDBDocumentClient;
  read(pk: string, sk: string): Promise<Readonly<Record<string, unknown>> | undefined>;
  write(item: Readonly<Record<string, unknown>>): Promise<void>;
  throttle(): Promise<void>;
}

const SCOPE = 'dev';
/** On a busy machine an emulator is slower than a table may be. */
const PATIENCE_MS = 20_000;
const NOW = Date.parse('2026-11-12T10:00:00Z');
const BUDGET = { pk: `BUDGET#${SCOPE}#${LEDGER_MONTH}`, sk: 'STATE' };
const RATE = { pk: `RATE#${SCOPE}`, sk: 'STATE' };

const altering =
  (table: LeasesTable, { pk, sk }: typeof BUDGET) =>
  async (attribute: string, value: unknown) =>
    table.write({ ...(await table.read(pk, sk)), [attribute]: value });

export function ledgerStoreOn(table: LeasesTable): LedgerStoreSubject {
  return {
    store: dynamoDbLedgerStore({
      tableName: table.name,
      scope: SCOPE,
      documents: table.documents(),
      now: () => NOW,
      random: Math.random,
      after,
    }),
    alter: altering(table, BUDGET),
    throttle: () => table.throttle(),
  };
}

export function ledgerOn(table: LeasesTable, make: typeof exactLedger | typeof leaseLedger): LedgerSubject {
  const overspent: { amount: NanoUsd; spent: NanoUsd }[] = [];
  const clock = { now: NOW };
  return {
    overspent,
    clock,
    process: () =>
      make({
        tableName: table.name,
        scope: SCOPE,
        limit: usd(10),
        now: () => clock.now,
        timeoutMs: PATIENCE_MS,
        overspent: ({ amount }, spent) => void overspent.push({ amount, spent }),
        documents: table.documents(),
      }),
    async state(month = LEDGER_MONTH) {
      const item = await table.read(`BUDGET#${SCOPE}#${month}`, BUDGET.sk);
      return { spent: item?.['spent'] as NanoUsd, remaining: item?.['remaining'] as NanoUsd };
    },
    throttle: () => table.throttle(),
  };
}

export function rateLimitOn(table: LeasesTable): RateLimitSubject {
  const clock = { now: RATE_NOON };
  return {
    clock,
    process: (limits) =>
      dynamoDbRateLimit({
        tableName: table.name,
        scope: SCOPE,
        limits,
        now: () => clock.now,
        timeoutMs: PATIENCE_MS,
        documents: table.documents(),
      }),
    alter: altering(table, RATE),
    throttle: () => table.throttle(),
  };
}

/** $0.4 of $10 spent, $0.1 of it unsettled, $2 held. */
async function spendOn(table: LeasesTable): Promise<void> {
  const ledger = ledgerOn(table, exactLedger).process();
  for (const amount of [usd(1), usd(2)]) {
    const outcome = await ledger.reserve(amount);
    if (outcome.kind === 'reserved' && amount === usd(1))
      await ledger.settle(outcome.reservation, usd('0.4'), usd('0.1'));
  }
}

export function sharedBudgetOn(table: LeasesTable, port: (scope: string) => SharedBudgetPort): SharedBudgetSubject {
  return {
    port: port(SCOPE),
    spend: () => spendOn(table),
    alter: altering(table, BUDGET),
    throttle: () => table.throttle(),
  };
}

export function sharedBudgetsOn(
  table: Pick<LeasesTable, 'write' | 'throttle'>,
  port: (scope: string) => SharedBudgetsPort,
): SharedBudgetsSubject {
  return {
    port: port(SCOPE),
    store: (pk, attributes) => table.write({ pk, sk: BUDGET.sk, ...attributes }),
    throttle: () => table.throttle(),
  };
}

export function callersOn(table: LeasesTable): CallersSubject {
  return {
    port: dynamoDbCallers({ tableName: table.name, documents: table.documents(), timeoutMs: PATIENCE_MS }),
    leave: (item) => table.write(item),
    throttle: () => table.throttle(),
  };
}

/** Both tables are one here: their keys are apart. */
export function callerKeysOn(table: LeasesTable): CallerKeysSubject {
  const { port: reader, leave, throttle } = callersOn(table);
  return {
    port: callerKeys({ leases: table.name, state: table.name }, table.documents()),
    audited: (sk) => table.read('audit', sk),
    ...{ reader, leave, throttle },
  };
}

export function answersOn(table: LeasesTable): AnswersSubject {
  return {
    port: dynamoDbAnswers({ tableName: table.name, documents: table.documents(), timeoutMs: PATIENCE_MS }),
    throttle: () => table.throttle(),
  };
}
