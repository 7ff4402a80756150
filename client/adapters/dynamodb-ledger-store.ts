import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { DAY_MS, monthStart, nextMonth, type UtcMonth } from '../../core/calendar';
import type { After } from '../../core/ledger/alarms';
import type { BudgetState } from '../../core/ledger/budget';
import type { Hold } from '../../core/ledger/hold';
import type { LedgerStore } from '../../core/ledger/store';
import { nanoUsd } from '../../core/money';
import { LedgerUnavailable } from '../../core/ports/ledger';
import {
  inTime,
  isAnswer,
  isWritten,
  names,
  ofThisVersion,
  pastConflicts,
  SCHEMA_VERSION,
  text,
  unreadable,
  wholeNumber,
} from './dynamodb-documents';

export interface LedgerStoreOptions {
  readonly tableName: string;
  /** Whose budget: the environment's name. Keys begin with `BUDGET#<scope>#<yyyy-mm>`. */
  readonly scope: string;
  readonly documents: DynamoDBDocumentClient;
  readonly now: () => number;
  readonly random: () => number;
  readonly after: After;
}

type Item = Record<string, unknown>;

const STATE = 'STATE';
const HOLD = 'HOLD#';
/** After its month a budget is kept for those who look back. */
const KEPT_AFTER_MONTH_MS = 40 * DAY_MS;
/**
 * Per month one item `STATE` and one `HOLD#<id>` for each process. `remaining` is stored since a condition cannot
 * calculate. Items that still bind money never expire before the month has.
 */
export function dynamoDbLedgerStore(options: LedgerStoreOptions): LedgerStore {
  const { tableName: TableName, scope, documents, now, random, after } = options;
  const pk = (period: UtcMonth) => `BUDGET#${scope}#${period}`;
  const end = (period: UtcMonth) => Math.ceil((monthStart(nextMonth(period)) + KEPT_AFTER_MONTH_MS) / 1000);
  const send = <T>(request: (abortSignal: AbortSignal) => Promise<T>, expected?: (error: unknown) => boolean) =>
    inTime(TableName, request, { timer: after, ...(expected ? { expected } : {}) });
  const patience = { random, pause: (ms: number) => new Promise<void>((resume) => void after(ms, resume)) };

  const get = async (period: UtcMonth, sk: string): Promise<Item | undefined> => {
    const Key = { pk: pk(period), sk };
    const command = new GetCommand({ TableName, Key, ConsistentRead: true });
    const { Item } = await send((abortSignal) => documents.send(command, { abortSignal }));
    return Item && ofThisVersion(Item);
  };

  const holdItem = (period: UtcMonth, hold: Hold): Item => {
    const binds = hold.claim === 'active' && hold.amount > 0;
    return {
      pk: pk(period),
      sk: `${HOLD}${hold.id}`,
      schemaVersion: SCHEMA_VERSION,
      revision: hold.revision,
      claim: hold.claim,
      amount: hold.amount,
      expiresAtMs: hold.expiresAtMs,
      writtenBy: hold.writtenBy,
      expiresAt: binds ? end(period) : Math.ceil((now() + DAY_MS) / 1000),
    };
  };

  return {
    async state(period) {
      const item = await get(period, STATE);
      return item && parseState(item);
    },

    async open(period, state) {
      const Item = { pk: pk(period), sk: STATE, schemaVersion: SCHEMA_VERSION, ...state, expiresAt: end(period) };
      const ConditionExpression = 'attribute_not_exists(#pk)';
      const ExpressionAttributeNames = names(ConditionExpression);
      const command = new PutCommand({ TableName, Item, ConditionExpression, ExpressionAttributeNames });
      const write = () => send((abortSignal) => documents.send(command, { abortSignal }), isAnswer);
      await isWritten(() => pastConflicts(write, patience));
    },

    async adjust(period, { from, to, remaining, spent }) {
      const UpdateExpression =
        'SET #limit = :limit, #raised = :raised, #statusAsOf = :statusAsOf, ' +
        '#remaining = #remaining + :remaining, #spent = #spent + :spent';
      const ConditionExpression =
        '#schemaVersion = :schemaVersion AND #limit = :oldLimit AND #raised = :oldRaised AND #statusAsOf = :oldStatusAsOf';
      const command = new UpdateCommand({
        TableName,
        Key: { pk: pk(period), sk: STATE },
        UpdateExpression,
        ConditionExpression,
        ExpressionAttributeNames: names(UpdateExpression, ConditionExpression),
        ExpressionAttributeValues: {
          ':limit': to.limit,
          ':raised': to.raised,
          ':statusAsOf': to.statusAsOf,
          ':remaining': remaining,
          ':spent': spent,
          ':schemaVersion': SCHEMA_VERSION,
          ':oldLimit': from.limit,
          ':oldRaised': from.raised,
          ':oldStatusAsOf': from.statusAsOf,
        },
      });
      const write = () => send((abortSignal) => documents.send(command, { abortSignal }), isAnswer);
      return isWritten(() => pastConflicts(write, patience));
    },

    async hold(period, id) {
      const item = await get(period, `${HOLD}${id}`);
      return item && parseHold(item);
    },

    async expiredHolds(period, before) {
      const KeyConditionExpression = '#pk = :pk AND begins_with(#sk, :hold)';
      const FilterExpression = '#claim = :active AND #amount > :none AND #expiresAtMs < :before';
      const found: Hold[] = [];
      let ExclusiveStartKey: Item | undefined;
      do {
        const command: QueryCommand = new QueryCommand({
          TableName,
          KeyConditionExpression,
          FilterExpression,
          ExpressionAttributeNames: names(KeyConditionExpression, FilterExpression),
          ExpressionAttributeValues: {
            ':pk': pk(period),
            ':hold': HOLD,
            ':active': 'active',
            ':none': 0,
            ':before': before,
          },
          ConsistentRead: true,
          ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
        });
        const page = await send((abortSignal) => documents.send(command, { abortSignal }));
        found.push(...(page.Items ?? []).map((item) => parseHold(ofThisVersion(item))));
        ExclusiveStartKey = page.LastEvaluatedKey;
      } while (ExclusiveStartKey);
      return found;
    },

    async commit(period, transition, token) {
      const { from, to, remaining, spent, needs } = transition;
      const UpdateExpression = 'SET #remaining = #remaining + :remaining, #spent = #spent + :spent';
      const enough = needs === undefined ? '' : ' AND #remaining >= :needs';
      const budgetCondition = `#schemaVersion = :schemaVersion${enough}`;
      const holdCondition = from
        ? '#schemaVersion = :schemaVersion AND #revision = :revision'
        : 'attribute_not_exists(#pk)';
      const command = new TransactWriteCommand({
        ClientRequestToken: token,
        TransactItems: [
          {
            Update: {
              TableName,
              Key: { pk: pk(period), sk: STATE },
              UpdateExpression,
              ConditionExpression: budgetCondition,
              ExpressionAttributeNames: names(UpdateExpression, budgetCondition),
              ExpressionAttributeValues: {
                ':remaining': remaining,
                ':spent': spent,
                ':schemaVersion': SCHEMA_VERSION,
                ...(needs === undefined ? {} : { ':needs': needs }),
              },
            },
          },
          {
            Put: {
              TableName,
              Item: holdItem(period, to),
              ConditionExpression: holdCondition,
              ExpressionAttributeNames: names(holdCondition),
              ...(from
                ? { ExpressionAttributeValues: { ':schemaVersion': SCHEMA_VERSION, ':revision': from.revision } }
                : {}),
            },
          },
        ],
      });
      const write = () => send((abortSignal) => documents.send(command, { abortSignal }), isCancelled);
      try {
        await pastConflicts(write, patience, isConflicted);
        return 'done';
      } catch (error) {
        if (!isCancelled(error)) throw error;
        const codes = codesOf(error);
        if (codes.includes('ConditionalCheckFailed')) return 'refused';
        throw new LedgerUnavailable(`table ${TableName} cancelled a write: ${codes.join(', ')}`, { cause: error });
      }
    },
  };
}

function isCancelled(error: unknown): error is TransactionCanceledException {
  return error instanceof TransactionCanceledException;
}

function codesOf(error: TransactionCanceledException): readonly (string | undefined)[] {
  return (error.CancellationReasons ?? []).map(({ Code }) => Code);
}

/** Nothing but others was in the way: the same write may get through. */
function isConflicted(error: unknown): boolean {
  if (!isCancelled(error)) return false;
  const codes = codesOf(error);
  return !codes.includes('ConditionalCheckFailed') && !codes.includes('ValidationError');
}

function parseState(item: Item): BudgetState {
  return {
    limit: nanoUsd(wholeNumber(item, 'limit')),
    remaining: nanoUsd(wholeNumber(item, 'remaining')),
    spent: nanoUsd(wholeNumber(item, 'spent')),
    raised: nanoUsd(wholeNumber(item, 'raised')),
    statusAsOf: wholeNumber(item, 'statusAsOf'),
  };
}

function parseHold(item: Item): Hold {
  const claim = text(item, 'claim');
  if (claim !== 'active' && claim !== 'charged') throw unreadable(item, `'claim' is '${claim}'`);
  return {
    id: text(item, 'sk').slice(HOLD.length),
    revision: wholeNumber(item, 'revision'),
    claim,
    amount: nanoUsd(wholeNumber(item, 'amount')),
    expiresAtMs: wholeNumber(item, 'expiresAtMs'),
    writtenBy: text(item, 'writtenBy'),
  };
}
