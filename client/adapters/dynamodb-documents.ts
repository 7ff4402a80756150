import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionConflictException,
  type DynamoDBClientConfig,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { LedgerContended, LedgerUnavailable } from '../../core/ledger';
import { after } from '../after';

/** The table's items that this release reads and writes; it touches none of another. */
export const SCHEMA_VERSION = 1;

/** Within which a call has its answer from the table: with what the plugin adds, its fail mode decides within 3 s. */
export const BUDGET_MS = 2800;
/** Of one request: two fit into the budget, so that one lost packet refuses nobody. */
const REQUEST_MS = 1200;

/** A client of its own, so that its timeouts and retries are not those of the caller's others. */
export function budgetedDocuments(config: DynamoDBClientConfig = {}): DynamoDBDocumentClient {
  return DynamoDBDocumentClient.from(
    new DynamoDBClient({
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 500, requestTimeout: REQUEST_MS, throwOnRequestTimeout: true },
      ...config,
    }),
  );
}

export interface InTimeOptions {
  readonly ms?: number;
  /** Errors that are answers. */
  readonly expected?: (error: unknown) => boolean;
  readonly timer?: typeof after;
}

/**
 * What `send` answers, within the budget: also where it hangs on credentials, which no signal ends.
 * @throws LedgerUnavailable with the table's error as its cause, unless `expected` knows it
 */
export async function inTime<T>(
  tableName: string,
  send: (signal: AbortSignal) => Promise<T>,
  { ms = BUDGET_MS, expected = () => false, timer = after }: InTimeOptions = {},
): Promise<T> {
  const abort = new AbortController();
  let cancel = () => {};
  const late = new Promise<never>((_, reject) => {
    cancel = timer(ms, () => {
      reject(new LedgerUnavailable(`table ${tableName} did not answer within ${ms} ms`));
      abort.abort();
    });
  });
  try {
    return await Promise.race([send(abort.signal), late]);
  } catch (error) {
    if (error instanceof LedgerUnavailable || expected(error)) throw error;
    const why = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    throw new LedgerUnavailable(`table ${tableName} did not answer: ${why}`, { cause: error });
  } finally {
    cancel();
  }
}

export function isConditionFailed(error: unknown): boolean {
  return error instanceof ConditionalCheckFailedException;
}

/** What a plain write is told of an item that a transaction holds at the moment; the SDK does not repeat it. */
export function isConflict(error: unknown): boolean {
  return error instanceof TransactionConflictException;
}

/** An answer of the table: that it has not written, and why. */
export function isAnswer(error: unknown): boolean {
  return isConditionFailed(error) || isConflict(error);
}

export interface Patience {
  /** 0 to 1. */
  readonly random: () => number;
  readonly pause: (ms: number) => Promise<void>;
}

/** Writes that met a transaction on their item are sent again, later each time; together well within a call's deadline. */
const CONFLICTS = 10;
const CONFLICT_MS = 8;
const LONGEST_CONFLICT_MS = 250;

/**
 * @param conflicting whether the error says that a transaction was in the way
 * @throws LedgerContended where one always is
 */
export async function pastConflicts<T>(
  write: () => Promise<T>,
  { random, pause }: Patience,
  conflicting: (error: unknown) => boolean = isConflict,
): Promise<T> {
  for (let conflicts = 0; ; conflicts += 1) {
    try {
      return await write();
    } catch (error) {
      if (!conflicting(error)) throw error;
      if (conflicts === CONFLICTS) {
        throw new LedgerContended('transactions of others were in the way each time', { cause: error });
      }
      await pause(random() * Math.min(CONFLICT_MS * 2 ** conflicts, LONGEST_CONFLICT_MS));
    }
  }
}

/** False where the write's condition did not hold. */
export async function isWritten(write: () => Promise<unknown>): Promise<boolean> {
  try {
    await write();
    return true;
  } catch (error) {
    if (isConditionFailed(error)) return false;
    throw error;
  }
}

/** Conditions and updates name no attribute in clear: DynamoDB reserves `limit` and 572 other words. */
export function names(...expressions: readonly (string | undefined)[]): Record<string, string> {
  const used = expressions.join(' ').match(/#\w+/g) ?? [];
  return Object.fromEntries(used.map((name) => [name, name.slice(1)]));
}

/** A whole number that an item must have. @throws LedgerUnavailable */
export function wholeNumber(item: Record<string, unknown>, attribute: string): number {
  const value = item[attribute];
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value;
  throw unreadable(item, `'${attribute}' is no whole number: ${String(value)}`);
}

export function text(item: Record<string, unknown>, attribute: string): string {
  const value = item[attribute];
  if (typeof value === 'string') return value;
  throw unreadable(item, `'${attribute}' is no text: ${String(value)}`);
}

/** Refuses items of another release: what it does not know of them it would destroy. @throws LedgerUnavailable */
export function ofThisVersion(item: Record<string, unknown>): Record<string, unknown> {
  if (item['schemaVersion'] === SCHEMA_VERSION) return item;
  throw unreadable(item, `schemaVersion is ${String(item['schemaVersion'])}, this release reads ${SCHEMA_VERSION}`);
}

export function unreadable(item: Record<string, unknown>, why: string): LedgerUnavailable {
  return new LedgerUnavailable(`item ${String(item['pk'])} / ${String(item['sk'])} cannot be read: ${why}`);
}
