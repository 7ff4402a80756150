import { globExpression, type IamActions } from './iam-actions';

/** An identity policy or a permissions boundary, under the name that findings give it. */
export interface NamedPolicy {
  readonly name: string;
  readonly document: unknown;
}

/** What a call carries, by condition key; several values only for AWS's multivalued keys. */
export type Context = Readonly<Record<string, string | readonly string[]>>;

export interface IamRequest {
  /** `service:Action`. */
  readonly action: string;
  /** An ARN, or `*` for what is called on nothing in particular. */
  readonly resource: string;
  readonly context?: Context;
}

/** One action pattern on one resource pattern of one statement. */
export interface Grant {
  readonly policy: string;
  readonly action: string;
  readonly resource: string;
}

export interface Decision {
  readonly kind: 'allowed' | 'deniedExplicitly' | 'deniedByBoundary' | 'notAllowed';
  /** The denying statement's policy, or every grant of the identity policies that allows it. */
  readonly by: readonly Grant[];
}

interface Statement {
  readonly policy: string;
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
  readonly quantifier?: 'ForAllValues' | 'ForAnyValue';
  readonly operator: string;
  readonly ifExists: boolean;
  readonly key: string;
  readonly values: readonly string[];
}

interface Operator {
  readonly negated?: true;
  matches(actual: string, expected: string): boolean;
}

const like = (actual: string, expected: string) => globExpression(expected).test(actual);
const equals = (actual: string, expected: string) => actual === expected;
const equalsIgnoringCase = (actual: string, expected: string) => actual.toLowerCase() === expected.toLowerCase();

/** ArnEquals and ArnLike are the same, and both take wildcards: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html */
const OPERATORS: Readonly<Record<string, Operator>> = {
  StringEquals: { matches: equals },
  StringNotEquals: { matches: equals, negated: true },
  StringEqualsIgnoreCase: { matches: equalsIgnoringCase },
  StringNotEqualsIgnoreCase: { matches: equalsIgnoringCase, negated: true },
  StringLike: { matches: like },
  StringNotLike: { matches: like, negated: true },
  ArnEquals: { matches: arnMatches },
  ArnLike: { matches: arnMatches },
  ArnNotEquals: { matches: arnMatches, negated: true },
  ArnNotLike: { matches: arnMatches, negated: true },
  Bool: { matches: equalsIgnoringCase },
};

/**
 * What a principal's own policies let it do. Resource policies, service control policies and sessions play no part.
 * @throws Error from the constructor on any element, operator, action, resource or key that it does not know
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

  /** Everything that an Allow names, whether a condition or a boundary narrows it or not. */
  get grants(): readonly Grant[] {
    return this.identity.filter(({ effect }) => effect === 'Allow').flatMap(grantsOf);
  }

  /** An explicit deny wins; else identity policies and boundary must both allow. */
  decide({ action, resource, context = {} }: IamRequest): Decision {
    this.iam.checkRequest(action, resource, Object.keys(context));
    const matching = (statements: readonly Statement[], effect: 'Allow' | 'Deny') =>
      statements.filter(
        (one) =>
          one.effect === effect &&
          matchesAction(one.actions, action) &&
          matchesResource(one.resources, resource) &&
          one.conditions.every((condition) => holds(condition, context)),
      );
    const denies = matching([...this.identity, ...(this.boundary ?? [])], 'Deny');
    if (denies.length > 0) return { kind: 'deniedExplicitly', by: denies.flatMap(grantsOf) };
    const allows = matching(this.identity, 'Allow');
    if (allows.length === 0) return { kind: 'notAllowed', by: [] };
    if (this.boundary && matching(this.boundary, 'Allow').length === 0) return { kind: 'deniedByBoundary', by: [] };
    const by = allows.flatMap(grantsOf);
    return {
      kind: 'allowed',
      by: by.filter(
        (one) => patternMatchesAction(one.action, action) && patternMatchesResource(one.resource, resource),
      ),
    };
  }

  can(request: IamRequest): boolean {
    return this.decide(request).kind === 'allowed';
  }
}

function grantsOf({ policy, actions, resources }: Statement): Grant[] {
  const text = ({ except, list }: Patterns) => (except ? [`not ${list.join(', ')}`] : list);
  return text(actions).flatMap((action) => text(resources).map((resource) => ({ policy, action, resource })));
}

function parsePolicy(iam: IamActions, { name, document }: NamedPolicy): Statement[] {
  const { Version, Statement, ...rest } = objectOf(document, name);
  refuse(Version !== '2012-10-17', `${name}: Version ${JSON.stringify(Version)}`);
  refuse(
    Object.keys(rest).some((key) => key !== 'Id'),
    `${name}: ${Object.keys(rest).join(', ')}`,
  );
  return (Array.isArray(Statement) ? Statement : [Statement]).map((one: unknown, at) => {
    const where = `${name}, statement ${at}`;
    const { Sid, Effect, Action, NotAction, Resource, NotResource, Condition, ...unknown } = objectOf(one, where);
    refuse(Object.keys(unknown).length > 0, `${where}: ${Object.keys(unknown).join(', ')}`);
    refuse(Effect !== 'Allow' && Effect !== 'Deny', `${where}: Effect ${JSON.stringify(Effect)}`);
    const actions = patternsOf(Action, NotAction, `${where}: Action or NotAction`);
    const resources = patternsOf(Resource, NotResource, `${where}: Resource or NotResource`);
    for (const arn of resources.list) refuse(arn !== '*' && !isArn(arn), `${where}: Resource '${arn}'`);
    const conditions = Object.entries(objectOf(Condition ?? {}, where)).flatMap(([operator, keys]) =>
      Object.entries(objectOf(keys, where)).map(([key, values]) => parseCondition(operator, key, values, where)),
    );
    const keys = conditions.map(({ key }) => key);
    try {
      // An exception names no target: nothing to hold it against but the names themselves.
      if (actions.except) for (const pattern of actions.list) iam.matching(pattern);
      else iam.checkStatement(actions.list, resources.except ? ['*'] : resources.list, keys);
    } catch (cause) {
      throw new Error(`${where}: ${(cause as Error).message}`, { cause });
    }
    return {
      policy: Sid === undefined ? name : `${name} ${String(Sid)}`,
      effect: Effect as 'Allow' | 'Deny',
      actions,
      resources,
      conditions,
    };
  });
}

function parseCondition(text: string, key: string, value: unknown, where: string): Condition {
  const [, quantifier, operator = '', ifExists] =
    /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(text) ?? [];
  const isNull = operator === 'Null';
  refuse(!(operator in OPERATORS) && !isNull, `${where}: the condition operator '${text}'`);
  refuse(isNull && (quantifier !== undefined || ifExists !== undefined), `${where}: the condition operator '${text}'`);
  const values = textsOf(typeof value === 'boolean' ? String(value) : value, `${where}: ${text} ${key}`);
  if (operator.startsWith('Arn')) for (const arn of values) refuse(!isArn(arn), `${where}: ${key} '${arn}' is no ARN`);
  if (isNull || operator === 'Bool')
    refuse(
      values.some((one) => !/^(true|false)$/i.test(one)),
      `${where}: ${text} ${values.join(', ')}`,
    );
  return {
    ...(quantifier === undefined ? {} : { quantifier: quantifier as 'ForAllValues' | 'ForAnyValue' }),
    operator,
    ifExists: ifExists !== undefined,
    key,
    values,
  };
}

function holds({ quantifier, operator, ifExists, key, values }: Condition, context: Context): boolean {
  const entry = Object.entries(context).find(([name]) => equalsIgnoringCase(name, key));
  const actual = entry === undefined ? [] : [entry[1]].flat();
  const absent = actual.length === 0;
  if (operator === 'Null') return values.some((value) => equalsIgnoringCase(value, String(absent)));
  const { negated = false, matches } = OPERATORS[operator]!;
  const passes = (one: string) => values.some((value) => matches(one, value)) !== negated;
  if (absent && ifExists) return true;
  if (quantifier === 'ForAllValues') return actual.every(passes);
  if (quantifier === 'ForAnyValue') return actual.some(passes);
  if (absent) return negated;
  refuse(actual.length > 1, `several values of ${key} for ${operator} without ForAllValues or ForAnyValue`);
  return actual.every(passes);
}

function matchesAction({ except, list }: Patterns, action: string): boolean {
  return list.some((pattern) => patternMatchesAction(pattern, action)) !== except;
}

function matchesResource({ except, list }: Patterns, resource: string): boolean {
  return list.some((pattern) => patternMatchesResource(pattern, resource)) !== except;
}

function patternMatchesAction(pattern: string, action: string): boolean {
  return pattern.startsWith('not ') || globExpression(pattern, 'i').test(action);
}

function patternMatchesResource(pattern: string, resource: string): boolean {
  return pattern.startsWith('not ') || pattern === '*' || arnMatches(resource, pattern);
}

/** Part by part between the colons; the last part is all of the resource, colons included. */
function arnMatches(actual: string, pattern: string): boolean {
  if (!isArn(actual)) return false;
  const [parts, wanted] = [arnParts(actual), arnParts(pattern)];
  return wanted.every((glob, at) => globExpression(glob).test(parts[at] ?? ''));
}

function arnParts(arn: string): string[] {
  const parts = arn.split(':');
  return [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const isArn = (text: string) => /^arn:([^:]*:){4}./.test(text);

function patternsOf(positive: unknown, except: unknown, what: string): Patterns {
  refuse((positive === undefined) === (except === undefined), `${what}: exactly one is needed`);
  return { except: positive === undefined, list: textsOf(positive ?? except, what) };
}

/** A policy variable would need the caller's context: not known here. */
function textsOf(value: unknown, what: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [value];
  refuse(
    list.length === 0 || list.some((one) => typeof one !== 'string' || one.includes('${')),
    `${what}: ${JSON.stringify(value)}`,
  );
  return list as string[];
}

function objectOf(value: unknown, what: string): Record<string, unknown> {
  refuse(typeof value !== 'object' || value === null || Array.isArray(value), `${what}: ${JSON.stringify(value)}`);
  return value as Record<string, unknown>;
}

function refuse(condition: boolean, what: string): void {
  if (condition) throw new Error(`the evaluator does not know this: ${what}`);
}
