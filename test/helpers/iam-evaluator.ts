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

/** One action pattern on one resource pattern of one statement, under one value of its conditions. */
export interface Grant {
  readonly statement: string;
  readonly action: string;
  readonly resource: string;
  readonly condition?: string;
}

export interface Decision {
  readonly kind: 'allowed' | 'deniedExplicitly' | 'deniedByBoundary' | 'notAllowed';
  /** What the identity policies have that allows it. */
  readonly by: readonly Grant[];
}

interface Statement {
  readonly name: string;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns;
  readonly resources: Patterns;
  readonly conditions: readonly Condition[];
}

interface Patterns {
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

const EXCEPT = 'anything but ';

type Context = NonNullable<IamRequest['context']>;

const equals = (actual: string, expected: string) => actual === expected;
const equalsIgnoringCase = (actual: string, expected: string) => actual.toLowerCase() === expected.toLowerCase();

/** By operator, without its `Not`. ArnEquals takes wildcards, as ArnLike does: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, (actual: string, expected: string) => boolean>> = {
  StringEquals: equals,
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
  private readonly identity: readonly Statement[];
  private readonly boundary: readonly Statement[] | undefined;

  constructor(
    private readonly iam: IamActions,
    policies: readonly NamedPolicy[],
    boundary?: NamedPolicy,
  ) {
    this.identity = policies.flatMap((policy) => parsePolicy(iam, policy));
    this.boundary = boundary && parsePolicy(iam, boundary);
  }

  /** Everything that an Allow names, whether a boundary or a deny narrows it or not; no action on what it is never made on. */
  get grants(): readonly Grant[] {
    const all = this.identity.filter(({ effect }) => effect === 'Allow').flatMap((one) => grantsOf(one));
    return all.filter(
      ({ action, resource }) =>
        [action, resource].some((one) => one.startsWith(EXCEPT)) || this.iam.takes(action, resource),
    );
  }

  /** An explicit deny wins; else identity policies and boundary must both allow. */
  decide({ action, resource, context = {} }: IamRequest): Decision {
    this.iam.checkRequest(action, resource, Object.keys(context));
    const matching = (statements: readonly Statement[], effect: 'Allow' | 'Deny') =>
      statements.filter(
        (one) =>
          one.effect === effect &&
          matches(one.actions, (pattern) => actionMatches(action, pattern)) &&
          matches(one.resources, (pattern) => resourceMatches(resource, pattern)) &&
          one.conditions.every((condition) => holds(condition, context)),
      );
    const denied = matching([...this.identity, ...(this.boundary ?? [])], 'Deny').length > 0;
    if (denied) return { kind: 'deniedExplicitly', by: [] };
    const allows = matching(this.identity, 'Allow');
    if (allows.length === 0) return { kind: 'notAllowed', by: [] };
    if (this.boundary && matching(this.boundary, 'Allow').length === 0) return { kind: 'deniedByBoundary', by: [] };
    return { kind: 'allowed', by: allows.flatMap((one) => grantsOf(one, { action, resource, context })) };
  }

  can(request: IamRequest): boolean {
    return this.decide(request).kind === 'allowed';
  }
}

/** @param used only the patterns and values that this request matches */
function grantsOf({ name, actions, resources, conditions }: Statement, used?: Required<IamRequest>): Grant[] {
  const listed = ({ except, list }: Patterns, fits: (pattern: string) => boolean) =>
    except ? [EXCEPT + list.join(', ')] : list.filter((pattern) => !used || fits(pattern));
  const values = conditions
    .flatMap((one) => one.values.map((value) => ({ ...one, values: [value] })))
    .filter((one) => !used || holds(one, used.context))
    .map(({ text, key, values: [value] }) => ({ condition: `${text} ${key} ${value}` }));
  return listed(actions, (pattern) => actionMatches(used?.action ?? '', pattern)).flatMap((action) =>
    listed(resources, (pattern) => resourceMatches(used?.resource ?? '', pattern)).flatMap((resource) =>
      (values.length === 0 ? [{}] : values).map((value) => ({ statement: name, action, resource, ...value })),
    ),
  );
}

function parsePolicy(iam: IamActions, { name: policy, document }: NamedPolicy): Statement[] {
  const { Version, Statement, Id: _, ...unknown } = objectOf(document, policy);
  refuse(Version !== '2012-10-17', `${policy}: Version ${JSON.stringify(Version)}`);
  refuse(Object.keys(unknown).length > 0, `${policy}: ${Object.keys(unknown).join(', ')}`);
  return [Statement].flat().map((one, at) => parseStatement(iam, `${policy}[${at}]`, one));
}

function parseStatement(iam: IamActions, where: string, value: unknown): Statement {
  const { Sid, Effect, Action, NotAction, Resource, NotResource, Condition, ...unknown } = objectOf(value, where);
  refuse(Object.keys(unknown).length > 0, `${where}: ${Object.keys(unknown).join(', ')}`);
  refuse(Effect !== 'Allow' && Effect !== 'Deny', `${where}: Effect ${JSON.stringify(Effect)}`);
  const actions = patternsOf(Action, NotAction, `${where}: Action or NotAction`);
  const resources = patternsOf(Resource, NotResource, `${where}: Resource or NotResource`);
  for (const arn of resources.list) refuse(arn !== '*' && !isArn(arn), `${where}: Resource '${arn}'`);
  const conditions = Object.entries(objectOf(Condition ?? {}, where)).flatMap(([text, keys]) =>
    Object.entries(objectOf(keys, where)).map(([key, values]) => parseCondition(text, key, values, where)),
  );
  try {
    // What is excepted names no target: there is nothing but the actions' own names to hold it against.
    const on = resources.except || actions.except ? ['*'] : resources.list;
    const keys = actions.except ? [] : conditions.map(({ key }) => key);
    iam.checkStatement(actions.list, on, keys);
  } catch (cause) {
    throw new Error(`${where}: ${(cause as Error).message}`, { cause });
  }
  const name = Sid === undefined ? where : `${where} ${JSON.stringify(Sid)}`;
  return { name, effect: Effect as 'Allow' | 'Deny', actions, resources, conditions };
}

function parseCondition(text: string, key: string, value: unknown, where: string): Condition {
  const operator = text.replace(/^(ForAllValues|ForAnyValue):/, '').replace(/IfExists$/, '');
  const known = operator === 'Null' ? text === 'Null' : Object.hasOwn(OPERATORS, positive(operator));
  refuse(!known, `${where}: the condition operator '${text}'`);
  const values = textsOf(typeof value === 'boolean' ? String(value) : value, `${where}: ${text} ${key}`);
  if (operator.startsWith('Arn')) for (const arn of values) refuse(!isArn(arn), `${where}: ${key} '${arn}' is no ARN`);
  const truth = operator === 'Null' || operator === 'Bool';
  refuse(truth && values.some((one) => !/^(true|false)$/i.test(one)), `${where}: ${text} ${values.join(', ')}`);
  return { text, operator, key, values };
}

/** `StringNotEquals` is `StringEquals`, negated. */
const positive = (operator: string) => operator.replace(/^(String|Arn)Not/, '$1');

/** Values are alternatives; of a negated operator, none may match. A missing key fails, but for what is said here. */
function holds({ text, operator, key, values }: Condition, context: Context): boolean {
  const actual = Object.entries(context).flatMap(([name, value]) => (equalsIgnoringCase(name, key) ? value : []));
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

const matches = ({ except, list }: Patterns, fits: (pattern: string) => boolean) => list.some(fits) !== except;

const actionMatches = (action: string, pattern: string) => globExpression(pattern, 'i').test(action);

const resourceMatches = (resource: string, pattern: string) => pattern === '*' || arnMatches(resource, pattern);

/** Part by part between the colons; the last part is all of the resource, colons included. */
function arnMatches(actual: string, pattern: string): boolean {
  const parts = (arn: string) => [...arn.split(':').slice(0, 5), arn.split(':').slice(5).join(':')];
  return isArn(actual) && parts(pattern).every((glob, at) => globExpression(glob).test(parts(actual)[at] ?? ''));
}

const isArn = (text: string) => /^arn:([^:]*:){4}./.test(text);

function patternsOf(positive: unknown, except: unknown, what: string): Patterns {
  refuse((positive === undefined) === (except === undefined), `${what}: exactly one is needed`);
  return { except: positive === undefined, list: textsOf(positive ?? except, what) };
}

/** A policy variable would need to know the caller. */
function textsOf(value: unknown, what: string): string[] {
  const list: unknown[] = [value].flat();
  const wrong = list.length === 0 || list.some((one) => typeof one !== 'string' || one.includes('${'));
  refuse(wrong, `${what}: ${JSON.stringify(value)}`);
  return list as string[];
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  refuse(typeof value !== 'object' || value === null || Array.isArray(value), `${what}: ${JSON.stringify(value)}`);
  return value as Record<string, unknown>;
}

function refuse(condition: boolean, what: string): void {
  if (condition) throw new Error(`the evaluator does not know this: ${what}`);
}
