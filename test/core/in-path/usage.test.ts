import { describe, expect, test } from '@jest/globals';
import {
  answerCost,
  bodyCounts,
  headerCounts,
  larger,
  MOST_TOKENS,
  told,
  type Counts,
} from '../../../core/in-path/usage';
import { picoUsdPerToken, type ModelPrice } from '../../../core/prices';

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

describe('of two sources', () => {
  test.each<[string, Counts, Counts, Counts]>([
    ['the larger, here of the one', { input: 5 }, { input: 3 }, { input: 5 }],
    ['the larger, here of the other', { input: 3 }, { input: 5 }, { input: 5 }],
    ['what the one alone tells', { input: 5 }, {}, { input: 5 }],
    ['what the other alone tells', {}, { input: 5 }, { input: 5 }],
    ['the count beside what is none', { input: 0 }, { input: Number.NaN }, { input: 0 }],
    ['the count behind what is none', { input: Number.NaN }, { input: 0 }, { input: 0 }],
    ['what is no count stays none', { input: Number.NaN }, {}, { input: Number.NaN }],
    ['nor does it vanish in the other', {}, { input: Number.NaN }, { input: Number.NaN }],
    ['two that are none are none', { input: Number.NaN }, { input: Number.NaN }, { input: Number.NaN }],
    ['nothing where none tells', {}, {}, {}],
    [
      'each component by itself',
      { input: 1, output: 9, cacheRead: 1, cacheWrite: 9, cacheWrite5m: 1, cacheWrite1h: 9 },
      { input: 9, output: 1, cacheRead: 9, cacheWrite: 1, cacheWrite5m: 9, cacheWrite1h: 1 },
      { input: 9, output: 9, cacheRead: 9, cacheWrite: 9, cacheWrite5m: 9, cacheWrite1h: 9 },
    ],
  ])('%s', (_, one, other, both) => {
    expect(larger(one, other)).toStrictEqual(both);
  });
});

describe('what the counts of an answer tell', () => {
  const some = { input: 1, output: 2 };
  const known = { ...some, cacheRead: 0, cacheWrite: 0 };

  test.each<[string, Counts, object]>([
    ['nothing', {}, { ...known, input: 0, output: 0 }],
    ['input and output', some, known],
    ['a count that is none', { ...some, output: Number.NaN }, { ...known, output: 0 }],
    ['reads', { ...some, cacheRead: 3 }, { ...known, cacheRead: 3 }],
    ['writes of no lifetime', { ...some, cacheWrite: 4 }, { ...known, cacheWrite: 4 }],
    ['writes of a lifetime', { ...some, cacheWrite5m: 5 }, { ...known, cacheWrite: 5, cacheWrite5m: 5 }],
    ['writes of the other', { ...some, cacheWrite1h: 6 }, { ...known, cacheWrite: 6, cacheWrite1h: 6 }],
    ['no writes of either', { ...some, cacheWrite5m: 0, cacheWrite1h: 0 }, known],
    [
      'more writes by lifetime than in all',
      { ...some, cacheWrite: 10, cacheWrite5m: 5, cacheWrite1h: 6 },
      { ...known, cacheWrite: 11, cacheWrite5m: 5, cacheWrite1h: 6 },
    ],
    [
      'fewer writes by lifetime than in all',
      { ...some, cacheWrite: 12, cacheWrite5m: 5, cacheWrite1h: 6 },
      { ...known, cacheWrite: 12, cacheWrite5m: 5, cacheWrite1h: 6 },
    ],
  ])('at least: %s', (_, counts, atLeast) => {
    expect(told(counts, false).atLeast).toStrictEqual(atLeast);
  });

  test.each<[string, Counts, boolean]>([
    ['input and output', some, true],
    ['no input', { output: 2 }, false],
    ['no output', { input: 1 }, false],
    ['an input that is no count', { input: Number.NaN, output: 2 }, false],
    ['reads that are no count', { ...some, cacheRead: Number.NaN }, false],
    ['writes that are no count', { ...some, cacheWrite: Number.NaN }, false],
    ['writes of five minutes that are none', { ...some, cacheWrite5m: Number.NaN }, false],
    ['writes of an hour that are none', { ...some, cacheWrite1h: Number.NaN, cacheWrite5m: 1 }, false],
    ['those, of a sum that is known', { ...some, cacheWrite: 4, cacheWrite1h: Number.NaN }, true],
  ])('is all there is to pay: %s, %s', (_, counts, all) => {
    expect(told(counts, false).usage !== undefined).toBe(all);
  });

  test('is not all while more may follow', () => {
    expect(told(some, false, false)).toStrictEqual({ usage: undefined, atLeast: known });
    expect(told(some, false, true)).toStrictEqual({ usage: known, atLeast: known });
  });
});

describe('a prompt cache', () => {
  test.each(['cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h'])('is spoken of by %s alone', (name) => {
    expect(told({ input: 1, output: 2, [name]: 0 }, true).usage).toBeDefined();
  });

  test('that no source speaks of is unknown where the request used one', () => {
    expect(told(usage({}), true).usage).toBeUndefined();
    expect(told(usage({}), false).usage).toBeDefined();
    expect(told(usage({ cache_read_input_tokens: 0 }), true).usage).toBeDefined();
  });
});

describe('writes to a cache cost', () => {
  const price = {
    input: picoUsdPerToken(1),
    output: picoUsdPerToken(4),
    cacheRead: picoUsdPerToken('0.1'),
    cacheWrite: picoUsdPerToken(2),
  };
  const short = { ...price, cacheWrite5m: picoUsdPerToken('1.25') };
  const both = { ...short, cacheWrite1h: picoUsdPerToken(3) };
  const written = { input: 0, output: 0, cacheRead: 0, cacheWrite: 30, cacheWrite5m: 10, cacheWrite1h: 5 };

  test.each<[string, ModelPrice, number]>([
    ['without prices by lifetime, the dear one', price, 30 * 2_000],
    ['of a model without a cache, the price of input', { ...price, cacheWrite: 'unsupported' }, 30 * 1_000],
    ['with a price for five minutes, that for those', short, 10 * 1_250 + 20 * 2_000],
    ['with both, each its own', both, 10 * 1_250 + 5 * 3_000 + 15 * 2_000],
    ['with both of a model without a cache', { ...both, cacheWrite: 'unsupported' }, 10 * 1_250 + 5 * 3_000 + 15_000],
  ])('%s', (_, prices, cost) => {
    expect(answerCost(written, prices)).toBe(cost);
  });

  test.each([
    ['all of them by lifetime', 15, 10 * 1_250 + 5 * 3_000],
    ['more by lifetime than in all', 14, 10 * 1_250 + 5 * 3_000],
    ['one more than by lifetime', 16, 10 * 1_250 + 5 * 3_000 + 2_000],
  ])('%s', (_, cacheWrite, cost) => {
    expect(answerCost({ ...written, cacheWrite }, both)).toBe(cost);
  });

  test('beside what was sent, answered and read', () => {
    const usage = { input: 1, output: 2, cacheRead: 10, cacheWrite: 3 };
    expect(answerCost(usage, both)).toBe(1_000 + 2 * 4_000 + 10 * 100 + 3 * 2_000);
  });
});
