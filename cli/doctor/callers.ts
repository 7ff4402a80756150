import type { AccountPrincipal } from '../../core/health';
import { includes } from '../diff/patterns';
import { documentOf, type Statement } from '../diff/statements';

/** What an invocation of a model is checked for; Converse is checked for the same two. */
const CALLS = ['bedrock:invokemodel', 'bedrock:invokemodelwithresponsestream'];

/**
 * Principals whose policies allow calling some model. By their own policies alone: a service control policy or a boundary
 * may still refuse them, and what a role's trust policy asks of whoever assumes it is not looked at.
 */
export function bedrockCallers(principals: readonly AccountPrincipal[]): readonly AccountPrincipal[] {
  return principals.filter(({ policies }) => {
    const statements = policies.flatMap((policy) => documentOf(policy));
    return CALLS.some(
      (call) => statements.some((one) => allows(one, call)) && !statements.some((one) => deniesAll(one, call)),
    );
  });
}

function allows({ effect, actions, notActions }: Statement, call: string): boolean {
  if (effect !== 'Allow') return false;
  // NotAction allows everything that it does not name.
  return notActions ? !names(notActions, call) : names(actions, call);
}

function deniesAll({ effect, actions, resources, conditions, opaque }: Statement, call: string): boolean {
  const isAlways = opaque === undefined && Object.keys(conditions).length === 0;
  return effect === 'Deny' && isAlways && names(actions, call) && resources.includes('*');
}

function names(patterns: readonly string[], call: string): boolean {
  return patterns.some((pattern) => includes(pattern.toLowerCase(), call));
}
