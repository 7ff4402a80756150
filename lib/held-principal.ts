import { Stack, Token } from 'aws-cdk-lib';
import type * as iam from 'aws-cdk-lib/aws-iam';
import type { IConstruct } from 'constructs';
import { type EnvironmentConfig, MAX_OF_A_KIND, unchangeable } from '../config';
import type { PrincipalKind } from './guarded-principals';
import { inPropsWords } from './props-words';

/** A role, user or group that an app has made or imported: its name may be known at deployment only. */
export interface HeldPrincipal {
  readonly kind: PrincipalKind;
  readonly name: string;
  readonly arn: string;
}

/** As CDK's interfaces of roles, users and groups have them. */
type Identity = Partial<
  Record<'roleName' | 'roleArn' | 'userName' | 'userArn' | 'groupName' | 'groupArn', string> & {
    readonly env: { readonly account: string };
  }
>;

export type Found =
  | { readonly kind: 'held'; readonly principal: HeldPrincipal }
  /** As a sentence goes on after the place. */
  | { readonly kind: 'refused'; readonly why: string };

const WHO = 'must be a role, a user or a group, or what has a role, such as a function';

/** Whom a grantee stands for, if a policy can be attached to it from this stack. */
export function findPrincipal(guard: IConstruct, grantee: iam.IGrantable | undefined): Found {
  const identity: (iam.IPrincipal & Identity) | undefined = grantee?.grantPrincipal;
  const principal = identity && entityOf(identity);
  if (identity === undefined || principal === undefined) return refused(`${WHO}, got ${described(grantee)}`);
  const why = isForeign(guard, identity, principal.arn);
  return why === undefined ? { kind: 'held', principal } : refused(`${why}, got ${shownArn(principal)}`);
}

/** Why a grantee cannot assume a role, or may not be let in as a whole; undefined: it can. */
export function whyNotTrusted(grantee: iam.IGrantable): string | undefined {
  const identity: iam.IPrincipal & Identity = grantee.grantPrincipal;
  const kind = entityOf(identity)?.kind;
  if (kind === 'role' || kind === 'user') return undefined;
  return kind === 'group'
    ? 'must be a role or a user, or what has a role: no group of IAM can assume one'
    : `must be a role or a user, or what has a role, such as a function, got ${described(grantee)}`;
}

/** With its path, as a configuration has it; absent: it is known at deployment only. */
export function literalName({ kind, name, arn }: HeldPrincipal): string | undefined {
  if (Token.isUnresolved(name)) return undefined;
  const [, withPath] = arn.split(`:${kind}/`);
  return withPath === undefined || Token.isUnresolved(withPath) ? undefined : withPath;
}

/** Why a principal that is held later may not be, by the rules that a configuration has for its own. */
export function whyNotHeld(
  principal: HeldPrincipal,
  { neverStop, billAction }: EnvironmentConfig,
  others: number,
): string | undefined {
  const name = literalName(principal);
  const got = `got ${shownArn(principal)}`;
  if (billAction.kind !== 'none' && others >= MAX_OF_A_KIND) {
    return `is one too many, as AWS Budgets attaches its deny to ${MAX_OF_A_KIND} ${principal.kind}s at most: set billAction: BillAction.NONE (the meter stops any number), or put users into groups, ${got}`;
  }
  if (name === undefined) return undefined;
  const fixed = unchangeable(name);
  if (fixed !== undefined) return `${inPropsWords(fixed)}, ${got}`;
  const isSpared = principal.kind === 'role' && neverStop.some((one) => one.name === principal.name);
  return isSpared ? `is also in neverStop; it can be only one, got '${name}'` : undefined;
}

function entityOf(identity: Identity): HeldPrincipal | undefined {
  const { roleName, roleArn, userName, userArn, groupName, groupArn } = identity;
  if (roleName !== undefined && roleArn !== undefined) return { kind: 'role', name: roleName, arn: roleArn };
  if (userName !== undefined && userArn !== undefined) return { kind: 'user', name: userName, arn: userArn };
  if (groupName !== undefined && groupArn !== undefined) return { kind: 'group', name: groupName, arn: groupArn };
  return undefined;
}

/** IAM attaches a policy to what is in the policy's account, so that a stop would not reach anybody else. */
function isForeign(guard: IConstruct, identity: Identity, arn: string): string | undefined {
  const own = Stack.of(guard).account;
  const [, inArn] = /^arn:[^:]+:iam::(\d{12}):/.exec(arn) ?? [];
  const theirs = inArn ?? identity.env?.account;
  if (theirs === undefined || Token.isUnresolved(theirs) || theirs === own) return undefined;
  if (Token.isUnresolved(own)) {
    return `is of account ${theirs}, and the stack's is not known at synth: give the stack env: { account: '${theirs}', region: '…' }, or name it alone, by Role.fromRoleName`;
  }
  return `is of account ${theirs}, and a policy of this stack's account, ${own}, cannot be attached to it: put a guard into ${theirs}, or let it assume this guard's invoker role by trustedBy`;
}

function shownArn({ name, arn }: HeldPrincipal): string {
  return Token.isUnresolved(arn) ? `'${name}'` : `'${arn}'`;
}

function described(grantee: unknown): string {
  if (grantee === undefined || grantee === null) return 'nothing';
  const principal = (grantee as Partial<iam.IGrantable>).grantPrincipal;
  if (principal === undefined) return typeof grantee === 'string' ? `'${grantee}'` : typeof grantee;
  return principal.constructor.name;
}

function refused(why: string): Found {
  return { kind: 'refused', why };
}
