import { describe, expect, test } from '@jest/globals';
import { invokeBody } from '../../../core/in-path/invoke-body';
import { answerLimit } from '../../../core/in-path/limit';
import { converseShape } from '../../../core/in-path/request';

const thinking = (budget_tokens: unknown) => ({
  additionalModelRequestFields: { thinking: { type: 'enabled', budget_tokens } },
});
const effort = (maxReasoningEffort: string) => ({
  additionalModelRequestFields: { reasoningConfig: { type: 'enabled', maxReasoningEffort } },
});

describe('the limit of an answer, with 1,000 as the usual one', () => {
  test.each<[string, object, number | undefined, object]>([
    ["the caller's stays", { inferenceConfig: { maxTokens: 7 } }, 500, { kind: 'asked' }],
    ['unknown: the usual, and it is said', {}, undefined, { kind: 'set', maxTokens: 1_000, guessed: true }],
    ["known: the model's own, or the usual", {}, 1_001, { kind: 'set', maxTokens: 1_001, otherwise: 1_000 }],
    ["the model's own is the usual", {}, 1_000, { kind: 'set', maxTokens: 1_000 }],
    ["never more than the model's own", {}, 999, { kind: 'set', maxTokens: 999 }],
    ['above a budget of thinking', thinking(4_000), undefined, { kind: 'set', maxTokens: 5_000, guessed: true }],
    ['above it, known', thinking(4_000), 8_000, { kind: 'set', maxTokens: 8_000, otherwise: 5_000 }],
    ["at most the model's own above it", thinking(4_000), 4_500, { kind: 'set', maxTokens: 4_500 }],
    ['a budget that the model refuses', thinking(4_000), 4_000, { kind: 'set', maxTokens: 5_000 }],
    ['effort low takes a limit', effort('low'), 500, { kind: 'set', maxTokens: 500 }],
    ['effort high takes none', effort('high'), 500, { kind: 'none', reserve: 500 }],
    [
      "effort high with the caller's own",
      { ...effort('high'), inferenceConfig: { maxTokens: 7 } },
      500,
      { kind: 'asked' },
    ],
  ])('%s', (_, input, most, limit) => {
    expect(answerLimit(converseShape(input), most, 1_000)).toEqual(limit);
  });

  test.each([
    [effort('high'), undefined, 'maxOutputTokens'],
    [thinking(-1), 500, '-1'],
    [thinking(1.5), 500, '1.5'],
    [thinking('many'), 500, 'NaN'],
    [thinking(Number.NaN), 500, 'NaN'],
  ])('unknown: %j where the model ends at %s', (input, most, text) => {
    expect(answerLimit(converseShape(input), most, 1_000)).toEqual({
      kind: 'unknown',
      why: expect.stringContaining(text) as unknown,
    });
  });

  test.each([
    ['amazon.nova-2-lite-v1:0', { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } }],
    ['amazon.nova-2-lite-v1:0', { inferenceConfig: { reasoningConfig: { maxReasoningEffort: 'high' } } }],
  ])('the same in a body of %s', (id, body) => {
    expect(answerLimit(invokeBody(id, body)!.shape, 500, 1_000)).toEqual({ kind: 'none', reserve: 500 });
  });
});

describe("Converse's additional fields are read like a body", () => {
  const shapeOf = (additionalModelRequestFields: unknown, more: object = {}) =>
    converseShape({ additionalModelRequestFields, ...more });

  test.each([
    [{ max_tokens: 9 }, 9],
    [{ max_completion_tokens: 9 }, 9],
    [{ inferenceConfig: { maxTokens: 9 } }, 9],
    [{ inferenceConfig: { max_new_tokens: 9 } }, 9],
    [{ textGenerationConfig: { maxTokenCount: 9 } }, 9],
    [{ max_tokens: 4 }, 5],
    [{ max_tokens: null }, 5],
    [{ thinking: { budget_tokens: 9 } }, 9],
    [{ max_tokens: '9' }, Number.NaN],
    [{ max_tokens: [9] }, Number.NaN],
    [{}, 5],
    [[], 5],
    ['text', 5],
    [null, 5],
  ])('%j beside a maximum of 5: %s', (fields, maxTokens) => {
    expect(shapeOf(fields, { inferenceConfig: { maxTokens: 5 } }).maxTokens).toBe(maxTokens);
  });

  test.each([
    [{ n: 3 }, 3],
    [{ n: 2, best_of: 5 }, 5],
    [{ num_generations: 4 }, 4],
    [{ numResults: 4 }, 4],
    [{ n: null }, 1],
    [{}, 1],
    [{ n: 0 }, Number.NaN],
    [{ n: -1 }, Number.NaN],
    [{ n: 1.5 }, Number.NaN],
    [{ n: '2' }, Number.NaN],
    [{ n: 3, best_of: 0 }, Number.NaN],
  ])('%j: %s answers', (fields, answers) => {
    expect(shapeOf(fields).answers).toBe(answers);
  });

  test.each([
    [{ service_tier: 'priority' }, "service tier 'priority'"],
    [{ performanceConfig: { latency: 'optimized' } }, "latency 'optimized'"],
    [{ mcp_servers: [] }, "tools that run at the provider ('mcp_servers')"],
    [{ tools: [{ type: 'web_search_20250305' }] }, "a tool that runs at the provider ('web_search_20250305')"],
    [{ tools: [{ type: 'mcp' }] }, "a tool that runs at the provider ('mcp')"],
  ])('%j has a price of its own', (fields, problem) => {
    expect(shapeOf(fields).unpriced).toEqual([problem]);
  });

  test('a harmless beta, a usual tier and tools of the caller pass', () => {
    const fields = {
      anthropic_beta: ['interleaved-thinking-2025-05-14'],
      service_tier: 'auto',
      tools: [{ name: 'own', input_schema: {} }],
      top_k: 5,
    };
    expect(shapeOf(fields)).toMatchObject({ unpriced: [], answers: 1, maxTokens: undefined });
  });

  test('a cache that is written, and media, are found there too', () => {
    const content = [{ type: 'image', cache_control: { type: 'ephemeral' }, source: { data: 'a'.repeat(40) } }];
    expect(shapeOf({ messages: [{ content }] })).toMatchObject({
      cacheWrite: true,
      media: { image: 1 },
      mediaBytes: 40,
    });
  });
});

describe('a limit that is no limit is none of the kind that is not set', () => {
  test.each([['5'], [[5]], [{}], [true], [Number.NaN]])('Converse: maxTokens %j', (maxTokens) => {
    expect(converseShape({ inferenceConfig: { maxTokens } }).maxTokens).toBeNaN();
  });

  test.each([
    ['anthropic.claude', { max_tokens: '5' }],
    ['anthropic.claude', { max_tokens: 5, max_tokens_to_sample: '9' }],
    ['amazon.nova-lite', { inferenceConfig: [] }],
    ['amazon.nova-lite', { inferenceConfig: 'none' }],
  ])('InvokeModel of %s: %j', (id, body) => {
    expect(invokeBody(id, body)!.shape.maxTokens).toBeNaN();
  });

  test('a limit that only another family reads does not stand for its own', () => {
    const body = invokeBody('meta.llama3', { prompt: 'hi', max_tokens: 5 })!;
    expect(body.shape.maxTokens).toBeUndefined();
    expect(body.withMaxTokens(9)).toEqual({ prompt: 'hi', max_tokens: 5, max_gen_len: 9 });
  });
});
