import type { AppliedQuota } from '../ports/quotas';
import { cannotTell, type Answer, type Finding } from './finding';

/** What the estimate of the overshoot assumes. Same unit as the quota itself. */
export interface AssumedQuota {
  /** Service Quotas' own name of it. */
  readonly name: string;
  readonly value: number;
}

/** A quota raised above what was assumed lets more be spent before a stop than synth printed. */
export function assessQuotas(
  assumed: readonly AssumedQuota[],
  answer: Answer<readonly AppliedQuota[]> | undefined,
): readonly Finding[] {
  if (assumed.length === 0 || answer === undefined) {
    return [{ check: 'quota', subject: 'all', status: 'ok', detail: 'no quotas are assumed anywhere' }];
  }
  if (answer.kind === 'unavailable') {
    return assumed.map(({ name }) => cannotTell('quota', name, answer.problem, answer.latencyMs));
  }
  return assumed.map(({ name, value }): Finding => {
    const applied = answer.value.filter((quota) => quota.name === name).map((quota) => quota.value);
    if (applied.length === 0) {
      return {
        check: 'quota',
        subject: name,
        status: 'unknown',
        detail: 'Service Quotas lists no Bedrock quota of this name in the Region',
        fix: 'take the name from the Service Quotas console, Amazon Bedrock',
      };
    }
    const most = Math.max(...applied);
    return most <= value
      ? { check: 'quota', subject: name, status: 'ok', detail: `applied ${most}, assumed ${value}` }
      : {
          check: 'quota',
          subject: name,
          status: 'warning',
          detail: `applied ${most} is above the assumed ${value}: more can be spent before a stop than synth says`,
          fix: 'set the assumed quota to the applied one and deploy; synth prints the new estimate',
          tell: `applied ${most}`,
        };
  });
}
