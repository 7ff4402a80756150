import type { TokenUsage } from '../prices';
import { record } from './json';

/**
 * What an embedding used: input only, by the header or Titan's body, the dearer of them; undefined where neither tells.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html (2026-11)
 * @param headers in lower case
 */
export function embeddingUsage(headers: Readonly<Record<string, unknown>>, body: unknown): TokenUsage | undefined {
  const header = headers['x-amzn-bedrock-input-token-count'];
  const counts = [
    typeof header === 'string' && /^\d{1,15}$/.test(header) ? Number(header) : undefined,
    record(body)['inputTextTokenCount'],
  ].filter((count): count is number => Number.isSafeInteger(count) && (count as number) >= 0);
  return counts.length === 0 ? undefined : { input: Math.max(...counts), output: 0, cacheRead: 0, cacheWrite: 0 };
}
