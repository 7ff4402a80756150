import { GetCommand, PutCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DAY_MS } from '../../core/calendar';
import {
  admitted,
  minuteOf,
  rateRefusal,
  room,
  windowAt,
  type RateLimits,
  type RateWindow,
  LedgerContended,
  type RateLimitPort,
  type RateOutcome,
} from '../../core/ledger';
import { after } from '../after';
import {
  BUDGET_MS,
  budgetedDocuments,
  inTime,
  isAnswer,
  isWritten,
  names,
  ofThisVersion,
  pastConflicts,
  SCHEMA_VERSION,
  unreadable,
  wholeNumber,
} from './dynamodb-documents';

export interface DynamoDbRateLimitOptions {
  /** The environment's leases table. */
  readonly tableName: string;
  /** Whose limits: the environment's name. All its callers must name the same. */
  readonly scope: string;
  /** Whole numbers above zero. */
  readonly limits: RateLimits;
  /** ms since the epoch. */
  readonly now: () => number;
  /**
   * Counts up to 1% of a limit ahead, so that most requests need no write. What is not used by the end of its minute has
   * counted all the same: for long-running processes.
   * @default false
   */
  readonly ahead?: boolean;
  /** @default - one with timeouts and retries that fit into `timeoutMs` */
  readonly documents?: DynamoDBDocumentClient;
  /** @default 2800 */
  readonly timeoutMs?: number;
}

interface Waiting {
  readonly done: (outcome: RateOutcome) => void;
  readonly failed: (error: unknown) => void;
}

type Item = Record<string, unknown>;

/** Writes lost to other processes in a row before a caller is told to come back. */
const ATTEMPTS = 30;
const PART_AHEAD = 0.01;
const LARGEST_AHEAD = 10_000;
const KEPT_MS = 3 * DAY_MS;

/**
 * One item, `RATE#<scope>` / `STATE`, with the counts of the last hour by the minute. A request is one conditional update,
 * shared by those that one process makes at the same time. An update whose answer is lost has counted: never too few.
 */
export function dynamoDbRateLimit(options: DynamoDbRateLimitOptions): RateLimitPort {
  const { tableName: TableName, scope, limits, now, documents = budgetedDocuments() } = options;
  const ms = options.timeoutMs ?? BUDGET_MS;
  const Key = { pk: `RATE#${scope}`, sk: 'STATE' };
  const send = <T>(request: (signal: AbortSignal) => Promise<T>) =>
    inTime(TableName, request, { ms, expected: isAnswer });
  const pause = (time: number) => new Promise<void>((resume) => void after(time, resume));
  const patience = { random: Math.random, pause };

  /** False where the window has moved on, or has no room for so many. */
  const count = (requests: number, minute: number): Promise<boolean> => {
    const UpdateExpression =
      'SET #current = #current + :requests, #used = #used + :requests, #dayUsed = #dayUsed + :requests';
    const { perHour, perDay } = limits;
    const ConditionExpression = [
      '#schemaVersion = :schemaVersion AND #minute = :minute',
      ...(perHour === undefined ? [] : ['#used <= :hourMost']),
      ...(perDay === undefined ? [] : ['#dayUsed <= :dayMost']),
    ].join(' AND ');
    const command = new UpdateCommand({
      TableName,
      Key,
      UpdateExpression,
      ConditionExpression,
      ExpressionAttributeNames: names(UpdateExpression, ConditionExpression),
      ExpressionAttributeValues: {
        ':requests': requests,
        ':schemaVersion': SCHEMA_VERSION,
        ':minute': minute,
        ...(perHour === undefined ? {} : { ':hourMost': perHour - requests }),
        ...(perDay === undefined ? {} : { ':dayMost': perDay - requests }),
      },
    });
    return isWritten(() =>
      pastConflicts(() => send((abortSignal) => documents.send(command, { abortSignal })), patience),
    );
  };

  const read = async (): Promise<RateWindow | undefined> => {
    const command = new GetCommand({ TableName, Key, ConsistentRead: true });
    const { Item } = await send((abortSignal) => documents.send(command, { abortSignal }));
    return Item && parseWindow(ofThisVersion(Item));
  };

  /** False where another process wrote since `stored` was read. */
  const replace = (stored: RateWindow | undefined, window: RateWindow): Promise<boolean> => {
    const ConditionExpression = stored
      ? '#schemaVersion = :schemaVersion AND #minute = :minute AND #current = :current'
      : 'attribute_not_exists(#pk)';
    const command = new PutCommand({
      TableName,
      Item: { ...Key, schemaVersion: SCHEMA_VERSION, ...window, expiresAt: Math.ceil((now() + KEPT_MS) / 1000) },
      ConditionExpression,
      ExpressionAttributeNames: names(ConditionExpression),
      ...(stored
        ? {
            ExpressionAttributeValues: {
              ':schemaVersion': SCHEMA_VERSION,
              ':minute': stored.minute,
              ':current': stored.current,
            },
          }
        : {}),
    });
    return isWritten(() =>
      pastConflicts(() => send((abortSignal) => documents.send(command, { abortSignal })), patience),
    );
  };

  let minute = 0;
  /** Counts `wanted` requests or as many as fit; none: with the window that has no room. */
  const take = async (wanted: number): Promise<{ readonly taken: number } | { readonly full: RateWindow }> => {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      minute = Math.max(minute, minuteOf(now()));
      if (await count(wanted, minute)) return { taken: wanted };
      const stored = await read();
      const window = windowAt(stored, minute);
      minute = window.minute;
      wanted = Math.min(wanted, room(window, limits));
      if (wanted < 1) return { full: window };
      if (window !== stored && (await replace(stored, admitted(window, wanted)))) return { taken: wanted };
    }
    throw new LedgerContended(`${ATTEMPTS} writes in a row to ${Key.pk} of ${TableName} were overtaken by others`);
  };

  const waiting: Waiting[] = [];
  let running = false;
  /** Counted and not used yet: good until this process's clock passes the minute they count in. */
  let left = { requests: 0, minute: 0 };
  let fetched = 0;
  const most = options.ahead
    ? Math.floor(Math.min(limits.perHour ?? LARGEST_AHEAD, limits.perDay ?? LARGEST_AHEAD) * PART_AHEAD)
    : 0;

  const round = async (): Promise<void> => {
    // Twice as many each time, so that few are left over where few are made.
    fetched = minuteOf(now()) > left.minute ? 0 : Math.min(most, 2 * fetched + (options.ahead ? 1 : 0));
    const answer = await take(waiting.length + fetched);
    if ('full' in answer) {
      for (const { done } of waiting.splice(0)) done(rateRefusal(answer.full, limits, now()));
      return;
    }
    const served = waiting.splice(0, answer.taken);
    left = { requests: answer.taken - served.length, minute };
    for (const { done } of served) done({ kind: 'admitted' });
  };

  const run = async (): Promise<void> => {
    running = true;
    try {
      // One turn, so that requests made together are counted together.
      await Promise.resolve();
      while (waiting.length > 0) await round();
    } catch (error) {
      for (const { failed } of waiting.splice(0)) failed(error);
    } finally {
      running = false;
    }
  };

  return {
    async admit() {
      if (waiting.length === 0 && left.requests > 0 && minuteOf(now()) <= left.minute) {
        left.requests -= 1;
        return { kind: 'admitted' };
      }
      const outcome = new Promise<RateOutcome>((done, failed) => {
        waiting.push({ done, failed });
      });
      if (!running) void run();
      return inTime(TableName, () => outcome, { ms });
    },

    async giveBack() {
      // For the next request of this process, where it may count ahead anyway.
      if (options.ahead && left.minute === minute) left.requests += 1;
      else await count(-1, minute);
    },
  };
}

function parseWindow(item: Item): RateWindow {
  const earlier = item['earlier'];
  if (typeof earlier !== 'object' || earlier === null) throw unreadable(item, `'earlier' is no map`);
  const counts = earlier as Item;
  return {
    minute: wholeNumber(item, 'minute'),
    current: wholeNumber(item, 'current'),
    earlier: Object.fromEntries(Object.keys(counts).map((bucket) => [bucket, wholeNumber(counts, bucket)])),
    used: wholeNumber(item, 'used'),
    dayUsed: wholeNumber(item, 'dayUsed'),
  };
}
