import type { Template } from './template';
import { canonical } from './canonical';
import { uncovered } from './covers';
import { permissionsOf, type Attachment, type Permissions } from './holders';
import type { Statement } from './statements';

export interface PermissionChange {
  /** Whose policy, such as `InvokerRole`. */
  readonly owner: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** Somebody may do something that nobody with the same role might before. What cannot be judged counts as broader. */
  readonly broadens: boolean;
  readonly title: string;
  /** What is there now and was not, `+ …`, and the other way round, `- …`. */
  readonly details: readonly string[];
  /** What makes it broader, where that can be told: each `action on resource by principal`. */
  readonly opened: readonly string[];
}

/**
 * IAM statements and attachments that differ between two templates of one stack, those that broaden first.
 * @param home account that the stack is deployed to, where it is known
 */
export function permissionChanges(base: Template, head: Template, home?: string): readonly PermissionChange[] {
  const isInBoth = (id: string) => [base, head].every(({ Resources }) => Resources?.[id] !== undefined);
  const before = permissionsOf(base, isInBoth);
  const after = permissionsOf(head, isInBoth);
  const owners = [...new Set([...before.statements.keys(), ...after.statements.keys()])].sort();
  // What denied something that goes away altogether leaves nobody more than before; a deny policy itself is another matter.
  const isGone = (owner: string) => {
    const [id = ''] = owner.split(' ');
    const was = base.Resources?.[id];
    if (owner.endsWith(MANAGED) || was === undefined || head.Resources?.[id] !== undefined) return false;
    // What is kept loses a policy that is a resource beside it.
    return before.inline.has(owner) || !KEPT.includes(String(was.DeletionPolicy));
  };
  const changes = [
    ...owners.flatMap((owner) =>
      statementChanges(owner, before.statements.get(owner) ?? [], after.statements.get(owner) ?? [], home),
    ),
    ...attachmentChanges(before, after),
  ].map((change) => ({ ...change, broadens: change.broadens && !isGone(change.owner) }));
  return changes.sort((a, b) => Number(b.broadens) - Number(a.broadens));
}

export const KEPT = ['Retain', 'RetainExceptOnCreate'];
const MANAGED = '(managed policy)';

/** Pairs each new statement with the removed one that it most likely was, so that a reviewer sees what changed in it. */
function statementChanges(
  owner: string,
  before: readonly Statement[],
  after: readonly Statement[],
  home: string | undefined,
): readonly PermissionChange[] {
  const removed = without(before, after);
  const added = without(after, before);
  const changes: PermissionChange[] = [];
  for (const now of added) {
    const was = takeLikest(removed, now);
    // A new Allow is broader unless the old ones said it already; an old Deny that no new one says is a hole.
    const opened = now.effect === 'Allow' ? beyond(now, before, home) : was ? beyond(was, after, home) : [];
    changes.push({
      owner,
      change: was ? 'changed' : 'added',
      broadens: opened.length > 0,
      title: titleOf(now),
      details: was ? differences(was, now) : lines(now, '+'),
      opened,
    });
  }
  for (const was of removed) {
    const opened = was.effect === 'Deny' ? beyond(was, after, home) : [];
    changes.push({
      owner,
      change: 'removed',
      broadens: opened.length > 0,
      title: titleOf(was),
      details: lines(was, '-'),
      opened,
    });
  }
  return changes;
}

export const NOT_JUDGED = 'cannot be judged, so it counts as broader';

/** What a statement says that the others do not, in words; empty where they say all of it. */
function beyond(statement: Statement, others: readonly Statement[], home: string | undefined): readonly string[] {
  const grants = uncovered(statement, others, home);
  if (grants === 'everything') return [NOT_JUDGED];
  return grants.map(
    ({ principal, action, resource }) =>
      `${action}${resource === undefined ? '' : ` on ${resource}`}${principal === undefined ? '' : ` by ${principal}`}`,
  );
}

/** Those of `all` that `others` does not have, each as often as it is there. */
function without(all: readonly Statement[], others: readonly Statement[]): Statement[] {
  const left = others.map(identityOf);
  return all.filter((statement) => {
    const at = left.indexOf(identityOf(statement));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** A statement's name says nothing about what it allows. */
function identityOf(statement: Statement): string {
  return canonical({ ...statement, sid: undefined });
}

/** The removed statement that became this one, taken out of the list: the same name, or something in common. */
function takeLikest(removed: Statement[], now: Statement): Statement | undefined {
  const score = (was: Statement) => {
    if (was.effect !== now.effect) return 0;
    if (was.sid !== undefined && was.sid === now.sid) return 1;
    const shared = now.actions.filter((action) => was.actions.includes(action)).length;
    const all = new Set([...was.actions, ...now.actions]).size;
    return all === 0 ? 0 : (shared / all) * (isSubjectShared(was, now) ? 1 : 0.5);
  };
  const best = removed.reduce<Statement | undefined>(
    (most, one) => (score(one) > (most ? score(most) : 0.4) ? one : most),
    undefined,
  );
  if (best) removed.splice(removed.indexOf(best), 1);
  return best;
}

function isSubjectShared(was: Statement, now: Statement): boolean {
  const subjects = [...was.resources, ...was.principals];
  return [...now.resources, ...now.principals].some((one) => subjects.includes(one));
}

function titleOf({ effect, sid, opaque }: Statement): string {
  return `${effect}${sid ? ` ${sid}` : ''}${opaque === undefined ? '' : ' (shown as it is)'}`;
}

/** The parts that only one of the two has. */
function differences(was: Statement, now: Statement): readonly string[] {
  const old = lines(was, '');
  const current = lines(now, '');
  return [
    ...current.filter((line) => !old.includes(line)).map((line) => `+ ${line.trim()}`),
    ...old.filter((line) => !current.includes(line)).map((line) => `- ${line.trim()}`),
  ];
}

function lines({ actions, resources, principals, conditions, opaque }: Statement, sign: string): readonly string[] {
  const all = [
    ...actions.map((action) => `action ${action}`),
    ...resources.map((resource) => `on ${resource}`),
    ...principals.map((principal) => `by ${principal}`),
    ...Object.entries(conditions).map(([key, values]) => `if ${key} = ${values.join(' or ')}`),
    ...(opaque === undefined ? [] : [opaque]),
  ];
  return all.map((line) => `${sign} ${line}`);
}

function attachmentChanges(before: Permissions, after: Permissions): readonly PermissionChange[] {
  const isNew = (one: Attachment, all: readonly Attachment[]) =>
    !all.some(({ principal, policy }) => principal === one.principal && policy === one.policy);
  const gained = (key: 'attachments' | 'boundaries' | 'stopped') => after[key].filter((one) => isNew(one, before[key]));
  const lost = (key: 'attachments' | 'boundaries' | 'stopped') => before[key].filter((one) => isNew(one, after[key]));
  const change = (
    { principal, policy }: Attachment,
    kind: 'added' | 'removed',
    broadens: boolean,
    title: string,
  ): PermissionChange => ({
    owner: principal,
    change: kind,
    broadens,
    title,
    details: [`${kind === 'added' ? '+' : '-'} policy ${policy}`],
    opened: [],
  });
  return [
    ...gained('attachments').map((one) => change(one, 'added', !isDenyOnly(one, after), 'attached managed policy')),
    ...lost('attachments').map((one) => change(one, 'removed', !isAllowOnly(one, before), 'attached managed policy')),
    ...gained('boundaries').map((one) =>
      change(one, 'added', lost('boundaries').some(same(one)), 'permissions boundary'),
    ),
    ...lost('boundaries').map((one) => change(one, 'removed', true, 'permissions boundary')),
    ...gained('stopped').map((one) => change(one, 'added', false, 'denied by the budgets action at its line')),
    ...lost('stopped').map((one) => change(one, 'removed', true, 'denied by the budgets action at its line')),
  ];
}

function same({ principal }: Attachment): (other: Attachment) => boolean {
  return (other) => other.principal === principal;
}

/** Of a policy of the same template; what stands elsewhere, such as AWS's own policies, is not known. */
function isDenyOnly({ policy }: Attachment, { statements }: Permissions): boolean {
  const own = statements.get(`${policy} ${MANAGED}`);
  return own !== undefined && own.every(({ effect, opaque }) => effect === 'Deny' && opaque === undefined);
}

/**
 * AWS's own policies that deny nothing, of those whose document was found. Any other one may.
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/PowerUserAccess.html v12, found 2026-11-28
 * @see https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSLambdaBasicExecutionRole.html v1, found 2026-11-28
 * @see https://github.com/zoph-io/MAMIP/blob/1b36617981d5e8905ceb82b8dcbd892340a023ba/policies/AdministratorAccess v1 as IAM answers it
 */
const ALLOWING = /:iam::aws:policy\/(AdministratorAccess|PowerUserAccess|service-role\/AWSLambdaBasicExecutionRole)$/;

function isAllowOnly({ policy }: Attachment, { statements }: Permissions): boolean {
  const own = statements.get(`${policy} ${MANAGED}`);
  if (own === undefined) return ALLOWING.test(policy);
  return own.every(({ effect, opaque }) => effect === 'Allow' && opaque === undefined);
}
