import type { ModelAvailability } from '../ports/model-access';
import { problemWords, type Answer, type Problem } from './finding';
import type { CallContext, CheckedModel } from './checked-model';

/** What happened in words, and what to do about it. */
export interface Explanation {
  readonly detail: string;
  readonly fix?: string;
}

/**
 * Hints in the texts of refusals, as seen in the wild: aws-samples/amazon-bedrock-workshop#386 (legacy),
 * gsd-build/gsd-2#5425 (end of life), aws-samples/anthropic-on-aws#252 (Marketplace), andrewyng/aisuite#174 (no access),
 * posit-dev/positron#10683 and tinovyatkin/amazon-bedrock-copilot-chat#396 (explicit denies),
 * aws-solutions-library-samples/accelerated-intelligent-document-processing-on-aws#235 (no allow),
 * strands-agents/harness-sdk#38 (profile needed, invalid id). They choose words, never a status.
 */
const HINTS = {
  explicitDeny: /explicit deny in an? ([a-z -]+? policy|permissions boundary)/i,
  noAllow: /no ([a-z -]+? policy|permissions boundary) allows/i,
  marketplace: /marketplace/i,
  noAccess: /access to the model/i,
  legacy: /legacy/i,
  endOfLife: /end of its life/i,
  needsProfile: /on-demand throughput/i,
} as const;

/** A 403 that is not the guard's own deny. */
export function explainDenied(model: CheckedModel, problem: Problem, context: CallContext): Explanation {
  const said = `denied (${problem.errorName})`;
  const deny = HINTS.explicitDeny.exec(problem.text)?.[1]?.toLowerCase();
  if (deny !== undefined) return explainExplicitDeny(said, deny);
  const missing = HINTS.noAllow.exec(problem.text)?.[1]?.toLowerCase();
  if (missing !== undefined) {
    return {
      detail: `${said}: no ${missing} allows the call`,
      fix:
        missing === 'identity-based policy'
          ? 'the invoker role lacks this profile, or the model in one of its destination Regions: deploy the stack again'
          : `the ${missing} must allow bedrock:InvokeModel on the profile and on the model in each destination Region`,
    };
  }
  return (
    explainAvailability(model, said, context) ??
    explainByText(model, said, problem, context.availability) ?? {
      detail: `${said}: ${problem.text}`,
      fix: 'look for a service control policy, a permissions boundary or a policy of somebody else on the invoker role',
    }
  );
}

function explainExplicitDeny(said: string, by: string): Explanation {
  return by === 'identity-based policy'
    ? {
        detail: `${said}: a policy on the invoker role denies it, and it is none of the guard's denies`,
        fix: 'find it with aws iam list-attached-role-policies and list-role-policies, and ask its owner',
      }
    : {
        detail: `${said}: an explicit deny in a ${by}`,
        fix: `ask whoever owns the ${by} to allow bedrock:InvokeModel, in every destination Region of the profile`,
      };
}

/** Bedrock's own account of why, where it sees a reason. */
function explainAvailability(
  { id, soldThroughMarketplace, replacement }: CheckedModel,
  said: string,
  { availability, region }: CallContext,
): Explanation | undefined {
  if (availability?.kind !== 'known') return undefined;
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
      detail: `${said}: the account has no agreement for ${id}${soldThroughMarketplace ? ', which is sold through AWS Marketplace' : ''}`,
      fix: marketplaceFix(id),
    };
  }
  if (!entitled) {
    return { detail: `${said}: the account is not entitled to ${id}`, fix: accessFix(id) };
  }
  if (!authorized) {
    return {
      detail: `${said}: the account is not authorized to use ${id}`,
      fix: 'an administrator of the account or organization must lift the restriction; AWS Support can say which it is',
    };
  }
  return undefined;
}

function explainByText(
  { id }: CheckedModel,
  said: string,
  { text }: Problem,
  availability: Answer<ModelAvailability> | undefined,
): Explanation | undefined {
  const unasked =
    availability?.kind === 'unavailable' ? `; why, Bedrock did not say (${problemWords(availability.problem)})` : '';
  if (HINTS.marketplace.test(text)) {
    return { detail: `${said}: no AWS Marketplace subscription for ${id}${unasked}`, fix: marketplaceFix(id) };
  }
  if (HINTS.noAccess.test(text)) {
    return { detail: `${said}: the account has no access to ${id}${unasked}`, fix: accessFix(id) };
  }
  return undefined;
}

const marketplaceFix = (id: string) =>
  `once, as an administrator with aws-marketplace:Subscribe, open ${id} in the Bedrock console's model catalog and call it ` +
  '(or aws bedrock create-foundation-model-agreement); the invoker role needs no Marketplace permission';

const accessFix = (id: string) =>
  `request access to ${id} in the Bedrock console's model catalog, in the Region of the call`;

/** A 404: the model has gone, or was never there (trap 26). */
export function explainNotFound(
  { id, callAs, replacement }: CheckedModel,
  { errorName, text }: Problem,
  { lifecycle, region, now }: CallContext,
): Explanation {
  const known = lifecycle.kind === 'known' ? lifecycle.value : undefined;
  const instead = replacement ? `use ${replacement} instead` : 'use an active model instead';
  if ((known?.endOfLifeMs !== undefined && known.endOfLifeMs <= now) || HINTS.endOfLife.test(text)) {
    return { detail: `not found (${errorName}): ${id} has reached its end of life`, fix: instead };
  }
  if (known?.status === 'legacy' || HINTS.legacy.test(text)) {
    return {
      detail: `not found (${errorName}): ${id} is Legacy, and closed to accounts that have not used it for 15 to 30 days`,
      fix: instead,
    };
  }
  return {
    detail: `not found (${errorName}): ${callAs} does not exist in ${region}`,
    fix: callAs.includes(':application-inference-profile/')
      ? `the profile was deleted by hand: deploy once without ${id} and once with it`
      : 'check the model id and the Region in config/budget-tiers.ts',
  };
}

/** A 400. Retired models have been seen to answer it too (aws/aws-sdk-js-v3#6424). */
export function explainInvalid({ id, callAs, replacement }: CheckedModel, { errorName, text }: Problem): Explanation {
  if (HINTS.needsProfile.test(text)) {
    return {
      detail: `refused (${errorName}): ${callAs} cannot be called on demand`,
      fix: `call ${id} through an inference profile: check the model's Regions in config/catalogue`,
    };
  }
  return {
    detail: `refused (${errorName}): ${text}`,
    fix: `check that ${id} is still offered in this Region${replacement ? `, or use ${replacement}` : ''}`,
  };
}
