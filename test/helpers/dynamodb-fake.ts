import {
  ConditionalCheckFailedException,
  DynamoDBServiceException,
  IdempotentParameterMismatchException,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
  type DynamoDBDocumentClient,
} from '@aws-sdk/lib-dynamodb';

export type Item = Record<string, unknown>;

interface Expressions {
  readonly UpdateExpression?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

/** Of the 573 that DynamoDB reserves, those near what the ledgers store. */
const RESERVED = new Set(
  (
    'limit state status current minute day hour month year date time timestamp token ttl use count counter total owner ' +
    'name names value values key keys data session role region size source start end period range rank read write'
  ).split(' '),
);
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
  private readonly tokens = new Map<string, { readonly payload: string; readonly at: number }>();

  constructor(private readonly now: () => number = () => 0) {}

  /** For adapters that are given their client. */
  get documents(): DynamoDBDocumentClient {
    return {
      send: async (command: unknown) => structuredClone(this.run(command)),
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
    if (Put) return { holds, apply: () => void this.items.set(key, structuredClone(Put.Item as Item)) };
    // Worked out before anything is written: all reads see the item as it was.
    const changed = holds ? update(input, stored ?? Key) : {};
    return {
      holds,
      apply: () => {
        const next: Item = { pk: Key['pk'], sk: Key['sk'], ...stored, ...changed };
        for (const [name, value] of Object.entries(next)) if (value === undefined) delete next[name];
        this.items.set(key, next);
      },
    };
  }
}

function keyOf({ pk, sk }: Item): string {
  if (typeof pk !== 'string' || typeof sk !== 'string' || pk === '' || sk === '') throw invalid('keys are text');
  return `${pk}\u0000${sk}`;
}

function invalid(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata: {}, message });
}

type Predicate = (item: Item) => boolean;

/** `a AND b AND …` of comparisons and functions; what is missing compares as false. */
function condition(
  input: Expressions,
  which: 'ConditionExpression' | 'KeyConditionExpression' | 'FilterExpression',
): Predicate {
  const expression = input[which];
  if (expression === undefined) return () => true;
  const all = expression.split(/\s+AND\s+/).map((term): Predicate => {
    const call = /^(attribute_not_exists|attribute_exists|begins_with)\((\S+?)(?:,\s*(\S+))?\)$/.exec(term);
    if (call) {
      const [, name, path = '', prefix] = call;
      const attribute = attributeOf(input, path);
      if (name === 'attribute_not_exists') return (item) => item[attribute] === undefined;
      if (name === 'attribute_exists') return (item) => item[attribute] !== undefined;
      const start = valueOf(input, prefix ?? '');
      return (item) => typeof item[attribute] === 'string' && item[attribute].startsWith(String(start));
    }
    const [, path = '', operator, operand = ''] = /^(\S+) (=|<|<=|>|>=) (:\w+)$/.exec(term) ?? [];
    if (!operator) throw invalid(`Invalid ${which}: ${term}`);
    const attribute = attributeOf(input, path);
    const value = valueOf(input, operand);
    return (item) => {
      const stored = item[attribute];
      if (typeof stored !== typeof value) return false;
      const [a, b] = [stored as number, value as number];
      return { '=': a === b, '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator] === true;
    };
  });
  return (item) => all.every((holds) => holds(item));
}

/** `SET … ADD … REMOVE …`: the attributes that change; undefined: it goes. */
function update(input: Expressions, stored: Item): Item {
  const expression = input.UpdateExpression ?? '';
  const clauses = expression.split(/ (?=ADD |REMOVE )/);
  const changed: Item = {};
  const change = (path: string, value: unknown): void => {
    const attribute = attributeOf(input, path);
    if (attribute === 'pk' || attribute === 'sk') throw invalid(`cannot set ${attribute} so`);
    if (attribute in changed) throw invalid('Two document paths overlap with each other');
    changed[attribute] = value;
  };
  for (const clause of clauses) {
    const [, word, list = ''] = /^(SET|ADD|REMOVE) (.+)$/.exec(clause) ?? [];
    if (word === undefined) throw invalid(`Invalid UpdateExpression: ${expression}`);
    for (const part of list.split(', ')) {
      if (word === 'REMOVE') change(part, undefined);
      else if (word === 'ADD') change(part.split(' ')[0]!, added(input, stored, part));
      else change(part.split(' ')[0]!, assigned(input, stored, part));
    }
  }
  return changed;
}

/** `#a :b`: zero where there is none yet. */
function added(input: Expressions, stored: Item, part: string): number {
  const [, path = '', name = ''] = /^(\S+) (:\w+)$/.exec(part) ?? [];
  const [before = 0, more] = [stored[attributeOf(input, path)], valueOf(input, name)];
  if (typeof before !== 'number' || typeof more !== 'number') throw invalid(`Incorrect operand type for ADD: ${part}`);
  return before + more;
}

/** `#a = x` or `#a = x + y`. */
function assigned(input: Expressions, stored: Item, assignment: string): unknown {
  const operand = (text: string): unknown => {
    if (text.startsWith(':')) return valueOf(input, text);
    const value = stored[attributeOf(input, text)];
    if (value === undefined)
      throw invalid('The provided expression refers to an attribute that does not exist in the item');
    return value;
  };
  const [, a, sign, b] = /^\S+ = (\S+)(?: ([+-]) (\S+))?$/.exec(assignment) ?? [];
  if (a === undefined) throw invalid(`Invalid UpdateExpression: ${assignment}`);
  if (sign === undefined || b === undefined) return operand(a);
  const [left, right] = [operand(a), operand(b)];
  if (typeof left !== 'number' || typeof right !== 'number')
    throw invalid('An operand in the update expression has an incorrect data type');
  return sign === '+' ? left + right : left - right;
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
  const bytes = Object.entries(item ?? {}).reduce((sum, [name, value]) => sum + name.length + sizeOf(value), 0);
  return Math.max(1, Math.ceil(bytes / 1024));
}

/** A number takes about a byte for two digits and one more; text what UTF-8 takes. */
function sizeOf(value: unknown): number {
  if (typeof value === 'number') return Math.ceil(String(Math.abs(value)).length / 2) + 1;
  return Buffer.byteLength(typeof value === 'string' ? value : JSON.stringify(value));
}

function attributeOf({ ExpressionAttributeNames = {} }: Expressions, path: string): string {
  if (!path.startsWith('#')) {
    if (RESERVED.has(path.toLowerCase())) {
      throw invalid(`Attribute name is a reserved keyword; reserved keyword: ${path}`);
    }
    return path;
  }
  const name = ExpressionAttributeNames[path];
  if (name === undefined)
    throw invalid(`An expression attribute name used in the document path is not defined: ${path}`);
  return name;
}

function valueOf({ ExpressionAttributeValues = {} }: Expressions, name: string): unknown {
  const value = ExpressionAttributeValues[name];
  if (value === undefined) throw invalid(`An expression attribute value used in expression is not defined: ${name}`);
  return value;
}

/** Of one expression, after https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Limits.html (2026-11). */
const LONGEST_EXPRESSION = 4096;

function checkUse(input: Expressions): void {
  for (const expression of [input.UpdateExpression, input.ConditionExpression]) {
    if (expression !== undefined && Buffer.byteLength(expression) > LONGEST_EXPRESSION)
      throw invalid('Expression size has exceeded the maximum allowed size');
  }
  const text = [
    input.UpdateExpression,
    input.ConditionExpression,
    input.KeyConditionExpression,
    input.FilterExpression,
  ].join(' ');
  const used = new Set(text.match(/[#:]\w+/g));
  const given = [
    ...Object.keys(input.ExpressionAttributeNames ?? {}),
    ...Object.keys(input.ExpressionAttributeValues ?? {}),
  ];
  for (const name of given) if (!used.has(name)) throw invalid(`Value provided unused in expressions: ${name}`);
  for (const values of [input.ExpressionAttributeNames, input.ExpressionAttributeValues]) {
    if (values && Object.keys(values).length === 0) throw invalid('ExpressionAttributeNames must not be empty');
  }
}
