import { describe, expect, test } from '@jest/globals';
import {
  bodyCounts,
  converseCounts,
  embeddingUsage,
  headerCounts,
  isLastCount,
  MOST_TOKENS,
  type Counts,
} from '../../../core/in-path/usage';

// Strictly: where nothing is counted a stream waits for more, so that a count of undefined must not stand there.

describe("Converse's usage", () => {
  const plain = { input: 3, output: 4, cacheRead: 0, cacheWrite: 0 };
  const usage = { inputTokens: 3, outputTokens: 4 };
  const detail = (ttl: string, inputTokens?: unknown) => ({ ttl, inputTokens });

  test.each<[string, unknown, Counts]>([
    ['none counts nothing', undefined, {}],
    ['null counts nothing', null, {}],
    ['text counts nothing', 'many', {}],
    ['an empty one counts nothing', {}, {}],
    ['without a cache says that none was used', usage, plain],
    [
      'with a cache counts each component',
      { ...usage, cacheReadInputTokens: 5, cacheWriteInputTokens: 6 },
      { ...plain, cacheRead: 5, cacheWrite: 6 },
    ],
    [
      'with lifetimes adds up the writes of each',
      { ...usage, cacheDetails: [detail('5m', 1), detail('1h', 10), detail('5m', 2), detail('1h', 20)] },
      { ...plain, cacheWrite5m: 3, cacheWrite1h: 30 },
    ],
    ['with an unknown lifetime leaves it to the sum', { ...usage, cacheDetails: [detail('24h', 9)] }, plain],
    ['with a lifetime without a count has none of it', { ...usage, cacheDetails: [detail('5m')] }, plain],
    [
      'with one beside it has the other',
      { ...usage, cacheDetails: [detail('5m', 1), detail('5m')] },
      { ...plain, cacheWrite5m: 1 },
    ],
    [
      'with a lifetime whose count is none is unknown there',
      { ...usage, cacheDetails: [detail('5m', 1), detail('5m', -1)] },
      { ...plain, cacheWrite5m: Number.NaN },
    ],
    [
      'with more writes than anybody has is unknown there',
      { ...usage, cacheDetails: [detail('1h', MOST_TOKENS), detail('1h', 1)] },
      { ...plain, cacheWrite1h: Number.NaN },
    ],
  ])('%s', (_, found, counts) => {
    expect(converseCounts(found)).toStrictEqual(counts);
  });
});

describe('the headers of InvokeModel', () => {
  const header = (name: string, value: unknown) => ({ [`x-amzn-bedrock-${name}-token-count`]: value });

  test.each<[string, object, Counts]>([
    ['none', {}, {}],
    ['others', { 'content-type': '5' }, {}],
    [
      'each component',
      {
        ...header('input', '12'),
        ...header('output', '0'),
        ...header('cache-read-input', '345'),
        ...header('cache-write-input', '6'),
      },
      { input: 12, output: 0, cacheRead: 345, cacheWrite: 6 },
    ],
    ['the most tokens', header('input', String(MOST_TOKENS)), { input: MOST_TOKENS }],
    ['more', header('input', String(MOST_TOKENS + 1)), { input: Number.NaN }],
    ['a blank before', header('input', ' 1'), { input: Number.NaN }],
    ['a blank behind', header('input', '1 '), { input: Number.NaN }],
    ['no text', header('input', 5), { input: Number.NaN }],
    ['a list', header('input', ['5']), { input: Number.NaN }],
  ])('%s', (_, headers, counts) => {
    expect(headerCounts(headers as Record<string, unknown>)).toStrictEqual(counts);
  });
});

describe("the usage of a body, in the words of a model's own format", () => {
  test.each<[string, object, Counts]>([
    ['Anthropic', { input_tokens: 3, output_tokens: 4 }, { input: 3, output: 4 }],
    [
      "Anthropic's cache",
      {
        cache_read_input_tokens: 5,
        cache_creation_input_tokens: 6,
        cache_creation: { ephemeral_5m_input_tokens: 2, ephemeral_1h_input_tokens: 4 },
      },
      { cacheRead: 5, cacheWrite: 6, cacheWrite5m: 2, cacheWrite1h: 4 },
    ],
    ['OpenAI', { prompt_tokens: 3, completion_tokens: 4 }, { input: 3, output: 4 }],
    ['Nova', { inputTokens: 3, outputTokens: 4 }, { input: 3, output: 4 }],
    ["Nova's cache", { cacheReadInputTokenCount: 5, cacheWriteInputTokenCount: 6 }, { cacheRead: 5, cacheWrite: 6 }],
    ["Converse's cache", { cacheReadInputTokens: 5, cacheWriteInputTokens: 6 }, { cacheRead: 5, cacheWrite: 6 }],
    [
      'null stands for nothing said',
      {
        prompt_tokens: null,
        input_tokens: 3,
        completion_tokens: null,
        output_tokens: 4,
        cache_read_input_tokens: null,
        cacheReadInputTokens: 5,
        cache_creation_input_tokens: null,
        cacheWriteInputTokens: 6,
      },
      { input: 3, output: 4, cacheRead: 5, cacheWrite: 6 },
    ],
    ['nobody', { total_tokens: 9 }, {}],
  ])('%s', (_, usage, counts) => {
    expect(bodyCounts({ usage })).toStrictEqual(counts);
    expect(bodyCounts({ message: { usage } })).toStrictEqual(counts);
    expect(bodyCounts({ metadata: { usage } })).toStrictEqual(counts);
  });

  test.each<[string, object, Counts]>([
    ['less than all', { cached_tokens: 2 }, { input: 5, cacheRead: 2 }],
    ['all', { cached_tokens: 7 }, { input: 0, cacheRead: 7 }],
    ['more than all', { cached_tokens: 8 }, { input: 7, cacheRead: 8 }],
    ['no count', { cached_tokens: -1 }, { input: 7, cacheRead: Number.NaN }],
    ['not said', {}, { input: 7 }],
  ])('OpenAI counts what came from a cache as input too: %s of 7', (_, details, counts) => {
    expect(bodyCounts({ usage: { prompt_tokens: 7, prompt_tokens_details: details } })).toStrictEqual(counts);
    expect(bodyCounts({ usage: { input_tokens: 7, input_tokens_details: details } })).toStrictEqual(counts);
  });

  test('what came from a cache is no input where no input is counted', () => {
    expect(bodyCounts({ usage: { prompt_tokens_details: { cached_tokens: 2 } } })).toStrictEqual({ cacheRead: 2 });
  });

  test.each<[string, object, Counts]>([
    ['nothing', {}, {}],
    [
      "Bedrock's metrics of a stream",
      {
        'amazon-bedrock-invocationMetrics': {
          inputTokenCount: 3,
          outputTokenCount: 4,
          cacheReadInputTokenCount: 5,
          cacheWriteInputTokenCount: 6,
        },
      },
      { input: 3, output: 4, cacheRead: 5, cacheWrite: 6 },
    ],
    ['Llama', { prompt_token_count: 3, generation_token_count: 4 }, { input: 3, output: 4 }],
    [
      'Titan, each of its results',
      { inputTextTokenCount: 3, results: [{ tokenCount: 4 }, {}, { tokenCount: 5 }] },
      { input: 3, output: 9 },
    ],
    [
      'Titan, whose results count before the total of a chunk',
      { results: [{ tokenCount: 4 }], totalOutputTextTokenCount: 5 },
      { output: 4 },
    ],
    ["Titan's stream", { inputTextTokenCount: 3, totalOutputTextTokenCount: 5 }, { input: 3, output: 5 }],
    ["Titan's vector has no answer", { embedding: [0.5], inputTextTokenCount: 3 }, { input: 3, output: 0 }],
    [
      'two sources: the larger, by component',
      {
        usage: { input_tokens: 3, output_tokens: 9 },
        'amazon-bedrock-invocationMetrics': { inputTokenCount: 4, outputTokenCount: 8 },
      },
      { input: 4, output: 9 },
    ],
  ])('%s', (_, body, counts) => {
    expect(bodyCounts(body)).toStrictEqual(counts);
  });
});

test.each<[object, boolean]>([
  [{}, false],
  [{ 'amazon-bedrock-invocationMetrics': {} }, true],
  [{ type: 'message_stop' }, true],
  [{ type: 'message_start' }, false],
  [{ metadata: { usage: {} } }, true],
  [{ metadata: {} }, false],
  [{ usage: {}, choices: [] }, true],
  [{ usage: {}, choices: [{ delta: {} }] }, false],
  [{ usage: {}, choices: '' }, false],
  [{ usage: {} }, false],
  [{ choices: [] }, false],
  [{ stop_reason: 'stop' }, true],
  [{ stop_reason: null }, false],
])('%j is the last chunk that counts: %s', (chunk, last) => {
  expect(isLastCount(chunk)).toBe(last);
});

describe('an embedding', () => {
  const header = 'x-amzn-bedrock-input-token-count';
  const usage = (input: number) => ({ input, output: 0, cacheRead: 0, cacheWrite: 0 });

  test.each<[string, object, unknown, number | undefined]>([
    ['its header', { [header]: '12' }, {}, 12],
    ["Titan's body", {}, { inputTextTokenCount: 7 }, 7],
    ['the dearer of both, here the header', { [header]: '8' }, { inputTextTokenCount: 7 }, 8],
    ['the dearer of both, here the body', { [header]: '6' }, { inputTextTokenCount: 7 }, 7],
    ['the one that is a count', { [header]: 'many' }, { inputTextTokenCount: 7 }, 7],
    ['no tokens', { [header]: '0' }, undefined, 0],
    ['the most tokens', { [header]: String(MOST_TOKENS) }, undefined, MOST_TOKENS],
    ['more than anybody has', { [header]: String(MOST_TOKENS + 1) }, undefined, undefined],
    ['a header that is no number', { [header]: '1 ' }, undefined, undefined],
    ['a body that counts below zero', {}, { inputTextTokenCount: -1 }, undefined],
    ['neither', {}, undefined, undefined],
  ])('is counted by %s', (_, headers, body, input) => {
    const counted = embeddingUsage(headers as Record<string, unknown>, body);
    expect(counted).toStrictEqual(input === undefined ? undefined : usage(input));
  });
});
