import type { Identity, ModelCaller } from './ports';
import { cannotTell, type Answer, type Finding } from './finding';

/** Who the check runs as, and whether that is the account it was deployed to. */
export function assessIdentity(accountId: string, answer: Answer<Identity>): Finding {
  if (answer.kind === 'unavailable') return cannotTell('identity', accountId, answer.problem, answer.latencyMs);
  const base = { check: 'identity', subject: accountId, latencyMs: answer.latencyMs } as const;
  const { account, arn } = answer.value;
  return account === accountId
    ? { ...base, status: 'ok', detail: arn }
    : {
        ...base,
        status: 'failed',
        detail: `signed in to account ${account}, deployed to ${accountId}`,
        fix: 'use credentials of the account that the stack is in',
      };
}

export function assessInvokerRole(roleArn: string, answer: Answer<ModelCaller>): Finding {
  const base = { check: 'invoker-role', subject: roleArn, latencyMs: answer.latencyMs } as const;
  if (answer.kind === 'known') return { ...base, status: 'ok', detail: 'assumed, with temporary credentials' };
  const { problem } = answer;
  return problem.refusal === 'accessDenied'
    ? {
        ...base,
        status: 'failed',
        detail: `cannot be assumed (${problem.errorName}), so no model was called`,
        fix: "its trust policy must name the health check's role: deploy the stack again; else look for a service control policy",
      }
    : cannotTell(base.check, base.subject, problem, answer.latencyMs);
}
