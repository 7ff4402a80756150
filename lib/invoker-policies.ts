import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { GuardError } from '../core/errors';
import { MAX_ATTACHED_POLICIES, MAX_INLINE_CHARACTERS, MAX_POLICY_CHARACTERS, policyCharacters } from './policy-size';

/** Places among the policies of a role that the guard needs: for the switch, and for AWS Budgets' deny. */
const KEPT_FOR_GUARD = 2;

/**
 * Divides what a role may do among its policies, in order and by their size: as much as fits into the inline policy, which
 * holds `besides` too, and the rest into managed ones, each with its own resources under its own conditions.
 * @returns the inline policy's statements, then those of each managed policy
 * @throws GuardError POLICY_TOO_LARGE where the role would have no room left for the guard's two policies
 */
export function inPolicies<T>(
  stack: Stack,
  items: readonly T[],
  statementsOf: (items: readonly T[]) => readonly iam.PolicyStatement[],
  besides: readonly iam.PolicyStatement[],
): readonly (readonly iam.PolicyStatement[])[] {
  const policies: (readonly iam.PolicyStatement[])[] = [];
  let left = items;
  do {
    const inline = policies.length === 0;
    const statements = (count: number) => [...statementsOf(left.slice(0, count)), ...(inline ? besides : [])];
    const count = mostThatFit(left.length, (some) => {
      const document = new iam.PolicyDocument({ statements: statements(some) });
      const size = policyCharacters(stack.resolve(document));
      return size <= (inline ? MAX_INLINE_CHARACTERS : MAX_POLICY_CHARACTERS);
    });
    if (count === 0 && !inline) throw tooLarge('one model of the list alone fills more than a managed policy');
    policies.push(statements(count));
    left = left.slice(count);
  } while (left.length > 0);
  const managed = policies.length - 1;
  if (managed > MAX_ATTACHED_POLICIES - KEPT_FOR_GUARD) {
    throw tooLarge(
      `its models need ${managed} managed policies beside the inline one; a role may have ${MAX_ATTACHED_POLICIES}, of which the guard needs ${KEPT_FOR_GUARD}`,
    );
  }
  return policies;
}

/** Adding one never makes a policy smaller, so that the first that does not fit ends the search. */
function mostThatFit(available: number, fits: (count: number) => boolean): number {
  let count = 0;
  while (count < available && fits(count + 1)) count += 1;
  return count;
}

function tooLarge(why: string): GuardError {
  return new GuardError(
    'POLICY_TOO_LARGE',
    `the invoker role would be too large: ${why}. List fewer models in models of the config, or divide them among environments`,
  );
}
