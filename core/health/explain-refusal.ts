import type { RefusalReason } from '../errors';
import { problemWords, type Problem } from './finding';
import type { CallContext, CheckedModel } from './checked-model';

/** What happened in words, and what to do about it. */
export interface Explanation {
  readonly detail: string;
  readonly fix?: string;
}

/** A call that was refused for good (403, 404 or 400), and not by the guard's own deny. */
export function explainRefusal(model: CheckedModel, problem: Problem, context: CallContext): Explanation {
  const said = `${SAID[problem.refusal] ?? 'refused'} (${problem.errorName})`;
  const { reason } = problem;
  if (reason?.kind === 'explicitDeny') return explainExplicitDeny(said, reason.by);
  if (reason?.kind === 'notAllowed') return explainNotAllowed(said, reason.by);
  const byLifecycle = explainLifecycle(model, said, problem, context);
  if (byLifecycle) return byLifecycle;
  // Bedrock's own account of why comes before the words of the refusal.
  const byAvailability = explainAvailability(model, said, context);
  if (byAvailability) return byAvailability;
  return (reason && explainReason(model, said, reason, context)) ?? explainUnknown(model, said, problem, context);
}

const SAID: Readonly<Record<string, string>> = { accessDenied: 'denied', notFound: 'not found' };

function explainExplicitDeny(said: string, by: string): Explanation {
  return by === 'identity-based policy'
    ? {
        detail: `${said}: a policy on the invoker role denies it, and it is none of the guard's`,
        fix: 'find it with aws iam list-attached-role-policies and list-role-policies, and ask its owner',
      }
    : {
        detail: `${said}: an explicit deny in a ${by}`,
        fix: `ask whoever owns the ${by} to allow bedrock:InvokeModel, in every destination Region of the profile`,
      };
}

function explainNotAllowed(said: string, by: string): Explanation {
  return {
    detail: `${said}: no ${by} allows the call`,
    fix:
      by === 'identity-based policy'
        ? 'the invoker role lacks this profile, or the model in one of its destination Regions: deploy the stack again'
        : `the ${by} must allow bedrock:InvokeModel on the profile and on the model in each destination Region`,
  };
}

/** By the refusal's reason, else by what Bedrock says of the model's life: retired models answer 400 as well as 404 (trap 50). */
function explainLifecycle(
  { id, replacement }: CheckedModel,
  said: string,
  { refusal, reason }: Problem,
  { lifecycle, now }: CallContext,
): Explanation | undefined {
  const fix = replacement ? `use ${replacement} instead` : 'use an active model instead';
  const known = lifecycle.kind === 'known' ? lifecycle.value : undefined;
  const ended = known?.endOfLifeMs !== undefined && known.endOfLifeMs <= now;
  if (reason?.kind === 'endOfLife' || (reason === undefined && ended)) {
    return { detail: `${said}: ${id} has reached its end of life`, fix };
  }
  const isLegacy = reason === undefined && known?.status === 'legacy' && refusal === 'notFound';
  if (reason?.kind !== 'legacy' && !isLegacy) return undefined;
  return {
    detail: `${said}: ${id} is Legacy, and closed to accounts that are new to it or have not used it for 15 to 30 days`,
    fix,
  };
}

/** Asked only of a 403, whose name says nothing. */
function explainAvailability(
  model: CheckedModel,
  said: string,
  { availability, region }: CallContext,
): Explanation | undefined {
  if (availability?.kind !== 'known') return undefined;
  const { id, soldThroughMarketplace, replacement } = model;
  const { agreement, authorized, entitled, inRegion } = availability.value;
  if (!inRegion) {
    return {
      detail: `${said}: ${id} is not available in ${region}`,
      fix: `choose another Region, or another model${replacement ? ` (${replacement})` : ''}`,
    };
  }
  if (agreement === 'PENDING') {
    return { detail: `${said}: the agreement for ${id} is pending`, fix: 'wait up to 15 minutes' };
  }
  if (agreement !== 'AVAILABLE') {
    return {
      detail: `${said}: the account has no agreement for ${id}${SOLD[String(soldThroughMarketplace)]}`,
      fix: subscriptionFix(id),
    };
  }
  if (!entitled)
    return { detail: `${said}: the account is not entitled to ${id}`, fix: accessFix(model, model.modelId) };
  if (!authorized) {
    return {
      detail: `${said}: the account is not authorized to use ${id}`,
      fix: 'an administrator of the account or organization must end the restriction; AWS Support can say which it is',
    };
  }
  return undefined;
}

const SOLD: Readonly<Record<string, string>> = {
  true: ', which is sold through AWS Marketplace',
  false: '',
  unknown: '; whether it is sold through AWS Marketplace is not known',
};

function explainReason(
  model: CheckedModel,
  said: string,
  reason: RefusalReason,
  { availability, region }: CallContext,
): Explanation | undefined {
  const { id, callAs } = model;
  const unasked =
    availability?.kind === 'unavailable' ? `; why, Bedrock did not say (${problemWords(availability.problem)})` : '';
  switch (reason.kind) {
    case 'noSubscription':
      return {
        detail: `${said}: no AWS Marketplace subscription for ${id}${unasked}`,
        fix: reason.by
          ? `the ${reason.by} must allow aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions to whoever calls it first`
          : subscriptionFix(id),
      };
    case 'noPaymentMethod':
      return {
        detail: `${said}: the account has no payment method that AWS Marketplace takes for ${id}`,
        fix: 'the management account needs a valid default payment method: AWS Billing, Payment preferences',
      };
    case 'noUseCase':
      return { detail: `${said}: nobody has told the seller of ${id} the use case yet`, fix: useCaseFix };
    case 'noAccess':
      return { detail: `${said}: the account has no access to ${id}${unasked}`, fix: accessFix(model, model.modelId) };
    case 'needsProfile':
      return { detail: `${said}: ${callAs} cannot be called on demand`, fix: profileFix(model, region) };
    case 'explicitDeny':
    case 'notAllowed':
    case 'legacy':
    case 'endOfLife':
      return undefined;
  }
}

function explainUnknown(
  { id, callAs, replacement }: CheckedModel,
  said: string,
  { refusal, text }: Problem,
  { region }: CallContext,
): Explanation {
  switch (refusal) {
    case 'accessDenied':
      return {
        detail: `${said}: ${text}`,
        fix: 'look for a service control policy, a permissions boundary or a policy of somebody else on the invoker role',
      };
    case 'notFound':
      return {
        detail: `${said}: ${callAs} does not exist in ${region}`,
        fix: callAs.includes(':application-inference-profile/')
          ? `the profile was deleted by hand: deploy once without ${id} and once with it`
          : 'check the model id and the Region in the config',
      };
    default:
      return {
        detail: `${said}: ${text}`,
        fix: `check that ${id} is still offered in this Region${replacement ? `, or use ${replacement}` : ''}`,
      };
  }
}

/** Nobody enables a model by hand any more: the first call does, unless one of these is in its way (trap 51). */
export function accessFix(
  { id, soldThroughMarketplace }: { readonly id: string; readonly soldThroughMarketplace: boolean | 'unknown' },
  modelId: string,
): string {
  return [
    'a model enables itself at the first call; what can be in its way: a service control policy that denies Bedrock or AWS Marketplace',
    ...(modelId.startsWith('anthropic.') ? [useCaseFix] : []),
    ...(soldThroughMarketplace === false ? [] : [subscriptionFix(id)]),
  ].join('; ');
}

const useCaseFix =
  "the use-case form, once per account or organization: pick the model in the Bedrock console's model catalog, or aws bedrock put-use-case-for-model-access; it holds after 15 minutes";

const subscriptionFix = (id: string) =>
  `let somebody with aws-marketplace:Subscribe and aws-marketplace:ViewSubscriptions call ${id} once ` +
  '(or aws bedrock create-foundation-model-agreement) and wait up to 15 minutes; the invoker role needs no Marketplace permission';

function profileFix({ modelId, profileIds = [] }: CheckedModel, region: string): string {
  return profileIds.length > 0
    ? `write one of its inference profiles in place of ${modelId} in the config: ${profileIds.join(', ')}`
    : `find its inference profile with aws bedrock list-inference-profiles --region ${region}, and write that id in place of ${modelId} in the config`;
}
