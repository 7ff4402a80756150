import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IamEntity } from '../config/guard-config';

export interface GuardedPrincipalsProps {
  /** The environment's own role: always guarded. */
  readonly invokerRole: iam.IRole;
  readonly roles: readonly IamEntity[];
  readonly users: readonly IamEntity[];
  readonly groups: readonly IamEntity[];
}

/** Everybody whom a stop must reach: roles, and also users and groups, which a stop on roles would miss (trap 22). */
export class GuardedPrincipals extends Construct {
  /** Names, as AWS Budgets and IAM's API take them. */
  readonly roleNames: readonly string[];
  readonly userNames: readonly string[];
  readonly groupNames: readonly string[];
  /** ARNs, for policies. */
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, props: GuardedPrincipalsProps) {
    super(scope, id);
    const name = (entity: IamEntity) => entity.name;
    this.roleNames = [props.invokerRole.roleName, ...props.roles.map(name)];
    this.userNames = props.users.map(name);
    this.groupNames = props.groups.map(name);
    const stack = Stack.of(this);
    const arn = (kind: 'role' | 'user' | 'group') => (entity: IamEntity) =>
      stack.formatArn({
        service: 'iam',
        region: '',
        resource: kind,
        resourceName: `${entity.path}${entity.name}`.slice(1),
      });
    this.arns = [
      props.invokerRole.roleArn,
      ...props.roles.map(arn('role')),
      ...props.users.map(arn('user')),
      ...props.groups.map(arn('group')),
    ];
  }
}
