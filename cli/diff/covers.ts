import { isLooser } from './conditions';
import { includes } from './patterns';
import type { Statement } from './statements';

/** One principal, one action, one resource: the smallest thing a statement says. */
export interface Grant {
  readonly principal: string | undefined;
  readonly action: string;
  readonly resource: string | undefined;
}

/**
 * What a statement says that none of the others says at least as widely. Errs towards "not covered": a statement that
 * cannot be judged (NotAction and the like) is covered by its equal alone.
 * @param home account that the statement's stack is deployed to, where it is known
 * @returns `everything` for such a statement without an equal
 */
export function uncovered(
  statement: Statement,
  others: readonly Statement[],
  home?: string,
): readonly Grant[] | 'everything' {
  if (statement.opaque !== undefined) {
    return others.some((other) => other.opaque === statement.opaque || leavesOutLess(other, statement))
      ? []
      : 'everything';
  }
  const wider = others.filter(
    (other) => other.effect === statement.effect && isLooser(other.conditions, statement.conditions),
  );
  return grantsOf(statement).filter((grant) => !wider.some((other) => says(other, grant, home)));
}

/** Every combination; few enough, for CDK minimizes policies by statement. */
function grantsOf({ principals, actions, resources }: Statement): readonly Grant[] {
  const orNone = (values: readonly string[]) => (values.length === 0 ? [undefined] : values);
  return orNone(principals).flatMap((principal) =>
    actions.flatMap((action) => orNone(resources).map((resource) => ({ principal, action, resource }))),
  );
}

/** Of two statements that differ in their NotAction alone. */
function leavesOutLess(wider: Statement, statement: Statement): boolean {
  const { notActions, besides } = wider;
  return (
    notActions !== undefined &&
    statement.notActions !== undefined &&
    besides === statement.besides &&
    notActions.every((action) =>
      statement.notActions?.some((other) => includes(other.toLowerCase(), action.toLowerCase())),
    )
  );
}

function says({ principals, actions, resources }: Statement, grant: Grant, home: string | undefined): boolean {
  return (
    some(principals, grant.principal, (pattern, value) => isAmong(pattern, value, home)) &&
    // IAM does not tell upper from lower case in actions.
    actions.some((action) => includes(action.toLowerCase(), grant.action.toLowerCase())) &&
    some(resources, grant.resource, includes)
  );
}

function some(
  patterns: readonly string[],
  value: string | undefined,
  test: (pattern: string, value: string) => boolean,
): boolean {
  if (value === undefined) return patterns.length === 0;
  return patterns.some((pattern) => test(pattern, value));
}

/**
 * Whether whoever the value stands for is among those of the pattern: a role of an account is among those whom the account's
 * root stands for.
 */
function isAmong(pattern: string, value: string, home: string | undefined): boolean {
  if (includes(pattern, value)) return true;
  const account = accountOf(pattern, ROOT) ?? accountOf(pattern, NUMBER);
  if (account === undefined) return false;
  if (OWN_REFERENCE.test(value)) return account === home || account === '${AWS::AccountId}';
  return [ROOT, NUMBER, MEMBER].some((form) => accountOf(value, form) === account);
}

const ROOT = /^AWS arn:[^:]+:iam::([^:]+|\$\{AWS::AccountId\}):root$/;
const NUMBER = /^AWS (\d{12})$/;
const MEMBER =
  /^AWS arn:[^:]+:(?:iam|sts)::([^:]+|\$\{AWS::AccountId\}):(?:role|user|assumed-role|federated-user)\/[^*]+$/;
/** A role or a user of the same template, which stands in the account of the stack. */
const OWN_REFERENCE = /^AWS \$\{\w+\.Arn\}$/;

function accountOf(principal: string, form: RegExp): string | undefined {
  return form.exec(principal.replace('arn:${AWS::Partition}:', 'arn:aws:'))?.[1];
}
