import type { AppliedQuota } from './ports';
import { cannotTell, type Answer, type Finding } from './finding';

/** What the catalogue assumes of a model: how fast its tokens, and so the money, can go out. */
export interface AssumedQuota {
  /** Maker and name, as Service Quotas writes them: `Amazon Nova Lite`. */
  readonly model: string;
  readonly tokensPerMinute: number;
}

/**
 * Quotas are named `On-demand InvokeModel tokens per minute for Amazon Nova Lite`, `Cross-Region …`; the words before `tokens`
 * have changed over time (https://docs.aws.amazon.com/bedrock/latest/userguide/quotas-runtime.html, read 2026-11-23).
 */
const TOKENS_PER_MINUTE = /tokens per minute for (.+)$/i;

/** A quota raised above what was assumed lets more be spent before a stop. */
export function assessQuotas(
  assumed: readonly AssumedQuota[],
  answer: Answer<readonly AppliedQuota[]> | undefined,
): readonly Finding[] {
  if (assumed.length === 0 || answer === undefined) {
    return [{ check: 'quota', subject: 'all', status: 'ok', detail: 'no quotas are assumed anywhere' }];
  }
  if (answer.kind === 'unavailable') {
    return assumed.map(({ model }) => cannotTell('quota', model, answer.problem, answer.latencyMs));
  }
  return assumed.map(({ model: name, tokensPerMinute: value }): Finding => {
    const isOf = (quota: AppliedQuota) =>
      TOKENS_PER_MINUTE.exec(quota.name)?.[1]?.trim().toLowerCase() === name.toLowerCase();
    const applied = answer.value.filter(isOf).map((quota) => quota.value);
    if (applied.length === 0) {
      return {
        check: 'quota',
        subject: name,
        status: 'unknown',
        detail: 'Service Quotas lists no tokens a minute for this model in the Region',
        fix: 'look it up in the Service Quotas console, Amazon Bedrock: its name there may differ',
      };
    }
    const most = Math.max(...applied);
    return most <= value
      ? { check: 'quota', subject: name, status: 'ok', detail: `applied ${most}, assumed ${value}` }
      : {
          check: 'quota',
          subject: name,
          status: 'warning',
          detail: `applied ${most} is above the assumed ${value}: more can be spent before a stop`,
          fix: 'set the quota in config/catalogue to the applied one and deploy',
          tell: `applied ${most}`,
        };
  });
}
