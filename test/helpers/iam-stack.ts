import type { EnvironmentConfig } from '../../config/guard-config';
import { FUNCTION_TAG } from '../../core/tags';
import { Resolver, type Template } from '../../simulator/template/resolver';
import type { IamActions } from './iam-actions';
import { Principal, type NamedPolicy } from './iam-evaluator';
import { environmentOf, templateOf } from './stack';

export const ACCOUNT = '111122223333';
export const REGION = 'us-east-1';
export const ADMINISTRATOR = 'arn:aws:iam::aws:policy/AdministratorAccess';
/** Whose actions the tests know; a grant in any other service is an unknown action. */
export const GUARD_SERVICES = [
  ...[
    'application-autoscaling',
    'bedrock',
    'bedrock-agentcore',
    'bedrock-mantle',
    'bedrock-websearch',
    'budgets',
    'ce',
  ],
  ...[
    'cloudwatch',
    'dynamodb',
    'ecr',
    'events',
    'iam',
    'lambda',
    'logs',
    'secretsmanager',
    'servicequotas',
    'sns',
    'sqs',
    'ssm',
    'sts',
  ],
];
export const ENVIRONMENTS = ['dev', 'staging', 'prod'] as const;

/** A role of a template, under its deployed names. */
export interface StackRole {
  /** What it is for: the function's feature, `schedules`, `bill-action`, `endpoint`, `chat` or `invoker`; the logical id where it is for nothing of these. */
  readonly name: string;
  readonly logicalId: string;
  readonly arn: string;
  readonly policies: readonly NamedPolicy[];
  readonly boundary?: NamedPolicy;
  /** Who may assume it: services and ARNs, as the trust policy has them. */
  readonly trusted: readonly string[];
}

/** IAM of one environment's stack, as it would be once deployed. */
export class StackIam {
  readonly roles: readonly StackRole[];
  private readonly resolver: Resolver;

  constructor(
    readonly iam: IamActions,
    readonly environment: EnvironmentConfig,
    readonly template: Template,
  ) {
    const stackName = `SpendGuard-${environment.name}`;
    this.resolver = new Resolver(template, { stackName, region: REGION, account: ACCOUNT });
    const unread = Object.entries(template.Resources ?? {}).filter(
      ([, { Type }]) => Type.startsWith('AWS::IAM::') && !/::(Role|Policy|ManagedPolicy)$/.test(Type),
    );
    if (unread.length > 0) throw new Error(`the IAM tests do not read ${unread.map(([, one]) => one.Type).join(', ')}`);
    const [uses, attachments] = [this.uses(), this.attachments()];
    this.roles = this.resolver.ofType('AWS::IAM::Role').map(([logicalId]) => this.role(logicalId, uses, attachments));
  }

  arn(type: string, logicalIdPrefix: string): string {
    return this.resolver.arn(this.only(type, logicalIdPrefix));
  }

  /** As in the template, references resolved. */
  properties(type: string, logicalIdPrefix: string): Readonly<Record<string, unknown>> {
    const id = this.only(type, logicalIdPrefix);
    return this.resolver.resolve(this.template.Resources?.[id]?.Properties) as Record<string, unknown>;
  }

  logicalIds(type: string): readonly string[] {
    return this.resolver.ofType(type).map(([id]) => id);
  }

  /** What a reference stands for once deployed. */
  text(reference: unknown): string {
    return this.resolver.text(reference, 'a reference of the IAM tests');
  }

  /** What an application inference profile of the stack was copied from: a model, or a system-defined profile. */
  sourceOf(profileArn: string): string {
    const type = 'AWS::Bedrock::ApplicationInferenceProfile';
    const id = this.logicalIds(type).find((one) => this.resolver.arn(one) === profileArn);
    return String((this.properties(type, id ?? profileArn)['ModelSource'] as { CopyFrom: unknown }).CopyFrom);
  }

  /** @throws Error unless there is one */
  roleNamed(name: string): StackRole {
    const found = this.roles.find((role) => role.name === name);
    if (!found) throw new Error(`${this.environment.name} has no role '${name}'`);
    return found;
  }

  managedPolicy(logicalId: string): NamedPolicy {
    return { name: logicalId, document: this.properties('AWS::IAM::ManagedPolicy', logicalId)['PolicyDocument'] };
  }

  /** @param more attached to it besides, as the meter or AWS Budgets would */
  principal(role: StackRole, ...more: readonly NamedPolicy[]): Principal {
    return new Principal(this.iam, [...role.policies, ...more], role.boundary);
  }

  /** @throws Error unless the stack has exactly one such resource */
  only(type: string, logicalIdPrefix: string): string {
    const ids = this.logicalIds(type).filter((id) => id.startsWith(logicalIdPrefix));
    if (ids.length !== 1 || ids[0] === undefined)
      throw new Error(`${this.environment.name}: ${ids.length} ${type} called ${logicalIdPrefix}*, not one`);
    return ids[0];
  }

  /** Name of each role that something in the template runs under, by its ARN. */
  private uses(): ReadonlyMap<string, string> {
    const uses = new Map([[this.resolver.arn('InvokerRole'), 'invoker']]);
    for (const [, { Properties = {} }] of this.resolver.ofType('AWS::Lambda::Function')) {
      const tags = (Properties['Tags'] ?? []) as readonly { Key: string; Value: string }[];
      const feature = tags.find(({ Key }) => Key === FUNCTION_TAG)?.Value;
      if (feature !== undefined) uses.set(this.resolver.text(Properties['Role'], 'Role'), feature);
    }
    for (const [, { Properties = {} }] of this.resolver.ofType('AWS::Scheduler::Schedule')) {
      const { RoleArn } = Properties['Target'] as { RoleArn: unknown };
      uses.set(this.resolver.text(RoleArn, 'RoleArn'), 'schedules');
    }
    for (const [, { Properties = {} }] of this.resolver.ofType('AWS::Budgets::BudgetsAction'))
      uses.set(this.resolver.text(Properties['ExecutionRoleArn'], 'ExecutionRoleArn'), 'bill-action');
    for (const [, { Properties = {} }] of this.resolver.ofType('AWS::ECS::TaskDefinition'))
      uses.set(this.resolver.text(Properties['ExecutionRoleArn'], 'ExecutionRoleArn'), 'endpoint');
    for (const [, { Properties = {} }] of this.resolver.ofType('AWS::Chatbot::SlackChannelConfiguration'))
      uses.set(this.resolver.text(Properties['IamRoleArn'], 'IamRoleArn'), 'chat');
    return uses;
  }

  private role(
    logicalId: string,
    uses: ReadonlyMap<string, string>,
    attachments: ReadonlyMap<string, readonly NamedPolicy[]>,
  ): StackRole {
    const arn = this.resolver.arn(logicalId);
    const role = this.properties('AWS::IAM::Role', logicalId);
    const boundary = role['PermissionsBoundary'];
    const trust = role['AssumeRolePolicyDocument'] as { Statement: { Effect: string; Principal: object }[] };
    const inline = (role['Policies'] ?? []) as { PolicyName: string; PolicyDocument: unknown }[];
    return {
      name: uses.get(arn) ?? logicalId,
      logicalId,
      arn,
      policies: [
        ...inline.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, document: PolicyDocument })),
        ...((role['ManagedPolicyArns'] ?? []) as string[]).map((policy) => this.managedPolicyByArn(policy)),
        ...(attachments.get(this.resolver.physicalName(logicalId)) ?? []),
      ],
      ...(boundary === undefined ? {} : { boundary: this.managedPolicyByArn(boundary as string) }),
      trusted: trust.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Principal }) =>
        Object.values(Principal).flat().map(String),
      ),
    };
  }

  /** Policies that name roles, rather than roles them, by the name of each role. */
  private attachments(): ReadonlyMap<string, readonly NamedPolicy[]> {
    const attachments = new Map<string, NamedPolicy[]>();
    for (const type of ['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy']) {
      for (const id of this.logicalIds(type)) {
        const { Roles = [], PolicyDocument } = this.properties(type, id) as {
          Roles?: string[];
          PolicyDocument: unknown;
        };
        const policy = { name: id, document: PolicyDocument };
        for (const role of Roles) attachments.set(role, [...(attachments.get(role) ?? []), policy]);
      }
    }
    return attachments;
  }

  private managedPolicyByArn(arn: string): NamedPolicy {
    const id = this.logicalIds('AWS::IAM::ManagedPolicy').find((one) => this.resolver.arn(one) === arn);
    if (id === undefined) throw new Error(`${arn} is no policy of the stack: what it grants is not known here`);
    return this.managedPolicy(id);
  }
}

/** @param changes to the environment's settings, see `environmentOf` */
export function stackIam(iam: IamActions, name: string, changes: Readonly<Record<string, unknown>> = {}): StackIam {
  return new StackIam(iam, environmentOf(name, changes), templateOf(name, changes).toJSON() as Template);
}
