import { DAY_MS, dayStart, type UtcDay } from '../calendar';
import type { TokenCounts } from '../meter';

/** Rows that are asked for at most. Logs Insights gives 100,000 (SDK 3.1164.0, StartQuery); a function's memory holds these. */
export const MOST_ROWS = 30_000;

/**
 * What one query asks of a day, whose end is in it to the millisecond: StartQuery takes whole seconds, both included. Figures and names, and never what was said. Fields as in a record of Bedrock,
 * github.com/dheerajoruganty/aws-bedrock-logs-mcp-server setup.md and docs.panther.com/data-onboarding/supported-logs/aws/bedrock-model-invocation
 * (both read 2026-11-29). `count` of a field counts the records that have it. The largest first, in case not all rows come.
 */
export function invocationQuery(day: UtcDay): string {
  return [
    `filter toMillis(@timestamp) < ${dayStart(day) + DAY_MS}`,
    'filter schemaType = "ModelInvocationLog"',
    [
      'stats count(*) as calls',
      'count(errorCode) as failed',
      'count(input.inputTokenCount) as withInput',
      'count(output.outputTokenCount) as withOutput',
      'sum(input.inputTokenCount) as inputTokens',
      'sum(output.outputTokenCount) as outputTokens',
      'sum(input.cacheReadInputTokenCount) as cacheReadTokens',
      'sum(input.cacheWriteInputTokenCount) as cacheWriteTokens by identity.arn as arn, modelId as model',
    ].join(', '),
    'sort outputTokens desc',
  ].join(' | ');
}

/** What one caller used of one model, as a row of the answer has it. */
export interface LogRow {
  /** Empty: the records have none. */
  readonly arn: string;
  /** A model's id, or the ARN of a model or an inference profile; empty: the records have none. */
  readonly modelId: string;
  readonly calls: number;
  /** Of `calls`, with an `errorCode`. */
  readonly failed: number;
  /** Of `calls`, with a count of input tokens. */
  readonly withInput: number;
  readonly withOutput: number;
  readonly tokens: TokenCounts;
}

/** @param fields by the names of {@link invocationQuery} @returns undefined for what is no such row */
export function logRow(fields: Readonly<Record<string, string | undefined>>): LogRow | undefined {
  const count = (name: string): number => {
    const text = fields[name];
    // A sum over no record that has the field is left out, or empty.
    return text === undefined || text === '' ? 0 : Number(text);
  };
  const row = {
    arn: fields['arn'] ?? '',
    modelId: fields['model'] ?? '',
    calls: count('calls'),
    failed: count('failed'),
    withInput: count('withInput'),
    withOutput: count('withOutput'),
    tokens: {
      input: count('inputTokens'),
      output: count('outputTokens'),
      cacheRead: count('cacheReadTokens'),
      cacheWrite: count('cacheWriteTokens'),
    },
  };
  const { calls, failed, withInput, withOutput, tokens } = row;
  const counts = [calls, failed, withInput, withOutput, ...Object.values(tokens)];
  return calls > 0 && counts.every((one) => Number.isSafeInteger(one) && one >= 0) ? row : undefined;
}
