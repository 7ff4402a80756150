import { randomBytes } from 'node:crypto';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  type After,
  makeLedger,
  exactSizing,
  type Sizing,
  type GuardStatus,
  type LedgerPort,
  type Reservation,
} from '../../core/ledger';
import type { NanoUsd } from '../../core/money';
import type { BudgetNode, BudgetPath, PeriodKey } from '../../core/shared-budgets';
import { after } from '../after';
import { BUDGET_MS, budgetedDocuments } from './dynamodb-documents';
import { dynamoDbLedgerStore } from './dynamodb-ledger-store';

export interface DynamoDbLedgerOptions {
  /** The environment's leases table. */
  readonly tableName: string;
  /** Whose budget: the environment's name. All its callers must name the same. */
  readonly scope: string;
  /** Of a month that nobody has opened and the meter has not spoken of. */
  readonly limit: NanoUsd;
  /**
   * The last status read, which sets the limit and raises what is spent. Asked on every call: a value kept in memory, never a
   * request. Absent: no meter.
   */
  readonly status?: () => GuardStatus | undefined;
  /** ms since the epoch. */
  readonly now: () => number;
  /**
   * What may be charged in an hour without known usage; then nothing is let in until the next.
   * @default - a fifth of the limit
   */
  readonly unsettledPerHour?: NanoUsd;
  /** Within the environment's own, each after those it is within. */
  readonly budgets?: readonly BudgetNode[];
  /** A budget's item was there and is gone: it is opened again, with what this process knows to be spent. */
  readonly lost?: (budget: BudgetPath, period: PeriodKey) => void;
  /** A call that cost more than its bound; the rest was charged too. */
  readonly overspent?: (reservation: Reservation, spent: NanoUsd) => void;
  /** @default - one with timeouts and retries that fit into `timeoutMs` */
  readonly documents?: DynamoDBDocumentClient;
  /** @default 2800 */
  readonly timeoutMs?: number;
  /** @default Math.random */
  readonly random?: () => number;
  /** @default - timers of Node */
  readonly after?: After;
}

/**
 * The ledger that spends the budget to the last call: a write before each call and one after, shared by the calls that one
 * process makes at the same time. Each costs a unit for every 30 processes or so with calls in flight. `longestCallMs`: a caller that stays silent for longer is charged in full.
 */
export function exactLedger(options: DynamoDbLedgerOptions & { readonly longestCallMs?: number }): LedgerPort {
  return dynamoDbLedger(options, exactSizing(options.longestCallMs));
}

export function dynamoDbLedger(options: DynamoDbLedgerOptions, sizing: Sizing): LedgerPort {
  const shared = { now: options.now, random: options.random ?? Math.random, after: options.after ?? after };
  const {
    tableName,
    scope,
    limit,
    status,
    unsettledPerHour,
    overspent,
    lost,
    documents = budgetedDocuments(),
  } = options;
  const storeOf = (budget?: BudgetPath) =>
    dynamoDbLedgerStore({ ...shared, tableName, scope, documents, ...(budget !== undefined && { budget }) });
  return makeLedger({
    ...shared,
    store: storeOf(),
    budgets: (options.budgets ?? []).map((node) => ({ ...node, store: storeOf(node.path) })),
    sizing,
    limit,
    ...(status ? { status } : {}),
    ...(unsettledPerHour === undefined ? {} : { unsettledPerHour }),
    ...(overspent ? { overspent } : {}),
    ...(lost ? { lost } : {}),
    newId,
    timeoutMs: options.timeoutMs ?? BUDGET_MS,
  });
}

/** 40 bits: two of thousands that hold at once are alike once in a million months, and the store notices. */
function newId(): string {
  return randomBytes(5).readUIntBE(0, 5).toString(36).padStart(8, '0');
}
