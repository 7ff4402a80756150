import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IamEntity } from '../config/guard-config';
import type { PrincipalSettingsVariables } from '../lambda/principals';

export interface GuardedPrincipalsProps {
  /** The environment's own role: always guarded. */
  readonly invokerRole: iam.IRole;
  readonly roles: readonly IamEntity[];
  readonly users: readonly IamEntity[];
  readonly groups: readonly IamEntity[];
}

export type PrincipalKind = 'role' | 'user' | 'group';

/** Everybody whom a stop must reach: roles, and also users and groups, which a stop on roles would miss (trap 22). */
export class GuardedPrincipals extends Construct {
  /** Names, as AWS Budgets and IAM's API take them. */
  readonly roleNames: readonly string[];
  readonly userNames: readonly string[];
  readonly groupNames: readonly string[];
  /** What functions are told of them. */
  readonly variables: PrincipalSettingsVariables;
  private readonly byKind: Readonly<Record<PrincipalKind, readonly string[]>>;

  constructor(scope: Construct, id: string, props: GuardedPrincipalsProps) {
    super(scope, id);
    const name = (entity: IamEntity) => entity.name;
    this.roleNames = [props.invokerRole.roleName, ...props.roles.map(name)];
    this.userNames = props.users.map(name);
    this.groupNames = props.groups.map(name);
    this.variables = {
      INVOKER_ROLE: props.invokerRole.roleName,
      PRINCIPALS: JSON.stringify({
        roles: props.roles.map(name),
        users: this.userNames,
        groups: this.groupNames,
      }),
    };
    const stack = Stack.of(this);
    const arn = (kind: PrincipalKind) => (entity: IamEntity) =>
      stack.formatArn({
        service: 'iam',
        region: '',
        resource: kind,
        resourceName: `${entity.path}${entity.name}`.slice(1),
      });
    this.byKind = {
      role: [props.invokerRole.roleArn, ...props.roles.map(arn('role'))],
      user: props.users.map(arn('user')),
      group: props.groups.map(arn('group')),
    };
  }

  /** For policies. */
  arnsOf(kind: PrincipalKind): readonly string[] {
    return this.byKind[kind];
  }

  get arns(): readonly string[] {
    return [...this.byKind.role, ...this.byKind.user, ...this.byKind.group];
  }
}
