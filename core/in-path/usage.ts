import type { TokenUsage } from '../prices';
import { record } from './request';

/**
 * Usage as the answer itself says it; undefined where it says none, or no whole numbers: unknown, never zero.
 * Converse and the `metadata` event of ConverseStream: `inputTokens` excludes what the cache read or wrote.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html (2026-11)
 */
export function converseUsage(usage: unknown): TokenUsage | undefined {
  const found = record(usage);
  return checked({
    input: found['inputTokens'],
    output: found['outputTokens'],
    cacheRead: found['cacheReadInputTokens'] ?? 0,
    cacheWrite: found['cacheWriteInputTokens'] ?? 0,
  });
}

/** Headers of InvokeModel, in lower case. @param promptCache whether the request used a prompt cache */
export function headerUsage(headers: Readonly<Record<string, string>>, promptCache: boolean): TokenUsage | undefined {
  const count = (name: string) => wholeNumber(headers[`x-amzn-bedrock-${name}-token-count`]);
  const absent = promptCache ? undefined : 0;
  return checked({
    input: count('input'),
    output: count('output'),
    cacheRead: count('cache-read-input') ?? absent,
    cacheWrite: count('cache-write-input') ?? absent,
  });
}

/** `amazon-bedrock-invocationMetrics` in the last chunk of InvokeModelWithResponseStream. */
export function invocationMetrics(metrics: unknown, promptCache: boolean): TokenUsage | undefined {
  const found = record(metrics);
  // Whether the counts of a prompt cache are in it depends on the model: where one was asked for, absent is unknown.
  const absent = promptCache ? undefined : 0;
  return checked({
    input: found['inputTokenCount'],
    output: found['outputTokenCount'],
    cacheRead: found['cacheReadInputTokenCount'] ?? absent,
    cacheWrite: found['cacheWriteInputTokenCount'] ?? absent,
  });
}

function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function checked(usage: Readonly<Record<keyof TokenUsage, unknown>>): TokenUsage | undefined {
  const counts = [usage.input, usage.output, usage.cacheRead, usage.cacheWrite];
  return counts.every((count) => typeof count === 'number' && Number.isSafeInteger(count) && count >= 0)
    ? (usage as TokenUsage)
    : undefined;
}
