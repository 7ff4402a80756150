import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { GetCommand, PutCommand, UpdateCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type After, isKept, type BudgetRecord, type Hold, type Transition, type LedgerStore } from '../../core/ledger';
import { ZERO } from '../../core/money';
import {
  BUDGET_KEPT_MS,
  BUDGET_SORT_KEY,
  budgetKey,
  type BudgetPath,
  ENVIRONMENT_BUDGET,
  periodEnd,
  type PeriodKey,
} from '../../core/shared-budgets';
import { inTime, isAnswer, isWritten, names, ofThisVersion, pastConflicts, SCHEMA_VERSION } from './dynamodb-documents';
import {
  holdAttribute,
  holdValue,
  knownAttribute,
  noteAttributes,
  parseBudget,
  unsettledAttribute,
  type Item,
} from './ledger-item';

export interface LedgerStoreOptions {
  readonly tableName: string;
  /** Whose budget: the environment's name. */
  readonly scope: string;
  /** One within the environment's own. @default - the environment's own */
  readonly budget?: BudgetPath;
  readonly documents: DynamoDBDocumentClient;
  readonly now: () => number;
  readonly random: () => number;
  readonly after: After;
}

/**
 * Per budget and period one item. Its writes are plain and conditional, never transactions: DynamoDB puts those that meet in line, where
 * it would cancel all transactions but one. `remaining` is stored since a condition cannot calculate.
 */
export function dynamoDbLedgerStore(options: LedgerStoreOptions): LedgerStore {
  const { tableName: TableName, scope, budget = ENVIRONMENT_BUDGET, documents, now, random, after } = options;
  const keyOf = (period: PeriodKey) => ({ pk: budgetKey(scope, budget, period), sk: BUDGET_SORT_KEY });
  const send = <T>(request: (abortSignal: AbortSignal) => Promise<T>, expected?: (error: unknown) => boolean) =>
    inTime(TableName, request, { timer: after, ...(expected ? { expected } : {}) });
  const patience = { random, pause: (ms: number) => new Promise<void>((resume) => void after(ms, resume)) };
  const update = (period: PeriodKey, change: Change): Promise<BudgetRecord | undefined> => {
    const command = new UpdateCommand({
      TableName,
      Key: keyOf(period),
      ...expressions(change),
      ReturnValues: 'ALL_NEW',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    const write = () => send((abortSignal) => documents.send(command, { abortSignal }), isAnswer);
    return pastConflicts(write, patience).then(({ Attributes }) => Attributes && parseBudget(Attributes));
  };

  return {
    async read(period) {
      const command = new GetCommand({ TableName, Key: keyOf(period), ConsistentRead: true });
      const { Item } = await send((abortSignal) => documents.send(command, { abortSignal }));
      return Item && parseBudget(ofThisVersion(Item));
    },

    async open(period, { limit, carried = ZERO, remaining, spent, raised, unsettled, releases, statusAsOf }) {
      const expiresAt = Math.ceil((periodEnd(period) + BUDGET_KEPT_MS) / 1000);
      const amounts = {
        limit,
        ...(carried > 0 && { carried }),
        remaining,
        spent,
        raised,
        unsettled,
        releases,
        statusAsOf,
      };
      const Item = { ...keyOf(period), schemaVersion: SCHEMA_VERSION, ...amounts, expiresAt };
      const ConditionExpression = 'attribute_not_exists(#pk)';
      const ExpressionAttributeNames = names(ConditionExpression);
      const command = new PutCommand({ TableName, Item, ConditionExpression, ExpressionAttributeNames });
      const write = () => send((abortSignal) => documents.send(command, { abortSignal }), isAnswer);
      await isWritten(() => pastConflicts(write, patience));
    },

    adjust(period, { from, to, remaining, spent }) {
      return isWritten(() => update(period, { is: from, set: to, add: { remaining, spent } }));
    },

    release(period, { from, to, remaining, spent, holds, emptied = [], hours = [], note }) {
      const is = { ...from, ...holdAttributes([...holds, ...emptied]) };
      const nothing = holdAttributes(emptied.map((hold) => ({ ...hold, amount: ZERO })));
      const set = { ...to, ...nothing, ...(note && noteAttributes(note)) };
      const remove = [...holds.map(({ id }) => holdAttribute(id)), ...hours.map(unsettledAttribute)];
      return isWritten(() => update(period, { is, set, add: { remaining, spent, releases: 1 }, remove }));
    },

    async commit(period, transition, forget = []) {
      try {
        const stored = await update(period, changeOf(transition, forget, now()));
        return stored ? { done: true, stored } : { done: true };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        const item = error.Item && plain(error.Item);
        return item ? { done: false, stored: parseBudget(ofThisVersion(item)) } : { done: false };
      }
    },
  };
}

/** One conditional update, by the names of attributes. */
interface Change {
  /** What the item must say; undefined: that it has none such. */
  readonly is: Readonly<Record<string, string | number | undefined>>;
  readonly atLeast?: Readonly<Record<string, number>>;
  readonly set?: Readonly<Record<string, string | number>>;
  /** To numbers that are there. */
  readonly add: Readonly<Record<string, number>>;
  /** To numbers that may not be there yet. */
  readonly count?: Readonly<Record<string, number>>;
  readonly remove?: readonly string[];
}

function changeOf(
  { from, to, remaining, spent, known, unsettled, needs }: Transition,
  forget: readonly number[],
  now: number,
): Change {
  const name = holdAttribute(to.id);
  const binds = to.amount > 0;
  const parts = [...(known.amount === 0 ? [] : [[knownAttribute(known.hour), known.amount] as const])];
  for (const { hour, amount } of unsettled) if (isKept(hour, now)) parts.push([unsettledAttribute(hour), amount]);
  const gone = new Set(parts.map(([attribute]) => attribute));
  const forgotten = forget.flatMap((hour) => [knownAttribute(hour), unsettledAttribute(hour)]);
  return {
    is: { [name]: from && holdValue(from) },
    ...(needs === undefined ? {} : { atLeast: { remaining: needs } }),
    ...(binds ? { set: { [name]: holdValue(to) } } : {}),
    add: { remaining, spent, ...sum([['unsettled', unsettled.reduce((all, { amount }) => all + amount, 0)]]) },
    count: sum(parts),
    remove: [...(binds || !from ? [] : [name]), ...forgotten.filter((attribute) => !gone.has(attribute))],
  };
}

function holdAttributes(holds: readonly Hold[]): Record<string, string> {
  return Object.fromEntries(holds.map((hold) => [holdAttribute(hold.id), holdValue(hold)]));
}

/** Equal names added up, zeros left out. */
function sum(parts: readonly (readonly [string, number])[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [name, amount] of parts) sums[name] = (sums[name] ?? 0) + amount;
  return Object.fromEntries(Object.entries(sums).filter(([, amount]) => amount !== 0));
}

function expressions({ is, atLeast = {}, set = {}, add, count = {}, remove = [] }: Change) {
  const values: Record<string, string | number> = {};
  const value = (kind: string, name: string, given: string | number): string => {
    values[`:${kind}_${name}`] = given;
    return `:${kind}_${name}`;
  };
  const all = <V>(of: Readonly<Record<string, V>>, text: (name: string, given: V) => string) =>
    Object.entries(of).map(([name, given]) => text(name, given));
  const conditions = [
    `#schemaVersion = ${value('is', 'schemaVersion', SCHEMA_VERSION)}`,
    ...all(is, (name, given) =>
      given === undefined ? `attribute_not_exists(#${name})` : `#${name} = ${value('is', name, given)}`,
    ),
    ...all(atLeast, (name, given) => `#${name} >= ${value('least', name, given)}`),
  ];
  const sets = [
    ...all(set, (name, given) => `#${name} = ${value('to', name, given)}`),
    ...all(add, (name, given) => `#${name} = #${name} + ${value('add', name, given)}`),
  ];
  const clauses = [
    ['SET', sets],
    ['ADD', all(count, (name, given) => `#${name} ${value('count', name, given)}`)],
    ['REMOVE', remove.map((name) => `#${name}`)],
  ] as const;
  const UpdateExpression = clauses
    .flatMap(([word, parts]) => (parts.length === 0 ? [] : `${word} ${parts.join(', ')}`))
    .join(' ');
  const ConditionExpression = conditions.join(' AND ');
  return {
    UpdateExpression,
    ConditionExpression,
    ExpressionAttributeNames: names(UpdateExpression, ConditionExpression),
    ExpressionAttributeValues: values,
  };
}

/** An error's item comes as DynamoDB writes it, past the document client. */
function plain(item: Readonly<Record<string, { readonly S?: string; readonly N?: string }>>): Item {
  return Object.fromEntries(Object.entries(item).map(([name, { S, N }]) => [name, N === undefined ? S : Number(N)]));
}
