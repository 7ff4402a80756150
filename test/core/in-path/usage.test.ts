import { describe, expect, test } from '@jest/globals';
import { answerCost, bodyCounts, headerCounts, larger, MOST_TOKENS, told } from '../../../core/in-path/usage';
import { picoUsdPerToken } from '../../../core/prices';

const usage = (more: object) => bodyCounts({ usage: { input_tokens: 1, output_tokens: 2, ...more } });

describe('a count', () => {
  test.each([
    [0, true],
    [MOST_TOKENS, true],
    [MOST_TOKENS + 1, false],
    [-1, false],
    [1.5, false],
    ['12', false],
    [null, false],
    [undefined, false],
  ])('%j is one: %s', (output_tokens, known) => {
    expect(told(usage({ output_tokens }), false).usage !== undefined).toBe(known);
  });

  test.each(['-1', '1.5', '1e3', ' 1', '', '9999999999999999'])('header %j is none', (value) => {
    const counts = headerCounts({
      'x-amzn-bedrock-input-token-count': value,
      'x-amzn-bedrock-output-token-count': '1',
    });
    expect(told(counts, false)).toMatchObject({ usage: undefined, atLeast: { input: 0, output: 1 } });
  });

  test('that is none in one source is that of another', () => {
    const counts = larger(usage({ output_tokens: -5 }), usage({ output_tokens: 9 }));
    expect(told(counts, false).usage).toEqual({ input: 1, output: 9, cacheRead: 0, cacheWrite: 0 });
  });

  test('of a cache that is none is unknown, whether or not the request used one', () => {
    for (const promptCache of [true, false]) {
      expect(told(usage({ cache_read_input_tokens: -3 }), promptCache).usage).toBeUndefined();
    }
  });
});

describe('a prompt cache', () => {
  test('that no source speaks of is unknown where the request used one', () => {
    expect(told(usage({}), true).usage).toBeUndefined();
    expect(told(usage({}), false).usage).toBeDefined();
    expect(told(usage({ cache_read_input_tokens: 0 }), true).usage).toBeDefined();
  });
});

test('writes without prices by lifetime cost the dear one, and of a model without a cache the input price', () => {
  const price = {
    input: picoUsdPerToken(1),
    output: picoUsdPerToken(4),
    cacheRead: picoUsdPerToken(1),
    cacheWrite: picoUsdPerToken(2),
  };
  const written = { input: 0, output: 0, cacheRead: 0, cacheWrite: 30, cacheWrite5m: 10, cacheWrite1h: 5 };
  expect(answerCost(written, price)).toBe(30 * 2_000);
  expect(answerCost(written, { ...price, cacheWrite: 'unsupported' })).toBe(30 * 1_000);
});
