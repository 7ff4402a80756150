import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, unknown>;

export interface Expressions {
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

export function invalid(message: string): DynamoDBServiceException {
  return new DynamoDBServiceException({ name: 'ValidationException', $fault: 'client', $metadata: {}, message });
}

type Predicate = (item: Item) => boolean;

/** `a AND b AND …` of comparisons and functions; what is missing compares as false. */
export function condition(
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
export function update(input: Expressions, stored: Item): Item {
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

export function checkUse(input: Expressions): void {
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
