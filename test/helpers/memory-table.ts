import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';

type Value = Record<string, unknown>;
type Item = Record<string, Value>;
interface PutInput {
  readonly Item: Item;
  readonly ConditionExpression?: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: Record<string, Value>;
}

/** Of a request: each operation has some of it. */
interface Body extends PutInput {
  readonly ConsistentRead?: boolean;
  readonly TableName: string;
  readonly Key: Item;
  readonly TransactItems: readonly { readonly Put: PutInput }[];
  readonly KeyConditionExpression: string;
  readonly ExclusiveStartKey?: Item;
  readonly ScanIndexForward?: boolean;
  readonly Limit?: number;
  readonly RequestItems: Readonly<
    Record<string, { readonly Keys: readonly Item[]; readonly ConsistentRead?: boolean }>
  >;
}

interface HttpRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/**
 * One table of DynamoDB behind the real client: requests and answers go through the SDK's own writing and reading. It knows
 * what the guard uses of conditions and key conditions, and refuses everything else.
 */
export class MemoryTable {
  readonly items = new Map<string, Item>();
  /** Names of the operations, with their parsed bodies. */
  readonly requests: { readonly operation: string; readonly body: Body }[] = [];
  /** Items on a page of a query. */
  pageSize = Number.POSITIVE_INFINITY;
  /** Why every transaction is cancelled. */
  cancellation: string | undefined;
  /** How many keys of each coming batch are left out; then none. */
  leftOut: number[] = [];
  /** `__type` of an error that every request gets. */
  failure: string | undefined;

  /** Another one each time: document clients of one client share their marshalling options, those of the last one made. */
  get client(): DynamoDBClient {
    return new DynamoDBClient({
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:1',
      credentials: { accessKeyId: 'key', secretAccessKey: 'secret' },
      maxAttempts: 1,
      requestHandler: {
        handle: async (request: HttpRequest) => {
          const operation = String(request.headers['x-amz-target']).split('.')[1]!;
          const { body: bytes } = request;
          const body = JSON.parse(
            typeof bytes === 'string' ? bytes : new TextDecoder().decode(bytes as Uint8Array),
          ) as Body;
          this.requests.push({ operation, body });
          const [statusCode, answer] = this.answer(operation, body);
          const headers = { 'content-type': 'application/x-amz-json-1.0' };
          return { response: { statusCode, headers, body: Buffer.from(JSON.stringify(answer)) } as never };
        },
      },
    });
  }

  /** Writes an item as another feature, or an accident, has left it. */
  async write(item: Record<string, unknown>): Promise<void> {
    await DynamoDBDocumentClient.from(this.client).send(new PutCommand({ TableName: 'any', Item: item }));
  }

  private answer(operation: string, body: Body): [number, unknown] {
    if (this.failure !== undefined) return refusal(this.failure);
    switch (operation) {
      case 'GetItem': {
        const found = this.items.get(keyOf(body.Key));
        return [200, found === undefined ? {} : { Item: found }];
      }
      case 'PutItem':
        if (!this.allows(body)) return refusal('ConditionalCheckFailedException');
        this.items.set(keyOf(body.Item), body.Item);
        return [200, {}];
      case 'TransactWriteItems': {
        const puts = body.TransactItems.map(({ Put }) => Put);
        const CancellationReasons = puts.map((put) => ({
          Code: this.cancellation ?? (this.allows(put) ? 'None' : 'ConditionalCheckFailed'),
        }));
        if (CancellationReasons.some(({ Code }) => Code !== 'None')) {
          return refusal('TransactionCanceledException', { CancellationReasons });
        }
        for (const { Item } of puts) this.items.set(keyOf(Item), Item);
        return [200, {}];
      }
      case 'Query':
        return [200, this.query(body)];
      case 'Scan':
        return [200, this.query({ ...body, KeyConditionExpression: '' })];
      case 'BatchGetItem':
        return this.batch(body);
      default:
        throw new Error(`the table does not know ${operation}`);
    }
  }

  private batch({ RequestItems }: Body): [number, unknown] {
    const [first] = Object.entries(RequestItems);
    const [table, { Keys, ...asked }] = first!;
    if (Keys.length < 1 || Keys.length > 100 || new Set(Keys.map(keyOf)).size < Keys.length) {
      return refusal('ValidationException');
    }
    const left = Keys.slice(0, this.leftOut.shift() ?? 0);
    const found = Keys.slice(left.length).flatMap((key) => this.items.get(keyOf(key)) ?? []);
    const UnprocessedKeys = left.length === 0 ? {} : { [table]: { ...asked, Keys: left } };
    // In no order, as DynamoDB says.
    return [200, { Responses: { [table]: found.toReversed() }, UnprocessedKeys }];
  }

  private allows({ Item, ConditionExpression, ...names }: PutInput): boolean {
    if (ConditionExpression === undefined) return true;
    return evaluate(ConditionExpression, this.items.get(keyOf(Item)) ?? {}, names);
  }

  private query(body: Body): unknown {
    const after = body.ExclusiveStartKey && keyOf(body.ExclusiveStartKey);
    const backwards = body.ScanIndexForward === false;
    const found = [...this.items]
      .sort(([a], [b]) => (a < b ? -1 : 1) * (backwards ? -1 : 1))
      .filter(([, item]) => body.KeyConditionExpression === '' || evaluate(body.KeyConditionExpression, item, body))
      .filter(([key]) => after === undefined || (backwards ? key < after : key > after))
      .map(([, item]) => item);
    const Items = found.slice(0, Math.min(body.Limit ?? Number.POSITIVE_INFINITY, this.pageSize));
    const last = Items.at(-1);
    return { Items, ...(last && Items.length < found.length && { LastEvaluatedKey: { pk: last.pk, sk: last.sk } }) };
  }
}

function keyOf({ pk, sk }: Item): string {
  return `${String(pk!['S'])}\u0000${String(sk!['S'])}`;
}

function refusal(type: string, more: object = {}): [number, unknown] {
  return [400, { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type, ...more }];
}

/** `OR` of `AND` of comparisons, with brackets. What does not exist compares as false, as in DynamoDB. */
function evaluate(
  expression: string,
  item: Item,
  names: Pick<PutInput, 'ExpressionAttributeNames' | 'ExpressionAttributeValues'>,
): boolean {
  const tokens = expression.match(/\(|\)|<=|>=|<|>|=|[#:\w]+/g) ?? [];
  const next = () => tokens.shift() ?? '';
  const scalar = (value: Value | undefined) =>
    value?.['N'] === undefined ? (value?.['S'] as string | undefined) : Number(value['N']);
  const operand = (token: string): string | number | undefined => {
    if (token.startsWith(':')) {
      const value = names.ExpressionAttributeValues?.[token];
      if (value === undefined) throw new Error(`no value for ${token}`);
      return scalar(value);
    }
    const name = token.startsWith('#') ? names.ExpressionAttributeNames?.[token] : token;
    // A few of DynamoDB's reserved words: it refuses them as they are.
    if (name === undefined || /^(month|limit|status|year)$/i.test(token)) throw new Error(`no name: ${token}`);
    return scalar(item[name]);
  };
  const comparison = (): boolean => {
    const first = next();
    if (first === '(') {
      const inside = either();
      next();
      return inside;
    }
    if (first === 'attribute_not_exists') {
      const [, name] = [next(), next(), next()];
      return item[name] === undefined;
    }
    const [left, operator, right] = [operand(first), next(), operand(next())];
    const between = operator === 'BETWEEN' && next() === 'AND';
    const upper = between ? operand(next()) : right;
    if (left === undefined || right === undefined || upper === undefined) return false;
    if (between) {
      if (right > upper) throw new Error(`BETWEEN wants its lower bound first: ${right}, ${upper}`);
      return left >= right && left <= upper;
    }
    if (typeof left !== typeof right) return false;
    return { '=': left === right, '<': left < right, '<=': left <= right }[operator]!;
  };
  const all = (): boolean => {
    let result = comparison();
    while (tokens[0] === 'AND') {
      next();
      result = comparison() && result;
    }
    return result;
  };
  const either = (): boolean => {
    let result = all();
    while (tokens[0] === 'OR') {
      next();
      result = all() || result;
    }
    return result;
  };
  return either();
}
