import { globExpression } from './iam-actions';
import { ALLOW_ALL, type NamedPolicy } from './iam-evaluator';
import { guarded, theSwitch } from './iam-permissions';
import { ACCOUNT, ADMINISTRATOR, type StackIam, type StackRole } from './iam-stack';
import { SWITCH } from './switch-versions';

type Whom = 'guarded' | 'itself' | 'anybody';

/** All that a role may change in IAM: who has which policy, and what the switch says. */
export interface Changes {
  readonly attaches: readonly string[];
  /** To or from these alone. */
  readonly attachesTo: readonly Whom[];
  readonly detaches: readonly string[];
  readonly detachesFrom: readonly Whom[];
  /** Of the switch, and of no other policy. */
  readonly versions: readonly string[];
}
export const NONE: Changes = { attaches: [], attachesTo: [], detaches: [], detachesFrom: [], versions: [] };
export const EVERYBODY: readonly Whom[] = ['guarded', 'itself', 'anybody'];
export const BILL = 'DenyBillPolicy';

/** Every way in which a role may change anything in IAM, as `action, on whom or which policy, by which policy`. */
export function changesInIam(stack: StackIam, role: StackRole, ...attached: readonly NamedPolicy[]): string[] {
  const principal = stack.principal(role, ...attached);
  const type = 'AWS::IAM::ManagedPolicy';
  const policies = new Map([
    ...stack.logicalIds(type).map((id) => [stack.arn(type, id), id] as const),
    [ADMINISTRATOR, 'AdministratorAccess'],
  ]);
  const changing = stack.iam.matching('iam:*').filter(({ accessLevel }) => !/^(Read|List)$/.test(accessLevel));
  const found = changing.flatMap(({ name, arnPatterns, conditionKeys }) => {
    const anybody = arnPatterns.map((arn) =>
      arn.replace('arn:*:iam::*', `arn:aws:iam::${ACCOUNT}`).replaceAll('*', 'Any'),
    );
    const targets = [
      ...guarded(stack).map(([, arn]) => ['guarded', arn] as const),
      ['itself', role.arn] as const,
      ...[...policies].map(([arn, id]) => [id, arn] as const),
      ["another's switch", theSwitch(stack).replace(stack.environment.name, 'other')] as const,
      ...(anybody.length === 0 ? ['*'] : anybody).map((arn) => ['anybody', arn] as const),
    ].filter(([, arn]) => arn === '*' || arnPatterns.some((one) => globExpression(one).test(arn)));
    const contexts = conditionKeys.has('iam:policyarn')
      ? [...policies.keys()].map((arn) => ({ 'iam:PolicyARN': arn }))
      : [];
    return targets.flatMap(([whom, resource]) =>
      [{}, ...contexts].flatMap((context: Record<string, string>) =>
        principal.can({ action: name, resource, context })
          ? `${name}, ${whom}, ${policies.get(context['iam:PolicyARN'] ?? '') ?? 'any'}`
          : [],
      ),
    );
  });
  return [...new Set(found)].sort();
}

/** As `changesInIam` would find them. @param kinds of principals that there are among the guarded */
export function written(changes: Changes, kinds: ReadonlySet<string>): string[] {
  const { attaches, attachesTo, detaches, detachesFrom, versions } = changes;
  const each = (verb: string, ids: readonly string[], whom: readonly Whom[]) =>
    (['Role', 'User', 'Group'] as const).flatMap((kind) =>
      whom
        .filter((one) => (one === 'guarded' ? kinds.has(kind) : one === 'itself' ? kind === 'Role' : true))
        .flatMap((one) => ids.map((id) => `iam:${verb}${kind}Policy, ${one}, ${id}`)),
    );
  return [
    ...each('Attach', attaches, attachesTo),
    ...each('Detach', detaches, detachesFrom),
    ...versions.map((verb) => `iam:${verb}PolicyVersion, ${SWITCH}, any`),
  ].sort();
}

export const kindsOf = (stack: StackIam) => new Set<string>(guarded(stack).map(([kind]) => kind));

/** What the meter could change whatever is attached to its role: more people, and nothing else. */
export const OUTMOST: Changes = { ...NONE, attaches: [SWITCH], attachesTo: EVERYBODY, versions: ['SetDefault'] };

export function meterAtMost(stack: StackIam): string[] {
  return changesInIam(stack, stack.roleNamed('spend-meter'), { name: 'AdministratorAccess', document: ALLOW_ALL });
}
