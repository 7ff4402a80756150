import { problemWords, type Answer, type Finding } from './finding';
import type { HealthRecord } from './record';

/** Without the last result nobody can tell what is new: nothing is mailed, and the alarm on failures speaks instead. */
export function assessStateTable(tableName: string, answer: Answer<HealthRecord | undefined>): Finding {
  const base = { check: 'state-table', subject: tableName, latencyMs: answer.latencyMs } as const;
  if (answer.kind === 'known') {
    return {
      ...base,
      status: 'ok',
      detail: answer.value ? `last result of ${answer.value.document.at}` : 'first result',
    };
  }
  const { problem } = answer;
  const passing =
    problem.refusal === 'throttled' || problem.refusal === 'timedOut' || problem.refusal === 'unavailable';
  return {
    ...base,
    status: passing ? 'unknown' : 'failed',
    detail: `the last result cannot be read, so no mail is sent: ${problemWords(problem)}`,
    fix: passing
      ? 'the next run reads it again'
      : 'delete the item pk "health", sk "last" if it is damaged; else deploy the stack again',
  };
}
