import { globExpression, type IamActions } from './iam-actions';

/** An identity policy or a permissions boundary, under the name that findings give it. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: unknown;
}

export interface IamRequest {
  /** `service:Action`. */
  readonly action: string;
  /** An ARN, or `*` for what is called on nothing in particular. */
  readonly resource: string;
  /** What the call carries, by condition key; several values only for AWS's multivalued keys. */
  readonly context?: Readonly<Record<string, string | readonly string[]>>;
}

/** What AdministratorAccess says. */
export const ALLOW_ALL = { Version: '2012-10-17', Statement: { Effect: 'Allow', Action: '*', Resource: '*' } };

export type Decision = 'allowed' | 'deniedExplicitly' | 'deniedByBoundary' | 'notAllowed';

export interface Statement {
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
}

export interface Patterns {
  /** NotAction, NotResource. */
  readonly except: boolean;
  readonly list: readonly string[];
}

interface Condition {
  /** As written, quantifier and IfExists included. */
  readonly text: string;
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/**
 * In every signed request, whether a test says so or not: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-principalarn
 * (read 2026-11-28).
 */
const ALWAYS_CARRIED: Readonly<Record<string, string>> = {
  'aws:principalarn': 'arn:aws:iam::111122223333:role/whoever-calls',
};

const equalsIgnoringCase = (actual: string, expected: string) => actual.toLowerCase() === expected.toLowerCase();

/** By operator, without its `Not`. ArnEquals takes wildcards, as ArnLike does: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, (actual: string, expected: string) => boolean>> = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: equalsIgnoringCase,
  StringLike: (actual, expected) => globExpression(expected).test(actual),
  ArnEquals: arnMatches,
  ArnLike: arnMatches,
  Bool: equalsIgnoringCase,
};

/**
 * What a principal's own policies let it do. Resource policies, service control policies and sessions play no part.
 * @throws Error from the constructor on an element, operator, action, resource or key that it does not know
 */
export class Principal {
  readonly identity: readonly Statement[];
  private readonly boundary: readonly Statement[] | undefined;

  constructor(
    private readonly iam: IamActions,
    policies: readonly NamedPolicy[],
    boundary?: NamedPolicy,
  ) {
    this.identity = policies.flatMap((policy) => parsePolicy(iam, policy));
    this.boundary = boundary && parsePolicy(iam, boundary);
  }

  /** An explicit deny wins; else identity policies and boundary must both allow. */
  decide(request: IamRequest): Decision {
    this.iam.checkRequest(request.action, request.resource, Object.keys(request.context ?? {}));
    const any = (statements: readonly Statement[], effect: 'Allow' | 'Deny') =>
      statements.some((one) => one.effect === effect && applies(one, request));
    if (any([...this.identity, ...(this.boundary ?? [])], 'Deny')) return 'deniedExplicitly';
    if (!any(this.identity, 'Allow')) return 'notAllowed';
    return this.boundary && !any(this.boundary, 'Allow') ? 'deniedByBoundary' : 'allowed';
  }

  can(request: IamRequest): boolean {
    return this.decide(request) === 'allowed';
  }
}

export function applies({ actions, resources, conditions }: Statement, request: IamRequest): boolean {
  return (
    actions.list.some((pattern) => actionMatches(request.action, pattern)) !== actions.except &&
    resources.list.some((pattern) => resourceMatches(request.resource, pattern)) !== resources.except &&
    conditions.every((condition) => holds(condition, request.context))
  );
}

/** Whether some request can meet it: one that asks for the absence of what every request carries, none can. */
export function canHold({ operator, key, values }: Condition): boolean {
  const wantsAbsence = operator === 'Null' && values.every((value) => equalsIgnoringCase(value, 'true'));
  return !(wantsAbsence && Object.hasOwn(ALWAYS_CARRIED, key.toLowerCase()));
}

/** Values are alternatives; of a negated operator, none may match. A missing key fails, but for what is said here. */
export function holds({ text, operator, key, values }: Condition, context: IamRequest['context'] = {}): boolean {
  const carried = Object.entries(context).flatMap(([name, value]) => (equalsIgnoringCase(name, key) ? value : []));
  const actual = carried.length > 0 ? carried : [ALWAYS_CARRIED[key.toLowerCase()] ?? []].flat();
  const absent = actual.length === 0;
  if (operator === 'Null') return values.some((value) => equalsIgnoringCase(value, String(absent)));
  const negated = positive(operator) !== operator;
  const passes = (one: string) => values.some((value) => OPERATORS[positive(operator)]!(one, value)) !== negated;
  if (absent && text.endsWith('IfExists')) return true;
  if (text.startsWith('ForAllValues:')) return actual.every(passes);
  if (text.startsWith('ForAnyValue:')) return actual.some(passes);
  refuse(actual.length > 1, `several values of ${key} for ${text}`);
  return absent ? negated : actual.every(passes);
}

/** `StringNotEquals` is `StringEquals`, negated. */
const positive = (operator: string) => operator.replace(/^(String|Arn)Not/, '$1');

function parsePolicy(iam: IamActions, { name, document }: NamedPolicy): Statement[] {
  const { Version, Statement } = objectOf(document, name, ['Version', 'Id', 'Statement']);
  refuse(Version !== '2012-10-17', `${name}: Version ${JSON.stringify(Version)}`);
  return [Statement].flat().map((one, at) => parseStatement(iam, `${name}[${at}]`, one));
}

const ELEMENTS = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

function parseStatement(iam: IamActions, name: string, value: unknown): Statement {
  const { Effect, Action, NotAction, Resource, NotResource, Condition = {} } = objectOf(value, name, ELEMENTS);
  refuse(Effect !== 'Allow' && Effect !== 'Deny', `${name}: Effect ${JSON.stringify(Effect)}`);
  const actions = patternsOf(Action, NotAction, `${name}: Action or NotAction`);
  const resources = patternsOf(Resource, NotResource, `${name}: Resource or NotResource`);
  for (const arn of resources.list) refuse(arn !== '*' && !isArn(arn), `${name}: Resource '${arn}'`);
  const conditions = Object.entries(objectOf(Condition, name)).flatMap(([text, keys]) =>
    Object.entries(objectOf(keys, name)).map(([key, values]) => parseCondition(text, key, values, name)),
  );
  try {
    // What is excepted names no target: there is nothing but the actions' own names to hold it against.
    const on = resources.except || actions.except ? ['*'] : resources.list;
    iam.checkStatement(actions.list, on, actions.except ? [] : conditions.map(({ key }) => key));
  } catch (cause) {
    throw new Error(`${name}: ${(cause as Error).message}`, { cause });
  }
  return { name, effect: Effect as 'Allow' | 'Deny', actions, resources, conditions };
}

function parseCondition(text: string, key: string, value: unknown, where: string): Condition {
  const operator = text.replace(/^(ForAllValues|ForAnyValue):/, '').replace(/IfExists$/, '');
  // Documents differ on what IfExists means behind a quantifier.
  const plain = operator === 'Null' ? text === 'Null' : !/^For.*IfExists$/.test(text);
  const known = plain && (operator === 'Null' || Object.hasOwn(OPERATORS, positive(operator)));
  refuse(!known, `${where}: the condition operator '${text}'`);
  const values = textsOf(typeof value === 'boolean' ? String(value) : value, `${where}: ${text} ${key}`);
  const wellFormed = operator.startsWith('Arn') ? isArn : /^(Null|Bool)$/.test(operator) ? isTruth : () => true;
  refuse(!values.every(wellFormed), `${where}: ${text} ${key} ${values.join(', ')}`);
  return { text, operator, key, values };
}

export const actionMatches = (action: string, pattern: string) => globExpression(pattern, 'i').test(action);

export const resourceMatches = (resource: string, pattern: string) => pattern === '*' || arnMatches(resource, pattern);

/** Part by part between the colons; the last part is all of the resource, colons included. */
function arnMatches(actual: string, pattern: string): boolean {
  if (actual === pattern) return true;
  const [parts, globs] = [partsOf(actual), partsOf(pattern)];
  return parts !== undefined && globs!.every((glob, at) => glob === parts[at] || globExpression(glob).test(parts[at]!));
}

/** Each is asked about thousands of times. */
const known = new Map<string, readonly string[] | undefined>();

function partsOf(arn: string): readonly string[] | undefined {
  if (!known.has(arn)) known.set(arn, /^(.*?):(.*?):(.*?):(.*?):(.*?):(.*)$/s.exec(arn)?.slice(1));
  return known.get(arn);
}

const isArn = (text: string) => /^arn:([^:]*:){4}./.test(text);
const isTruth = (text: string) => /^(true|false)$/i.test(text);

function patternsOf(named: unknown, excepted: unknown, what: string): Patterns {
  refuse((named === undefined) === (excepted === undefined), `${what}: exactly one is needed`);
  return { except: named === undefined, list: textsOf(named ?? excepted, what) };
}

/** A policy variable would need to know the caller. */
function textsOf(value: unknown, what: string): string[] {
  const list: unknown[] = [value].flat();
  const wrong = list.length === 0 || list.some((one) => typeof one !== 'string' || one.includes('${'));
  refuse(wrong, `${what}: ${JSON.stringify(value)}`);
  return list as string[];
}

function objectOf(value: unknown, what: string, keys?: readonly string[]): Record<string, unknown> {
  refuse(typeof value !== 'object' || value === null || Array.isArray(value), `${what}: ${JSON.stringify(value)}`);
  const unknown = Object.keys(value as object).filter((key) => keys && !keys.includes(key));
  refuse(unknown.length > 0, `${what}: ${unknown.join(', ')}`);
  return value as Record<string, unknown>;
}

function refuse(condition: boolean, what: string): void {
  if (condition) throw new Error(`the evaluator does not know this: ${what}`);
}
