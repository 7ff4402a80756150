import { Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IamEntity } from '../config';
import type { PrincipalSettingsVariables } from '../lambda/switch';
import { policyCharacters } from './policy-size';

export interface GuardedPrincipalsProps {
  /** The environment's own role: always guarded. */
  readonly invokerRole: iam.IRole;
  readonly roles: readonly IamEntity[];
  readonly users: readonly IamEntity[];
  readonly groups: readonly IamEntity[];
}

export type PrincipalKind = 'role' | 'user' | 'group';
export const PRINCIPAL_KINDS: readonly PrincipalKind[] = ['role', 'user', 'group'];

/** What a statement about one kind of principal is made on. */
export interface NamedOrAnybody {
  readonly kind: PrincipalKind;
  readonly arns: readonly string[];
  /** They are too many to be named in a policy: `arns` is everybody of the kind, and a condition has to be the limit. */
  readonly isAnybody: boolean;
}

/** Characters that a policy spends on naming principals; what else a role is granted has the rest of IAM's quota. */
export const MOST_NAMED_CHARACTERS = 3_000;

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

  /** For policies, the kinds that there are: by name as long as all the names fit, the shortest lists first. */
  get namedOrAnybody(): readonly NamedOrAnybody[] {
    const size = (arns: readonly string[]) => policyCharacters(Stack.of(this).resolve(arns));
    const kinds = PRINCIPAL_KINDS.map((kind) => ({ kind, arns: this.byKind[kind] })).filter(
      ({ arns }) => arns.length > 0,
    );
    let left = MOST_NAMED_CHARACTERS;
    const named = new Set<PrincipalKind>();
    for (const { kind, arns } of [...kinds].sort((a, b) => size(a.arns) - size(b.arns))) {
      left -= size(arns);
      if (left >= 0) named.add(kind);
    }
    return kinds.map(({ kind, arns }) =>
      named.has(kind) ? { kind, arns, isAnybody: false } : { kind, arns: [this.anybody(kind)], isAnybody: true },
    );
  }

  /** Everybody of a kind in the account. */
  anybody(kind: PrincipalKind): string {
    const { partition, account } = Stack.of(this);
    return `arn:${partition}:iam::${account}:${kind}/*`;
  }
}

/** IAM's action that gives a managed policy to a kind of principal, or takes it off. */
export function principalAction(verb: 'Attach' | 'Detach', kind: PrincipalKind): string {
  return `iam:${verb}${kind.charAt(0).toUpperCase()}${kind.slice(1)}Policy`;
}
