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
 * @returns `everything` for such a statement without an equal
 */
export function uncovered(statement: Statement, others: readonly Statement[]): readonly Grant[] | 'everything' {
  if (statement.opaque !== undefined) {
    return others.some((other) => other.opaque === statement.opaque) ? [] : 'everything';
  }
  const wider = others.filter(
    (other) => other.effect === statement.effect && isLooser(other.conditions, statement.conditions),
  );
  return grantsOf(statement).filter((grant) => !wider.some((other) => says(other, grant)));
}

/** Every combination; few enough, for CDK minimizes policies by statement. */
function grantsOf({ principals, actions, resources }: Statement): readonly Grant[] {
  const orNone = (values: readonly string[]) => (values.length === 0 ? [undefined] : values);
  return orNone(principals).flatMap((principal) =>
    actions.flatMap((action) => orNone(resources).map((resource) => ({ principal, action, resource }))),
  );
}

function says({ principals, actions, resources }: Statement, grant: Grant): boolean {
  return (
    some(principals, grant.principal, includes) &&
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

/** Whether everything that `value`, itself perhaps with wildcards, matches is matched by the pattern. */
export function includes(pattern: string, value: string): boolean {
  if (pattern === value || pattern === '*') return true;
  if (!/[*?]/.test(pattern)) return false;
  const source = pattern
    // A reference of the template, such as ${AWS::AccountId}, is text.
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replace(/\*/g, '.*')
    // A `?` is one character; the value's `*` may be many.
    .replace(/\?/g, '[^*]');
  return new RegExp(`^${source}$`, 's').test(value);
}

/** With these operators, fewer values are a narrower condition. */
const POSITIVE =
  /^(ForAllValues:|ForAnyValue:)?(StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike)(IfExists)?$/;

/** Whether whatever passes `strict` passes `loose`: each of its conditions is there, with the same values or fewer. */
function isLooser(loose: Statement['conditions'], strict: Statement['conditions']): boolean {
  return Object.entries(loose).every(([key, values]) => {
    const narrower = strict[key];
    if (narrower === undefined) return false;
    const [operator = ''] = key.split(' ');
    return POSITIVE.test(operator)
      ? narrower.every((value) => values.includes(value))
      : narrower.length === values.length && narrower.every((value) => values.includes(value));
  });
}
