import type { RefusalReason } from './errors';

/**
 * The one place that reads the words of a refused model call: one error name stands for many reasons, and one reason comes under
 * several names. A Legacy model is refused as ResourceNotFoundException (aws-samples/amazon-bedrock-workshop#386,
 * fourTheorem/podwhisperer#24) and as ValidationException (trap 50). Further words as seen in gsd-build/gsd-2#5425 (end of
 * life), aws-samples/anthropic-on-aws#252 and idp#124 (Marketplace), Tracer-Cloud/opensre#1812 (payment),
 * obot-platform/obot#6747 and truefoundry/models#934 (use-case form), andrewyng/aisuite#174 (no access), posit-dev/positron#10683
 * (explicit denies), strands-agents/harness-sdk#38 (profile needed). Words that nobody has seen give no reason.
 *
 * @param text of a refused call, as AWS writes it
 */
export function refusalReason(text: string): RefusalReason | undefined {
  const deniedBy = /explicit deny in an? ([a-z -]+? policy|permissions boundary)/i.exec(text)?.[1]?.toLowerCase();
  const notAllowedBy = /no ([a-z -]+? policy|permissions boundary) allows/i.exec(text)?.[1]?.toLowerCase();
  if (/INVALID_PAYMENT_INSTRUMENT/.test(text)) return { kind: 'noPaymentMethod' };
  // Before the denies: what is denied here is a subscription, not the model.
  if (/marketplace/i.test(text)) {
    const by = deniedBy ?? (notAllowedBy === 'identity-based policy' ? undefined : notAllowedBy);
    return { kind: 'noSubscription', ...(by ? { by } : {}) };
  }
  if (deniedBy !== undefined) return { kind: 'explicitDeny', by: deniedBy };
  if (notAllowedBy !== undefined) return { kind: 'notAllowed', by: notAllowedBy };
  if (/use[- ]case (details have not been submitted|form)/i.test(text)) return { kind: 'noUseCase' };
  if (/marked by provider as Legacy/i.test(text)) return { kind: 'legacy' };
  if (/end of its life/i.test(text)) return { kind: 'endOfLife' };
  if (/on-demand throughput/i.test(text)) return { kind: 'needsProfile' };
  if (/access to the model/i.test(text)) return { kind: 'noAccess' };
  return undefined;
}
