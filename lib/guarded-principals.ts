import { Fn, Stack } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IamEntity } from '../config';
import type { PrincipalSettingsVariables } from '../lambda/switch';
import { chosen, type LateValues, listIfAny } from './late-values';
import { policyCharacters } from './policy-size';

export interface GuardedPrincipalsProps {
  /** The environment's own role: always guarded. */
  readonly invokerRole: iam.IRole;
  readonly roles: readonly IamEntity[];
  readonly users: readonly IamEntity[];
  readonly groups: readonly IamEntity[];
  /** In place of the three. @default - they are known at synth */
  readonly late?: LateValues['names'];
}

export type PrincipalKind = 'role' | 'user' | 'group';
export const PRINCIPAL_KINDS: readonly PrincipalKind[] = ['role', 'user', 'group'];

/** What a statement about one kind of principal is made on. */
export interface NamedOrAnybody {
  readonly kind: PrincipalKind;
  readonly arns: readonly string[];
  /** They cannot be named in a policy: `arns` is everybody of the kind, and a condition has to be the limit. */
  readonly isAnybody: boolean;
}

const TOO_MANY = 'the configuration names more people than a policy can';
const NAMED_LATER = 'who they are is a parameter of the template';

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
  /** Why there may be anybody in a policy. */
  readonly whyAnybody: string;
  /** They are known at the deployment only. */
  readonly areLate: boolean;
  private readonly byKind: Readonly<Record<PrincipalKind, readonly string[]>>;

  constructor(scope: Construct, id: string, props: GuardedPrincipalsProps) {
    super(scope, id);
    const { late, invokerRole } = props;
    const name = (entity: IamEntity) => entity.name;
    this.areLate = late !== undefined;
    this.whyAnybody = late ? NAMED_LATER : TOO_MANY;
    this.roleNames = late
      ? Fn.split(',', chosen(late.roles.some, `${invokerRole.roleName},${late.roles.text}`, invokerRole.roleName))
      : [invokerRole.roleName, ...props.roles.map(name)];
    this.userNames = late ? listIfAny(late.users) : props.users.map(name);
    this.groupNames = late ? listIfAny(late.groups) : props.groups.map(name);
    this.variables = {
      INVOKER_ROLE: invokerRole.roleName,
      PRINCIPALS: JSON.stringify({
        roles: late?.roles.text ?? props.roles.map(name),
        users: late?.users.text ?? this.userNames,
        groups: late?.groups.text ?? this.groupNames,
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
    if (this.areLate) return PRINCIPAL_KINDS.map((kind) => ({ kind, arns: [this.anybody(kind)], isAnybody: true }));
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
