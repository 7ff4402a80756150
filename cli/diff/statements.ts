import { canonical, rendered, resourcesOf, type Resource, type Template } from './assembly';

/** An IAM statement as texts, so that statements of two templates can be compared. */
export interface Statement {
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  /** Empty in a trust policy: the role itself is meant. */
  readonly resources: readonly string[];
  /** Empty in an identity's policy: its owner is meant. */
  readonly principals: readonly string[];
  /** `operator key` to its values. */
  readonly conditions: Readonly<Record<string, readonly string[]>>;
  /** NotAction, NotResource, NotPrincipal, or a form that is not read: equal to itself, and otherwise not judged. */
  readonly opaque: string | undefined;
  /** Of NotAction, whose statement is opaque too. */
  readonly notActions?: readonly string[];
}

/** What a policy speaks for, such as `InvokerRole`, `InvokerRole (who may assume it)` or `AlertsTopic (its own policy)`. */
export type StatementsByOwner = ReadonlyMap<string, readonly Statement[]>;

/** A managed policy that is attached, or a boundary that is set, by reference. */
export interface Attachment {
  readonly principal: string;
  readonly policy: string;
}

export interface Permissions {
  readonly statements: StatementsByOwner;
  readonly attachments: readonly Attachment[];
  /** `principal: policy`, at most one each. */
  readonly boundaries: readonly Attachment[];
  /** Whom the budgets action denies when it runs: losing one leaves it running. */
  readonly stopped: readonly Attachment[];
}

type Properties = Readonly<Record<string, unknown>>;

const IDENTITIES = new Set(['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group']);
const PRINCIPAL_LISTS = ['Roles', 'Users', 'Groups'] as const;

/** Everything in a template that says who may do what. */
export function permissionsOf(named: Template): Permissions {
  const template = withoutBudgetNames(named);
  const statements = new Map<string, Statement[]>();
  const attachments: Attachment[] = [];
  const boundaries: Attachment[] = [];
  const stopped: Attachment[] = [];
  const add = (owner: string, found: readonly Statement[]) => {
    if (found.length > 0) statements.set(owner, [...(statements.get(owner) ?? []), ...found]);
  };
  for (const [id, resource] of Object.entries(template.Resources ?? {})) {
    const properties = resource.Properties ?? {};
    if (resource.Type === 'AWS::IAM::Policy') {
      for (const principal of principalsIn(properties)) add(principal, documentOf(properties['PolicyDocument']));
      continue;
    }
    if (resource.Type === 'AWS::IAM::ManagedPolicy') {
      add(`${id} (managed policy)`, documentOf(properties['PolicyDocument']));
      attachments.push(...principalsIn(properties).map((principal) => ({ principal, policy: id })));
      continue;
    }
    if (resource.Type === 'AWS::Lambda::Permission') {
      add(`${ownerName(properties['FunctionName'])} (who may invoke it)`, [invokePermission(properties)]);
      continue;
    }
    if (resource.Type === 'AWS::Budgets::BudgetsAction') {
      stopped.push(...stoppedBy(properties));
      continue;
    }
    if (IDENTITIES.has(resource.Type)) {
      add(`${id} (who may assume it)`, documentOf(properties['AssumeRolePolicyDocument']));
      for (const policy of list(properties['Policies'])) add(id, documentOf((policy as Properties)['PolicyDocument']));
      attachments.push(
        ...list(properties['ManagedPolicyArns']).map((arn) => ({ principal: id, policy: ownerName(arn) })),
      );
      const boundary = properties['PermissionsBoundary'];
      if (boundary !== undefined) boundaries.push({ principal: id, policy: ownerName(boundary) });
      continue;
    }
    add(`${policyOwner(id, resource)} (its own policy)`, documents(properties).flatMap(documentOf));
  }
  return { statements, attachments, boundaries, stopped };
}

/**
 * A budget's name holds a hash of its settings, and permissions name the budget: they mean the same budget as before, so
 * its logical id stands in for the name.
 */
function withoutBudgetNames(template: Template): Template {
  const names = resourcesOf(template, 'AWS::Budgets::Budget').flatMap(([id, { Properties }]) => {
    const name = (Properties?.['Budget'] as Properties | undefined)?.['BudgetName'];
    return typeof name === 'string' ? [[name, id] as const] : [];
  });
  const text = names.reduce((all, [name, id]) => all.replaceAll(name, `\${${id}}`), JSON.stringify(template));
  return JSON.parse(text) as Template;
}

/** A topic's or queue's policy is a resource of its own, which names what it speaks for. */
function policyOwner(id: string, { Type, Properties = {} }: Resource): string {
  if (!Type.endsWith('Policy')) return id;
  const targets = [...list(Properties['Topics']), ...list(Properties['Queues']), ...list(Properties['Bucket'])];
  return targets.length > 0 ? targets.map(ownerName).join(', ') : id;
}

/** Policy documents anywhere in a resource's properties, such as a key's or a table's. */
function documents(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if ('Statement' in value) return [value];
  return Object.values(value).flatMap(documents);
}

/** The statements of a policy document; none where there is no document. */
export function documentOf(document: unknown): readonly Statement[] {
  if (document === undefined) return [];
  const statements = (document as Properties)['Statement'];
  // A document made by an intrinsic function is known by its text alone.
  return statements === undefined ? [opaque(document)] : list(statements).map(statementOf);
}

function statementOf(value: unknown): Statement {
  const { Sid, Effect, Action, Resource, Principal, Condition, ...rest } = value as Properties;
  if (Object.keys(rest).length > 0 || (Effect !== 'Allow' && Effect !== 'Deny')) return opaque(value);
  return {
    sid: typeof Sid === 'string' ? Sid : undefined,
    effect: Effect,
    actions: texts(Action),
    resources: texts(Resource),
    principals: principalsOf(Principal),
    conditions: conditionsOf(Condition),
    opaque: undefined,
  };
}

function opaque(value: unknown): Statement {
  const { Sid, Effect, NotAction } = value as Properties;
  return {
    sid: typeof Sid === 'string' ? Sid : undefined,
    effect: Effect === 'Deny' ? 'Deny' : 'Allow',
    actions: [],
    resources: [],
    principals: [],
    conditions: {},
    opaque: canonical(value),
    ...(NotAction === undefined ? {} : { notActions: texts(NotAction) }),
  };
}

function principalsOf(principal: unknown): readonly string[] {
  if (principal === undefined) return [];
  if (typeof principal === 'string') return [principal];
  const all = Object.entries(principal as Properties).flatMap(([kind, names]) =>
    // `{ AWS: '*' }` and `'*'` mean the same.
    texts(names).map((name) => (name === '*' ? '*' : `${kind} ${name}`)),
  );
  return [...new Set(all)].sort();
}

function conditionsOf(condition: unknown): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries((condition ?? {}) as Properties).flatMap(([operator, keys]) =>
      Object.entries(keys as Properties).map(([key, values]) => [`${operator} ${key}`, texts(values)] as const),
    ),
  );
}

/** What Lambda adds to a function's policy for it. */
function invokePermission(properties: Properties): Statement {
  const conditions = { SourceAccount: 'aws:SourceAccount', SourceArn: 'aws:SourceArn' } as const;
  return {
    sid: undefined,
    effect: 'Allow',
    actions: texts(properties['Action']),
    resources: [],
    principals: texts(properties['Principal']),
    conditions: Object.fromEntries(
      Object.entries(conditions).flatMap(([property, key]) =>
        properties[property] === undefined ? [] : [[`StringEquals ${key}`, texts(properties[property])] as const],
      ),
    ),
    opaque: undefined,
  };
}

/** Whom a budgets action attaches its policy to. */
function stoppedBy(properties: Properties): readonly Attachment[] {
  const definition = (properties['Definition'] as Properties | undefined)?.['IamActionDefinition'] as
    Properties | undefined;
  if (!definition) return [];
  const policy = ownerName(definition['PolicyArn']);
  return principalsIn(definition).map((principal) => ({ principal, policy }));
}

function principalsIn(properties: Properties): readonly string[] {
  return PRINCIPAL_LISTS.flatMap((key) => list(properties[key]).map(ownerName));
}

/** `${Id}` and `${Id.Arn}` of the same template are called by their logical id. */
function ownerName(value: unknown): string {
  return rendered(value).replace(/^\$\{(\w+)(\.Arn)?\}$/, '$1');
}

function texts(value: unknown): readonly string[] {
  return [...new Set(list(value).map(rendered))].sort();
}

function list(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly unknown[]) : [value];
}
