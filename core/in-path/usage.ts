import { tokenCost, usageCost, type ModelPrice, type TokenUsage } from '../prices';
import { nanoUsd, type NanoUsd } from '../money';
import { list, record } from './json';
import { stopReasons } from './stop-reasons';

/** Tokens as one or more sources give them; absent: no source tells; NaN: what one tells is no count. */
export interface Counts {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  /** All lifetimes together. */
  readonly cacheWrite?: number;
  /** Of these, what was written for five minutes and for an hour. */
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}

/** A usage whose cache writes may be known by their lifetimes. */
export interface AnswerUsage extends TokenUsage {
  readonly cacheWrite5m?: number;
  readonly cacheWrite1h?: number;
}

/** What the sources of one answer say together. */
export interface Told {
  /** Undefined where a component of the bill is told by no source: unknown, never zero. */
  readonly usage: AnswerUsage | undefined;
  /** What they prove whatever else there was. */
  readonly atLeast: AnswerUsage;
}

/** No request has so many: a source that says more is broken, and its cost would be no amount of money. */
export const MOST_TOKENS = 1_000_000_000;

const NAMES = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h'] as const;

/** Of two sources the larger count, component by component. */
export function larger(one: Counts, other: Counts): Counts {
  const both: Record<string, number> = {};
  for (const name of NAMES) {
    const [a, b] = [one[name], other[name]];
    if (a === undefined && b === undefined) continue;
    both[name] = isCount(a) && isCount(b) ? Math.max(a, b) : isCount(a) ? a : (b ?? Number.NaN);
  }
  return both;
}

/**
 * @param promptCache whether the request used one: its counts are then unknown where no source speaks of a cache. One that
 * speaks of reads alone, or of writes alone, says that there were no others.
 * @param whole false while more tokens may follow
 */
export function told(counts: Counts, promptCache: boolean, whole = true): Told {
  const { input, output, cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h } = counts;
  const speaks = [cacheRead, cacheWrite, cacheWrite5m, cacheWrite1h].some((each) => each !== undefined);
  const short = orNone(cacheWrite5m);
  const hour = orNone(cacheWrite1h);
  const atLeast: AnswerUsage = {
    input: orNone(input),
    output: orNone(output),
    cacheRead: orNone(cacheRead),
    cacheWrite: Math.max(orNone(cacheWrite), short + hour),
    ...(short > 0 ? { cacheWrite5m: short } : {}),
    ...(hour > 0 ? { cacheWrite1h: hour } : {}),
  };
  const writes = isCount(cacheWrite) || ![cacheWrite, cacheWrite5m, cacheWrite1h].some(Number.isNaN);
  const cache = (speaks || !promptCache) && !Number.isNaN(cacheRead) && writes;
  return { usage: whole && isCount(input) && isCount(output) && cache ? atLeast : undefined, atLeast };
}

/** Cache writes at the price of their lifetime; those of an unknown one, or without a price of their own, at the dearest. */
export function answerCost(usage: AnswerUsage, price: ModelPrice): NanoUsd {
  const { cacheWrite, cacheWrite5m = 0, cacheWrite1h = 0 } = usage;
  const write = (component: ModelPrice['cacheWrite'] | undefined) => {
    const found = component ?? price.cacheWrite;
    return found === 'unsupported' ? price.input : found;
  };
  const rest = Math.max(0, cacheWrite - cacheWrite5m - cacheWrite1h);
  return nanoUsd(
    usageCost({ ...usage, cacheWrite: rest }, price) +
      tokenCost(cacheWrite5m, write(price.cacheWrite5m)) +
      tokenCost(cacheWrite1h, write(price.cacheWrite1h)),
  );
}

/**
 * `usage` of Converse and of its stream's `metadata`: `inputTokens` excludes what the cache read or wrote.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_TokenUsage.html (2026-11)
 */
export function converseCounts(usage: unknown): Counts {
  const found = record(usage);
  if (Object.keys(found).length === 0) return {};
  const details = found['cacheDetails'];
  const writes = (ttl: string) =>
    list(details)
      .map(record)
      .filter((detail) => detail['ttl'] === ttl)
      .reduce<number | undefined>((sum, detail) => plus(sum, detail['inputTokens']), undefined);
  return counts({
    input: found['inputTokens'],
    output: found['outputTokens'],
    cacheRead: found['cacheReadInputTokens'] ?? 0,
    cacheWrite: found['cacheWriteInputTokens'] ?? 0,
    cacheWrite5m: writes('5m'),
    cacheWrite1h: writes('1h'),
  });
}

/** Of InvokeModel. @param headers in lower case */
export function headerCounts(headers: Readonly<Record<string, unknown>>): Counts {
  const count = (value: unknown) => {
    if (value === undefined) return undefined;
    return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : Number.NaN;
  };
  return counts({
    input: count(headers['x-amzn-bedrock-input-token-count']),
    output: count(headers['x-amzn-bedrock-output-token-count']),
    cacheRead: count(headers['x-amzn-bedrock-cache-read-input-token-count']),
    cacheWrite: count(headers['x-amzn-bedrock-cache-write-input-token-count']),
  });
}

/**
 * Of a body of InvokeModel or a chunk of its stream, wherever a model's own format has them:
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html and the pages under it (2026-11).
 */
export function bodyCounts(body: unknown): Counts {
  const found = record(body);
  const metadata = record(found['metadata']);
  return [
    usageCounts(found['usage']),
    usageCounts(record(found['message'])['usage']),
    usageCounts(metadata['usage']),
    metricsCounts(found['amazon-bedrock-invocationMetrics']),
    llamaCounts(found),
    titanCounts(found),
  ].reduce(larger);
}

/** Whether such a body says that no tokens follow those that it or earlier ones count. */
export function isLastCount(chunk: unknown): boolean {
  const found = record(chunk);
  const { choices, metadata } = found;
  return (
    'amazon-bedrock-invocationMetrics' in found ||
    found['type'] === 'message_stop' ||
    'usage' in record(metadata) ||
    ('usage' in found && Array.isArray(choices) && choices.length === 0) ||
    stopReasons(found).length > 0
  );
}

function usageCounts(usage: unknown): Counts {
  const found = record(usage);
  const created = record(found['cache_creation']);
  // OpenAI's shape counts what came from a cache as input as well; Anthropic's and Nova's do not.
  const details = record(found['prompt_tokens_details'] ?? found['input_tokens_details']);
  const cached = count(details['cached_tokens']);
  const all = count(found['prompt_tokens']) ?? count(found['input_tokens']) ?? count(found['inputTokens']);
  // NaN, which is no such count either, where one of them is not told.
  const uncached = (all ?? Number.NaN) - (cached ?? Number.NaN);
  return counts({
    input: uncached >= 0 ? uncached : all,
    output: count(found['completion_tokens']) ?? count(found['output_tokens']) ?? found['outputTokens'],
    cacheRead:
      cached ??
      count(found['cache_read_input_tokens']) ??
      count(found['cacheReadInputTokens']) ??
      found['cacheReadInputTokenCount'],
    cacheWrite:
      count(found['cache_creation_input_tokens']) ??
      count(found['cacheWriteInputTokens']) ??
      found['cacheWriteInputTokenCount'],
    cacheWrite5m: created['ephemeral_5m_input_tokens'],
    cacheWrite1h: created['ephemeral_1h_input_tokens'],
  });
}

function metricsCounts(metrics: unknown): Counts {
  const found = record(metrics);
  return counts({
    input: found['inputTokenCount'],
    output: found['outputTokenCount'],
    cacheRead: found['cacheReadInputTokenCount'],
    cacheWrite: found['cacheWriteInputTokenCount'],
  });
}

function llamaCounts(body: Readonly<Record<string, unknown>>): Counts {
  return counts({ input: body['prompt_token_count'], output: body['generation_token_count'] });
}

function titanCounts(body: Readonly<Record<string, unknown>>): Counts {
  const results = list(body['results']).reduce<number | undefined>(
    (sum, result) => plus(sum, record(result)['tokenCount']),
    undefined,
  );
  return counts({
    input: body['inputTextTokenCount'],
    // A vector is no text: the request has no tokens of an answer.
    output: results ?? body['totalOutputTextTokenCount'] ?? ('embedding' in body ? 0 : undefined),
  });
}

function plus(sum: number | undefined, more: unknown): number | undefined {
  const found = count(more);
  return found === undefined ? sum : (sum ?? 0) + found;
}

function counts(given: Readonly<Record<string, unknown>>): Counts {
  const found: Record<string, number> = {};
  for (const name of NAMES) {
    const value = count(given[name]);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

function count(value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS
    ? value
    : Number.NaN;
}

function isCount(value: number | undefined): value is number {
  return value !== undefined && !Number.isNaN(value);
}

function orNone(value: number | undefined): number {
  return isCount(value) ? value : 0;
}

/**
 * What an embedding used: input only, by the header or Titan's body, the dearer of them; undefined where neither tells.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-titan-embed-text.html (2026-11)
 * @param headers in lower case
 */
export function embeddingUsage(headers: Readonly<Record<string, unknown>>, body: unknown): TokenUsage | undefined {
  const { input } = larger(headerCounts(headers), titanCounts(record(body)));
  return isCount(input) ? { input, output: 0, cacheRead: 0, cacheWrite: 0 } : undefined;
}
