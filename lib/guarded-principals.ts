import { Fn, Lazy, Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { IamEntity } from '../config';
import { HELD_PRINCIPALS, type PrincipalSettingsVariables } from '../lambda/switch';
import type { GuardFunction } from './guard-function';
import type { HeldPrincipal } from './held-principal';
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

/** Of the names of roles and users that are made, and of groups (botocore 1.43.106, iam service-2.json: roleNameType, userNameType, groupNameType). */
const LONGEST_NAME: Readonly<Record<PrincipalKind, number>> = { role: 64, user: 64, group: 128 };
const TOO_MANY = 'the configuration names more people than a policy can';
const NAMED_LATER = 'who they are is a parameter of the template';

/** Characters that a policy spends on naming principals; what else a role is granted has the rest of IAM's quota. */
export const MOST_NAMED_CHARACTERS = 3_000;

/** What is allowed on each of the principals: a statement a kind, which those that are held later are added to. */
type AllowOn = (on: NamedOrAnybody) => iam.PolicyStatement;

interface Allowed {
  readonly allow: AllowOn;
  readonly statements: Map<PrincipalKind, iam.PolicyStatement>;
}

/** Everybody whom a stop must reach: roles, and also users and groups, which a stop on roles would miss (trap 22). */
export class GuardedPrincipals extends Construct {
  /** What functions are told of those that the configuration names. */
  readonly variables: PrincipalSettingsVariables;
  /** Why there may be anybody in a policy. */
  readonly whyAnybody: string;
  /** They are known at the deployment only. */
  readonly areLate: boolean;
  private readonly names: Readonly<Record<PrincipalKind, string[]>>;
  private readonly arns: Readonly<Record<PrincipalKind, string[]>>;
  /** Of the app: held by a verb, and most by names that only a deployment knows. */
  private readonly heldLater: HeldPrincipal[] = [];
  private readonly named = new Set<PrincipalKind>();
  private readonly allowed: Allowed[] = [];
  private readonly told: GuardFunction[] = [];
  private readonly later = Lazy.string({ produce: () => this.textOfLater() });
  private left = MOST_NAMED_CHARACTERS;

  constructor(scope: Construct, id: string, props: GuardedPrincipalsProps) {
    super(scope, id);
    const { late, invokerRole } = props;
    const name = (entity: IamEntity) => entity.name;
    this.areLate = late !== undefined;
    this.whyAnybody = late ? NAMED_LATER : TOO_MANY;
    this.names = {
      role: late
        ? Fn.split(',', chosen(late.roles.some, `${invokerRole.roleName},${late.roles.text}`, invokerRole.roleName))
        : [invokerRole.roleName, ...props.roles.map(name)],
      user: late ? listIfAny(late.users) : props.users.map(name),
      group: late ? listIfAny(late.groups) : props.groups.map(name),
    };
    this.variables = {
      INVOKER_ROLE: invokerRole.roleName,
      PRINCIPALS: JSON.stringify({
        roles: late?.roles.text ?? props.roles.map(name),
        users: late?.users.text ?? props.users.map(name),
        groups: late?.groups.text ?? props.groups.map(name),
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
    this.arns = {
      role: [props.invokerRole.roleArn, ...props.roles.map(arn('role'))],
      user: props.users.map(arn('user')),
      group: props.groups.map(arn('group')),
    };
    // By name as long as all the names fit, the shortest lists first.
    for (const kind of this.kinds.sort((a, b) => this.size(this.arns[a]) - this.size(this.arns[b]))) {
      this.left -= this.size(this.arns[kind]);
      if (this.left >= 0) this.named.add(kind);
    }
  }

  /** Of those that are held by a verb. */
  get heldLaterNames(): readonly string[] {
    return this.heldLater.map(({ name }) => name);
  }

  /** Names, as AWS Budgets and IAM's API take them. */
  namesOf(kind: PrincipalKind): readonly string[] {
    return this.names[kind];
  }

  /** For policies, the kinds that there are. */
  get namedOrAnybody(): readonly NamedOrAnybody[] {
    if (this.areLate) return PRINCIPAL_KINDS.map((kind) => this.anybodyOf(kind));
    return this.kinds.map((kind) => (this.named.has(kind) ? namedOf(kind, this.arns[kind]) : this.anybodyOf(kind)));
  }

  /** Everybody of a kind in the account. */
  anybody(kind: PrincipalKind): string {
    const { partition, account } = Stack.of(this);
    return `arn:${partition}:iam::${account}:${kind}/*`;
  }

  /** Adds a statement for each kind, and for whoever is held later. */
  allowOnEach(allow: AllowOn): void {
    const statements = new Map(this.namedOrAnybody.map((on) => [on.kind, allow(on)] as const));
    this.allowed.push({ allow, statements });
  }

  /** Lets a function know of those that are held later too. */
  tell(guardFunction: GuardFunction): void {
    this.told.push(guardFunction);
  }

  /** Holds one more: it is given the switch by the next deploy, and stopped with the others. @returns false: it is held already */
  hold(principal: HeldPrincipal): boolean {
    const { kind, name, arn } = principal;
    if (this.isHeld(kind, arn)) return false;
    if (this.names[kind].includes(name)) {
      // Imported by its name before, and so without its path, which statements need.
      this.allowAlso(kind, arn);
      return false;
    }
    this.names[kind].push(name);
    this.heldLater.push(principal);
    this.allowAlso(kind, arn);
    const longest = this.textOfLater(inFull);
    for (const guardFunction of this.told) guardFunction.tellLate(HELD_PRINCIPALS, longest, this.later);
    return true;
  }

  /** An app may have it by another object, whose name is another token for the same. */
  private isHeld(kind: PrincipalKind, arn: string): boolean {
    const resolved = (one: string) => JSON.stringify(Stack.of(this).resolve(one));
    return this.arns[kind].some((one) => resolved(one) === resolved(arn));
  }

  private allowAlso(kind: PrincipalKind, arn: string): void {
    const isAnybody = this.arns[kind].length > 0 && !this.named.has(kind);
    this.arns[kind].push(arn);
    if (!isAnybody) this.allowOn(kind, arn);
  }

  /** Those of its kind that are named stay so where it does not fit any more, beside everybody. */
  private allowOn(kind: PrincipalKind, arn: string): void {
    const size = this.size([arn]);
    const fits = size <= this.left;
    if (fits) {
      this.left -= size;
      this.named.add(kind);
    } else this.named.delete(kind);
    for (const { allow, statements } of this.allowed) {
      const statement = statements.get(kind);
      if (fits && statement) statement.addResources(arn);
      else statements.set(kind, allow(fits ? namedOf(kind, [arn]) : this.anybodyOf(kind)));
    }
  }

  private textOfLater(nameOf = ({ name }: HeldPrincipal) => name): string {
    const of = (kind: PrincipalKind) => this.heldLater.filter((one) => one.kind === kind).map(nameOf);
    return JSON.stringify({ roles: of('role'), users: of('user'), groups: of('group') });
  }

  private get kinds(): PrincipalKind[] {
    return PRINCIPAL_KINDS.filter((kind) => this.arns[kind].length > 0);
  }

  private anybodyOf(kind: PrincipalKind): NamedOrAnybody {
    return { kind, arns: [this.anybody(kind)], isAnybody: true };
  }

  private size(arns: readonly string[]): number {
    return policyCharacters(Stack.of(this).resolve(arns));
  }
}

/** A name as long as IAM lets it be, where it is known at deployment only. */
function inFull({ kind, name }: HeldPrincipal): string {
  return Token.isUnresolved(name) ? 'x'.repeat(LONGEST_NAME[kind]) : name;
}

function namedOf(kind: PrincipalKind, arns: readonly string[]): NamedOrAnybody {
  return { kind, arns, isAnybody: false };
}

/** IAM's action that gives a managed policy to a kind of principal, or takes it off. */
export function principalAction(verb: 'Attach' | 'Detach', kind: PrincipalKind): string {
  return `iam:${verb}${kind.charAt(0).toUpperCase()}${kind.slice(1)}Policy`;
}
