import { countOf } from '../counts';
import { shown } from '../problems';
import { recordOf, textOf, type Fields, type Outcome, type Said, type UsageFormat } from './format';

/**
 * Bedrock's own log of every call, one JSON object a line, in S3 or exported from CloudWatch Logs. `inputTokenCount` is without
 * the cache's tokens, as in TokenUsage; how long a cache write lives stands in the answer's own `usage`, where the body is logged.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-invocation-logging.html; fields as in Panther's schema
 * AWS.BedrockModelInvocation and in records in public code (read 2026-11-28).
 */
export const invocationLogs: UsageFormat = {
  name: 'Bedrock model invocation logs',
  lacks: [],
  fits: (keys) => keys.has('modelId') && keys.has('timestamp') && (keys.has('schemaType') || keys.has('operation')),
  open: (said) => ({ read: (record) => rowOf(record, said) }),
};

function rowOf(record: Fields, { times }: Said): Outcome {
  const input = recordOf(record['input']);
  const output = recordOf(record['output']);
  if (textOf(record['errorCode']) !== undefined) return { leftOut: 'calls that failed' };
  if (input['inputTokenCount'] === undefined && output['outputTokenCount'] === undefined) {
    return { leftOut: 'calls that are not counted in tokens, such as images' };
  }
  const problems: string[] = [];
  const time = times.read(record['timestamp']);
  if (typeof time === 'string') problems.push(time);
  const model = textOf(record['modelId']);
  if (model === undefined) problems.push(`modelId must be named, got ${shown(record['modelId'])}`);
  const count = (from: Fields, name: string): number => {
    const found = countOf(from[name], name);
    if (typeof found === 'string') problems.push(found);
    return typeof found === 'number' ? found : 0;
  };
  const tokens = {
    input: count(input, 'inputTokenCount'),
    output: count(output, 'outputTokenCount'),
    cacheRead: count(input, 'cacheReadInputTokenCount'),
    cacheWrite: count(input, 'cacheWriteInputTokenCount'),
  };
  if (problems.length > 0 || typeof time === 'string' || model === undefined) return { problems };
  const tier = textOf(record['serviceTier']) ?? textOf(recordOf(record['serviceTier'])['type']);
  const id = textOf(record['requestId']);
  return {
    rows: [
      {
        at: time.at,
        spanMs: 0,
        model: tier === undefined ? model : `${model}+${tier}`,
        tokens: { ...tokens, ...livesOf(output['outputBodyJson'], tokens.cacheWrite) },
        ...(id === undefined ? {} : { id }),
      },
    ],
  };
}

/** By the answer of Converse (`cacheDetails`) or Anthropic's own (`cache_creation`), where they add up to what the log counts. */
function livesOf(body: unknown, cacheWrite: number): { cacheWrite5m?: number; cacheWrite1h?: number } {
  if (cacheWrite === 0) return {};
  const usage = recordOf(recordOf(body)['usage']);
  const details = Array.isArray(usage['cacheDetails']) ? usage['cacheDetails'].map(recordOf) : [];
  const created = recordOf(usage['cache_creation']);
  const sum = (ttl: string) =>
    details.reduce((all, one) => all + (one['ttl'] === ttl ? Number(one['inputTokens'] ?? 0) : 0), 0);
  const short = sum('5m') + Number(created['ephemeral_5m_input_tokens'] ?? 0);
  const hour = sum('1h') + Number(created['ephemeral_1h_input_tokens'] ?? 0);
  if (short + hour !== cacheWrite) return {};
  return { ...(short > 0 ? { cacheWrite5m: short } : {}), ...(hour > 0 ? { cacheWrite1h: hour } : {}) };
}
