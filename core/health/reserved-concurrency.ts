import type { SetAside } from '../concurrency';
import { cannotTell, type Answer, type Finding } from './finding';

/** Without concurrency of its own the meter runs only where everything else leaves it room (trap 28). */
export function assessReserved(functionName: string, answer: Answer<SetAside>): Finding {
  const base = { check: 'reserved-concurrency', subject: functionName, latencyMs: answer.latencyMs } as const;
  if (answer.kind === 'unavailable') {
    return cannotTell(base.check, base.subject, answer.problem, answer.latencyMs);
  }
  const { value } = answer;
  switch (value.kind) {
    case 'kept':
      return { ...base, status: 'ok', detail: `${value.concurrency} set aside for the meter` };
    case 'reserved':
      return {
        ...base,
        status: 'warning',
        detail: `none was set aside for the meter: ${value.concurrency} are again`,
        fix: 'nothing to do; CloudTrail says who took it off (DeleteFunctionConcurrency, PutFunctionConcurrency)',
        tell: 'reserved',
      };
    case 'none':
      return {
        ...base,
        status: value.isOff ? 'failed' : 'warning',
        detail: value.isOff
          ? `set to zero, so that the meter cannot run, and not put back: ${value.why}`
          : `none is set aside for the meter, which a runaway function can starve: ${value.why}`,
        fix: value.isOff
          ? `aws lambda delete-function-concurrency --function-name ${functionName}`
          : "ask Service Quotas for more of Lambda's concurrent executions; the next check sets it aside",
        tell: value.isOff ? 'off' : 'none',
      };
    case 'unknown':
      return { ...base, status: 'unknown', detail: `not checked: ${value.why}` };
  }
}
