import { countOf } from '../counts';
import { shown } from '../problems';
import {
  isRecord,
  recordOf,
  textOf,
  withoutCache,
  type Fields,
  type Outcome,
  type Said,
  type UsageFormat,
} from './format';

const USED = [
  'request_id',
  'startTime',
  'model',
  'prompt_tokens',
  'completion_tokens',
  'custom_llm_provider',
  'metadata',
  'cache_hit',
];

/**
 * LiteLLM's spend logs: what `/spend/logs` answers, or the table LiteLLM_SpendLogs as CSV or JSON lines. `prompt_tokens` holds
 * the cache's tokens too, except in old versions; the cache's own stand in `metadata`. BerriAI/litellm schema.prisma (029f645),
 * issues 15056 and 15945, llms/anthropic/chat/transformation.py (`prompt_tokens += cache_read_input_tokens`) (read 2026-11-28).
 */
export const liteLlm: UsageFormat = {
  name: 'LiteLLM spend logs',
  lacks: ['how long cache writes live: they count at the dearer price'],
  fits: (keys) =>
    keys.has('request_id') && keys.has('prompt_tokens') && keys.has('completion_tokens') && keys.has('startTime'),
  columns: (names) => ({
    fields: names.map((name) => (USED.includes(name) ? name : undefined)),
    problems: ['model'].filter((name) => !names.includes(name)).map((name) => `column '${name}' is missing`),
  }),
  open: (said) => ({ read: (record) => rowOf(record, said) }),
};

function rowOf(record: Fields, { times }: Said): Outcome {
  const model = textOf(record['model']);
  const provider = textOf(record['custom_llm_provider']);
  if (provider !== undefined && !provider.startsWith('bedrock'))
    return { leftOut: 'calls of other providers than Bedrock' };
  if (/^true$/i.test(String(record['cache_hit'])))
    return { leftOut: "answers from LiteLLM's own cache, which cost nothing" };
  const problems: string[] = [];
  const time = times.read(record['startTime']);
  if (typeof time === 'string') problems.push(`startTime: ${time}`);
  if (model === undefined) problems.push(`model must be named, got ${shown(record['model'])}`);
  const count = (value: unknown, name: string): number => {
    const found = countOf(value, name);
    if (typeof found === 'string') problems.push(found);
    return typeof found === 'number' ? found : 0;
  };
  const input = count(record['prompt_tokens'], 'prompt_tokens');
  const output = count(record['completion_tokens'], 'completion_tokens');
  const usage = cacheUsage(record['metadata']);
  const cacheRead = count(usage['cache_read_input_tokens'], 'cache_read_input_tokens');
  const cacheWrite = count(usage['cache_creation_input_tokens'], 'cache_creation_input_tokens');
  if (problems.length > 0 || typeof time === 'string' || model === undefined) return { problems };
  const tokens = { input: withoutCache(input, cacheRead + cacheWrite), output, cacheRead, cacheWrite };
  const id = textOf(record['request_id']);
  return { rows: [{ at: time.at, spanMs: 0, model, tokens, ...(id === undefined ? {} : { id }) }] };
}

/** Of a table's export the column is JSON in a text. */
function cacheUsage(metadata: unknown): Fields {
  let found = metadata;
  if (typeof metadata === 'string' && metadata.trim() !== '') {
    try {
      found = JSON.parse(metadata);
    } catch {
      return {};
    }
  }
  const { additional_usage_values: values, usage_object: usage } = recordOf(found);
  return isRecord(values) && values['cache_read_input_tokens'] !== undefined ? values : recordOf(usage ?? values);
}
