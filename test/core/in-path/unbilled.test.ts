import { describe, expect, test } from '@jest/globals';
import { unbilled } from '../../../core/in-path/unbilled';

describe('an answer that is given again counts nothing', () => {
  test.each([
    'inputTextTokenCount',
    'totalOutputTextTokenCount',
    'tokenCount',
    'prompt_token_count',
    'generation_token_count',
  ])('by %s', (name) => {
    expect(unbilled({ [name]: 7, said: 'yes' })).toStrictEqual({ [name]: 0, said: 'yes' });
    expect(unbilled({ [name]: null })).toStrictEqual({ [name]: null });
    expect(unbilled({ [`${name}s`]: 7, [`a_${name}`]: 7 })).toStrictEqual({ [`${name}s`]: 7, [`a_${name}`]: 7 });
  });

  test.each(['usage', 'amazon-bedrock-invocationMetrics'])('in %s, however deep', (name) => {
    const used = (count: number) => ({
      [name]: {
        inputTokens: count,
        cache_creation: { ephemeral_5m_input_tokens: count },
        cacheDetails: [{ ttl: '5m', inputTokens: count }],
        service_tier: 'standard',
        server_tool_use: null,
      },
    });
    expect(unbilled(used(7))).toStrictEqual(used(0));
  });

  test.each(['message', 'metadata', 'results'])('in %s, where a model has it', (name) => {
    const answer = (count: number) => ({ [name]: { usage: { output_tokens: count }, tokenCount: count, role: 'a' } });
    expect(unbilled(answer(7))).toStrictEqual(answer(0));
  });

  test('in each of a list', () => {
    const answers = (count: number) => [{ results: [{ tokenCount: count }, { tokenCount: count, outputText: 'b' }] }];
    expect(unbilled(answers(7))).toStrictEqual(answers(0));
  });
});

describe('what is no count stays', () => {
  test('how long it took', () => {
    const times = { invocationLatency: 9, firstByteLatency: 3, latencyMs: 4 };
    expect(unbilled({ 'amazon-bedrock-invocationMetrics': { ...times, inputTokenCount: 7 } })).toStrictEqual({
      'amazon-bedrock-invocationMetrics': { ...times, inputTokenCount: 0 },
    });
  });

  test.each([
    ['what the model says', { content: [{ text: 'yes', usage: { input_tokens: 7 } }], output: { tokenCount: 7 } }],
    ['other numbers', { index: 7, created: 1_700_000_000, embedding: [0.5, 0.25] }],
    ['an answer of no tokens', { usage: {}, message: {} }],
    ['text', 'usage'],
    ['a number', 7],
    ['nothing', null],
    ['nothing around a usage', { message: null, metadata: undefined, usage: null }],
    ['lists', [[], 'yes', null]],
  ])('%s', (_, answer) => {
    expect(unbilled(answer)).toStrictEqual(answer);
  });
});
