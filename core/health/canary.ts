import type { CanaryRecord } from '../meter';
import { HOUR_MS } from '../calendar';
import { nanoUsd, type NanoUsd, formatUsd } from '../money';
import { tokenCost, type ModelPrice } from '../prices';
import type { CallUsage } from './ports';
import { problemWords, type Answer, type Finding } from './finding';

export interface CanaryTarget {
  readonly profileArn: string;
  readonly modelId: string;
  readonly price: Pick<ModelPrice, 'input' | 'output'>;
}

/** A month of 31 days. */
const HOURLY_CALLS_A_MONTH = (31 * 24 * HOUR_MS) / HOUR_MS;

/** The cheapest model is the one to prove the meter with: small before large, dependable before optional. */
export function cheapestForCanary<
  M extends { readonly tier: 'small' | 'large'; readonly optional: boolean; readonly price: ModelPrice },
>(models: readonly M[]): M | undefined {
  const rank = ({ tier, optional }: M) => (tier === 'small' ? 0 : 1) + (optional ? 2 : 0);
  const cost = ({ price }: M) => price.input + price.output;
  return [...models].sort((a, b) => rank(a) - rank(b) || cost(a) - cost(b))[0];
}

export function canaryRecord(target: CanaryTarget, usage: CallUsage, atMs: number): CanaryRecord {
  return {
    atMs,
    profileId: target.profileArn.slice(target.profileArn.lastIndexOf('/') + 1),
    profileArn: target.profileArn,
    modelId: target.modelId,
    inputTokens: usage.inputTokens,
    outputTokens: usage.outputTokens,
  };
}

/** What one such call an hour costs in a month of 31 days, rounded up. */
export function monthlyCost(usage: CallUsage, price: CanaryTarget['price']): NanoUsd {
  const once = tokenCost(usage.inputTokens, price.input) + tokenCost(usage.outputTokens, price.output);
  return nanoUsd(once * HOURLY_CALLS_A_MONTH);
}

/**
 * The canary runs outside every deny (trap 42), so its failure is never the guard's own doing; it blinds the meter's proof,
 * and stops nothing. @param saved whether the record reached the state table
 */
export function assessCanary(
  target: CanaryTarget | undefined,
  call: Answer<CallUsage> | undefined,
  saved: Answer<void> | undefined,
): Finding {
  if (target === undefined || call === undefined) {
    return {
      check: 'canary',
      subject: 'none',
      status: 'expected',
      detail: 'no canary: the Region has no application inference profiles',
    };
  }
  const base = { check: 'canary', subject: target.modelId, latencyMs: call.latencyMs } as const;
  if (call.kind === 'unavailable') {
    const { refusal } = call.problem;
    const lasting = refusal === 'accessDenied' || refusal === 'notFound' || refusal === 'invalid';
    return {
      ...base,
      status: 'warning',
      detail: `no answer, so the meter has nothing to prove itself by: ${problemWords(call.problem)}`,
      fix: "the health check's own role calls it; no deny of the guard covers that role: look at the model's own finding",
      // A throttle passes by itself; the metric counts it all the same.
      ...(lasting ? { tell: 'silent' } : {}),
    };
  }
  const { inputTokens, outputTokens } = call.value;
  const cost = formatUsd(monthlyCost(call.value, target.price));
  if (saved?.kind !== 'known') {
    return {
      ...base,
      status: 'warning',
      detail: `answered, but its record was not kept: ${saved ? problemWords(saved.problem) : 'not tried'}`,
    };
  }
  return {
    ...base,
    status: 'ok',
    detail: `used ${inputTokens} tokens in, ${outputTokens} out, for the meter to find; costs ${cost} a month`,
  };
}
