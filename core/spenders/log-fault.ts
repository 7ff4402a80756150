import type { LogAnswer } from './ports';

/** Why an answer says nothing about a day, with what to do; undefined: it does. Nothing logged is not nothing spent. */
export function logFault(answer: LogAnswer, logGroup: string): string | undefined {
  const set = 'spenders.invocationLogs.logGroup';
  switch (answer.kind) {
    case 'missing':
      return `there is no log group ${logGroup} in this account and Region: name the one that Bedrock's model invocation logging writes to in ${set}`;
    case 'slow':
      return `Logs Insights had not answered after ${answer.seconds} seconds; the query was stopped, and is asked again tomorrow`;
    case 'unavailable':
      return answer.why;
    case 'known':
      return formatFault(answer, logGroup, set);
  }
}

function formatFault(
  { rows, recordsMatched, recordsScanned }: Extract<LogAnswer, { kind: 'known' }>,
  logGroup: string,
  set: string,
): string | undefined {
  if (recordsMatched === 0 && rows.length === 0) {
    return recordsScanned === 0
      ? `nothing was logged in ${logGroup}: nobody called a model, or Bedrock's model invocation logging is off or writes elsewhere`
      : `none of the ${recordsScanned} records in ${logGroup} is one of Bedrock's invocations: name the log group that has them in ${set}; of a log class other than Standard Logs Insights finds no fields`;
  }
  if (rows.length === 0) return `Logs Insights found ${recordsMatched} records in ${logGroup} and gave none of them`;
  const calls = rows.reduce((sum, row) => sum + row.calls, 0);
  const failed = rows.reduce((sum, row) => sum + row.failed, 0);
  const counted = rows.some(({ withInput, withOutput }) => withInput > 0 || withOutput > 0);
  return counted || failed >= calls
    ? undefined
    : `the records in ${logGroup} have no token counts: switch on delivery of text in Bedrock's model invocation logging`;
}
