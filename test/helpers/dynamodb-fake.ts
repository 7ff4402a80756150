import {
  ConditionalCheckFailedException,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';
import { type Item, invalid, condition, checkUse, type Expressions, update } from './dynamodb-expressions';

const TEN_MINUTES = 10 * 60_000;

/**
 * One DynamoDB table in memory, as far as the ledgers use it: conditions, `SET` with `+`, `ADD`, `REMOVE`, what writes return, transactions, their tokens, and the
 * refusal of what DynamoDB refuses: reserved words, names and values nobody uses, arithmetic on what is missing. Each command
 * happens at one instant. It takes the commands of lib-dynamodb, and answers in their errors.
 */
export class DynamoDbFake {
  readonly items = new Map<string, Item>();
  /** Write request units: a transaction counts twice. Also those whose condition failed. */
  writeUnits = 0;
  readUnits = 0;
  /** Items on a page of a scan, before its filter. */
  pageSize = Number.POSITIVE_INFINITY;
  private readonly tokens = new Map<string, { readonly payload: string; readonly at: number }>();

  constructor(private readonly now: () => number = () => 0) {}

  /** For adapters that are given their client. */
  get documents(): DynamoDBDocumentClient {
    return {
      send: async (command: unknown) => copied(this.run(command)),
    } as unknown as DynamoDBDocumentClient;
  }

  get(pk: string, sk: string): Item | undefined {
    return this.items.get(keyOf({ pk, sk }));
  }

  put(item: Item): void {
    this.items.set(keyOf(item), item);
  }

  run(command: unknown): unknown {
    if (command instanceof GetCommand) {
      this.readUnits += 1;
      const item = this.items.get(keyOf(command.input.Key as Item));
      return item ? { Item: item } : {};
    }
    if (command instanceof QueryCommand) return this.query(command.input);
    if (command instanceof ScanCommand) return this.scan(command.input);
    if (command instanceof PutCommand || command instanceof UpdateCommand) {
      const isPut = command instanceof PutCommand;
      const write = this.prepare(isPut ? { Put: command.input } : { Update: command.input });
      const Key = keyOf((isPut ? command.input.Item : command.input.Key) as Item);
      const before = this.items.get(Key);
      if (write.holds) write.apply();
      const after = this.items.get(Key);
      this.writeUnits += Math.max(unitsOf(before), unitsOf(after));
      if (!write.holds) {
        const told = before !== undefined && command.input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
        throw new ConditionalCheckFailedException({
          $metadata: {},
          message: 'The conditional request failed',
          ...(told ? { Item: marshall(before) } : {}),
        });
      }
      return command.input.ReturnValues === 'ALL_NEW' ? { Attributes: after } : {};
    }
    if (command instanceof TransactWriteCommand) return this.transact(command.input);
    throw invalid(`the fake knows no ${(command as object).constructor.name}`);
  }

  private transact({ TransactItems = [], ClientRequestToken }: TransactWriteCommand['input']): unknown {
    const payload = JSON.stringify(TransactItems);
    if (ClientRequestToken !== undefined) {
      if (ClientRequestToken.length < 1 || ClientRequestToken.length > 36) throw invalid('token of 1 to 36 characters');
      const before = this.tokens.get(ClientRequestToken);
      if (before && this.now() - before.at < TEN_MINUTES) {
        if (before.payload === payload) return {};
        throw new IdempotentParameterMismatchException({
          $metadata: {},
          message: 'token was used for another request',
        });
      }
    }
    this.writeUnits += 2 * TransactItems.length;
    const keys = TransactItems.map((item) => keyOf((item.Put?.Item ?? item.Update?.Key) as Item));
    if (new Set(keys).size !== keys.length)
      throw invalid('Transaction request cannot include multiple operations on one item');
    const writes = TransactItems.map((item) => this.prepare(item));
    if (!writes.every(({ holds }) => holds)) {
      throw new TransactionCanceledException({
        $metadata: {},
        message: 'Transaction cancelled',
        CancellationReasons: writes.map(({ holds }) => ({ Code: holds ? 'None' : 'ConditionalCheckFailed' })),
      });
    }
    for (const write of writes) write.apply();
    if (ClientRequestToken !== undefined) this.tokens.set(ClientRequestToken, { payload, at: this.now() });
    return {};
  }

  private scan(input: ScanCommand['input']): unknown {
    this.readUnits += 1;
    const matches = condition(input, 'FilterExpression');
    checkUse(input);
    return this.page([...this.items.values()], input.ExclusiveStartKey, matches);
  }

  /** Filters count no items: a page may be empty, and others follow. */
  private page(all: readonly Item[], after: Item | undefined, matches: (item: Item) => boolean): unknown {
    const from = after ? all.findIndex((item) => keyOf(item) === keyOf(after)) + 1 : 0;
    const read = all.slice(from, from + this.pageSize);
    const last = read.at(-1);
    const isMore = last !== undefined && from + read.length < all.length;
    return {
      Items: read.filter(matches),
      ...(isMore && { LastEvaluatedKey: { pk: last['pk'], sk: last['sk'] } }),
    };
  }

  private query(input: QueryCommand['input']): unknown {
    this.readUnits += 1;
    const matchesKey = condition(input, 'KeyConditionExpression');
    const matches = condition(input, 'FilterExpression');
    checkUse(input);
    return { Items: [...this.items.values()].filter((item) => matchesKey(item) && matches(item)) };
  }

  private prepare({
    Put,
    Update,
  }: {
    readonly Put?: { readonly Item?: Item | undefined } & Expressions;
    readonly Update?: { readonly Key?: Item | undefined } & Expressions;
  }): { readonly holds: boolean; apply(): void } {
    const input = Put ?? Update;
    if (!input) throw invalid('the fake knows Put and Update only');
    checkUse(input);
    const Key = (Put?.Item ?? Update?.Key) as Item;
    const key = keyOf(Key);
    const stored = this.items.get(key);
    const holds = condition(input, 'ConditionExpression')(stored ?? {});
    if (Put) return { holds, apply: () => void this.items.set(key, copied(Put.Item as Item)) };
    // Worked out before anything is written: all reads see the item as it was.
    const changed = holds ? update(input, stored ?? Key) : {};
    return {
      holds,
      apply: () => {
        const next: Item = { pk: Key['pk'], sk: Key['sk'], ...stored, ...changed };
        for (const name in next) if (next[name] === undefined) delete next[name];
        this.items.set(key, next);
      },
    };
  }
}

/**
 * What a reader gets is its own. Of text, numbers, lists and maps, which is all that the table keeps: `structuredClone` crosses from
 * the test's world into Node's and back, which took longer than all else that a request does.
 */
export function copied<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copied) as T;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return structuredClone(value);
  const copy: Record<string, unknown> = {};
  for (const name in value) copy[name] = copied<unknown>(value[name]);
  return copy as T;
}

function keyOf({ pk, sk }: Item): string {
  if (typeof pk !== 'string' || typeof sk !== 'string' || pk === '' || sk === '') throw invalid('keys are text');
  return `${pk}\u0000${sk}`;
}

/** As errors carry an item: past the document client. */
function marshall(item: Item): Record<string, { readonly N: string } | { readonly S: string }> {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => [
      name,
      typeof value === 'number' ? { N: String(value) } : { S: String(value) },
    ]),
  );
}

/** Write request units: one for each KB begun of the larger of the item before and after (DynamoDB developer guide). */
function unitsOf(item: Item | undefined): number {
  let bytes = 0;
  for (const name in item) bytes += name.length + sizeOf(item[name]);
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** A number takes about a byte for two digits and one more; text what UTF-8 takes. */
function sizeOf(value: unknown): number {
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).length / 2) + 1;
  return Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
}
