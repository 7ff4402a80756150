import { canonical, rendered } from './canonical';
import { resourcesOf } from './assembly';
import type { Resource, Template } from './template';
import { documentOf, documents, list, texts, type Statement } from './statements';
import { factsOf } from './table';

type Properties = Readonly<Record<string, unknown>>;

/** What a policy speaks for, such as `InvokerRole`, `InvokerRole (who may assume it)` or `AlertsTopic (its own policy)`. */
export type StatementsByOwner = ReadonlyMap<string, readonly Statement[]>;

/** A managed policy that is attached, or a boundary that is set, by reference. */
export interface Attachment {
  readonly principal: string;
  readonly policy: string;
}

export interface Permissions {
  readonly statements: StatementsByOwner;
  /** Owners whose statements are part of them, and stay or go as they do. */
  readonly inline: ReadonlySet<string>;
  readonly attachments: readonly Attachment[];
  /** `principal: policy`, at most one each. */
  readonly boundaries: readonly Attachment[];
  /** Whom the budgets action denies when it runs: losing one leaves it running. */
  readonly stopped: readonly Attachment[];
}

const IDENTITIES = new Set(['AWS::IAM::Role', 'AWS::IAM::User', 'AWS::IAM::Group']);
/** Policies of an identity's own that are resources, by the property that names it. */
const IDENTITY_OF: Readonly<Record<string, string>> = {
  'AWS::IAM::RolePolicy': 'RoleName',
  'AWS::IAM::UserPolicy': 'UserName',
  'AWS::IAM::GroupPolicy': 'GroupName',
};
const ANYTHING: Statement = {
  sid: undefined,
  effect: 'Allow',
  actions: ['*'],
  resources: ['*'],
  principals: ['*'],
  conditions: {},
  opaque: undefined,
};
/** Nobody has found what AWS does there. */
const UNKNOWN: Statement = {
  ...ANYTHING,
  actions: [],
  resources: [],
  principals: [],
  opaque: 'what holds without a policy',
};

/**
 * What holds where a resource is given no policy, or loses it.
 * @see https://docs.aws.amazon.com/vpc/latest/userguide/vpc-endpoints-access.html the default endpoint policy, found 2026-11-28
 * @see https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html the default file system policy, found 2026-11-28
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html the default key policy, found 2026-11-28: all
 *   that the account's own policies allow
 */
const IMPLIED: Readonly<Record<string, readonly Statement[]>> = {
  'AWS::EC2::VPCEndpoint': [ANYTHING],
  'AWS::EFS::FileSystem': [ANYTHING],
  'AWS::KMS::Key': [
    { ...ANYTHING, actions: ['kms:*'], principals: ['AWS arn:${AWS::Partition}:iam::${AWS::AccountId}:root'] },
  ],
  'AWS::ApiGateway::RestApi': [UNKNOWN],
};
const INVOKED: Readonly<Record<string, string>> = {
  'AWS::Lambda::Permission': 'FunctionName',
  'AWS::Lambda::LayerVersionPermission': 'LayerVersionArn',
};
const PRINCIPAL_LISTS = ['Roles', 'Users', 'Groups'] as const;

/**
 * Everything in a template that says who may do what.
 * @param isInBoth whether there is a resource to compare with: what is new has no policy to lose
 */
export function permissionsOf(named: Template, isInBoth: (id: string) => boolean): Permissions {
  const template = withoutBudgetNames(named);
  const statements = new Map<string, Statement[]>();
  const attachments: Attachment[] = [];
  const boundaries: Attachment[] = [];
  const stopped: Attachment[] = [];
  const inline = new Set<string>();
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
    const inlineTo = IDENTITY_OF[resource.Type];
    if (inlineTo !== undefined) {
      add(ownerName(properties[inlineTo]), documentOf(properties['PolicyDocument']));
      continue;
    }
    if (INVOKED[resource.Type] !== undefined) {
      add(`${ownerName(properties[INVOKED[resource.Type] ?? ''])} (who may invoke it)`, [invokePermission(properties)]);
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
    const own = documents(properties).flatMap(documentOf);
    if (isPolicyResource(resource)) {
      for (const holder of holdersOf(id, resource)) add(`${holder} (its own policy)`, own);
      continue;
    }
    inline.add(`${id} (its own policy)`);
    add(`${id} (its own policy)`, own.length === 0 && isInBoth(id) ? (IMPLIED[resource.Type] ?? []) : own);
  }
  return { statements, inline, attachments, boundaries, stopped };
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

/** A policy that is a resource of its own, and speaks for something else. */
function isPolicyResource({ Type }: Resource): boolean {
  return Type.endsWith('Policy') && (factsOf(Type)?.is?.includes('access') ?? false);
}

/** Properties of a policy that name what it is for. */
const HOLDER = /(Ids?|Arns?|ARN|Name|Bucket|Topics|Queues|Roles|Users|Groups)$/;
const OF_ITSELF = /^(Policy(Name|Id|Type|Arn)|Name|StatementId)$/;

/** Whom such a policy holds: what it names, or the account, for a policy of which there is one. */
function holdersOf(id: string, { Type, Properties = {} }: Resource): readonly string[] {
  const names = Object.keys(Properties).filter((name) => HOLDER.test(name) && !OF_ITSELF.test(name));
  const holders = names.flatMap((name) => list(Properties[name]).map(ownerName));
  if (holders.length > 0) return holders;
  // One that is attached to nothing holds nobody.
  return Type === 'AWS::Organizations::Policy' ? [id] : [`the account's ${Type}`];
}

/**
 * What Lambda adds to a function's policy for it, by the condition keys that it sets.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_AddPermission.html
 */
function invokePermission(properties: Properties): Statement {
  const { Action, OrganizationId, Principal, ...rest } = properties;
  const conditions = Object.fromEntries(
    Object.entries(rest).filter(([name]) => !Object.values(INVOKED).includes(name)),
  );
  const known = Object.entries(conditions).flatMap(([name, value]) => {
    const key = PERMISSION_KEYS[name];
    if (key === undefined) return [];
    // A URL without sign-in lets those in who sign in as well.
    const values = name === 'FunctionUrlAuthType' && value === 'NONE' ? ['AWS_IAM', 'NONE'] : texts(value);
    return [[`${name === 'SourceArn' ? 'ArnLike' : 'StringEquals'} ${key}`, values] as const];
  });
  const unknown = Object.keys(conditions).filter((name) => PERMISSION_KEYS[name] === undefined);
  return {
    sid: undefined,
    effect: 'Allow',
    actions: texts(Action),
    resources: [],
    principals: texts(Principal),
    conditions: Object.fromEntries([
      ...known,
      ...(OrganizationId === undefined ? [] : [['StringEquals aws:PrincipalOrgID', texts(OrganizationId)] as const]),
    ]),
    opaque: unknown.length === 0 ? undefined : canonical(properties),
  };
}

const PERMISSION_KEYS: Readonly<Record<string, string>> = {
  SourceAccount: 'aws:SourceAccount',
  SourceArn: 'aws:SourceArn',
  PrincipalOrgID: 'aws:PrincipalOrgID',
  EventSourceToken: 'lambda:EventSourceToken',
  FunctionUrlAuthType: 'lambda:FunctionUrlAuthType',
  InvokedViaFunctionUrl: 'lambda:InvokedViaFunctionUrl',
};

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
