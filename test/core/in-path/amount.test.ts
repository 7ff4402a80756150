import { describe, expect, test } from '@jest/globals';
import { mostItCosts, type Bounds } from '../../../core/in-path/amount';
import type { RequestShape } from '../../../core/in-path/request';
import type { ContextPrices, ModelPrice, PicoUsd } from '../../../core/prices';

/** In nano-dollars a token: 1,000 in, 4,000 out, 1,250 into a cache. */
const PRICE: ModelPrice = {
  input: 1_000_000 as PicoUsd,
  output: 4_000_000 as PicoUsd,
  cacheRead: 100_000 as PicoUsd,
  cacheWrite: 1_250_000 as PicoUsd,
};
const PLAIN: RequestShape = {
  maxTokens: 10,
  messages: 0,
  tools: false,
  cacheWrite: false,
  media: {},
  mediaBytes: 0,
  answers: 1,
  guardrail: false,
  unpriced: [],
};

const most = (
  shape: Partial<RequestShape>,
  { bytes = 100, prices = { price: PRICE }, bounds }: { bytes?: number; prices?: ContextPrices; bounds?: Bounds } = {},
) => mostItCosts({ ...PLAIN, ...shape }, bytes, prices, bounds);
const of = (inputTokens: number, nanoEach = 1_000) => ({ amount: inputTokens * nanoEach + 40_000, inputTokens });
const unknown = (text: string) => ({ unknown: expect.stringContaining(text) as unknown });

describe('the input of a request is bounded', () => {
  test('by a token for each byte of its text', () => expect(most({})).toEqual(of(100)));

  test('by 16 tokens more for each message', () => expect(most({ messages: 3 })).toEqual(of(148)));

  test('by 600 tokens more where it has tools', () => expect(most({ tools: true })).toEqual(of(700)));

  test.each([
    [99, 1],
    [100, 0],
    [101, 0],
  ])('without the bytes of its media: of 100 bytes %i are media', (mediaBytes, tokens) => {
    expect(most({ mediaBytes })).toEqual(of(tokens));
  });

  test('by what each piece of its media counts as', () => {
    const bounds = { mediaTokens: { image: 50, audio: 7 } };
    expect(most({ media: { image: 2, audio: 1 } }, { bounds })).toEqual(of(207));
  });

  test.each(['image', 'document', 'video', 'audio'])('not where it has %s whose tokens nobody gave', (kind) => {
    const refused = most({ media: { [kind]: 1 } });
    expect(refused).toEqual(unknown(`the bytes of its ${kind} `));
    expect(refused).toEqual(unknown(`mediaTokens.${kind}`));
    expect(most({ media: { [kind]: 0 } })).toEqual(of(100));
  });
});

describe('the price of a token of input', () => {
  const cacheWrite = true;
  test('is the dearer of plain and written to a cache, where the request writes one', () => {
    expect(most({ cacheWrite })).toEqual(of(100, 1_250));
    expect(most({ cacheWrite: false })).toEqual(of(100));
  });

  test.each([
    [500_000, 1_000],
    [990_000, 1_000],
    [1_010_000, 1_010],
    [1_000_000, 1_000],
    [2_000_000, 2_000],
    ['unsupported', 1_000],
  ] as const)('a write of %s pico-dollars: %i nano-dollars', (price, nano) => {
    const prices = { price: { ...PRICE, cacheWrite: price as ModelPrice['cacheWrite'] } };
    expect(most({ cacheWrite }, { prices })).toEqual(of(100, nano));
  });
});

describe('the answers of a request are bounded', () => {
  test.each([
    [1, 40_000],
    [3, 120_000],
  ])('by its limit for each: %i', (answers, cost) => {
    expect(most({ answers })).toEqual({ amount: 100_000 + cost, inputTokens: 100 });
  });

  test.each([0, 1.5, -1, Number.NaN])('not where it asks for %d', (answers) => {
    expect(most({ answers })).toEqual(unknown('the number of answers it asks for is not a whole number'));
  });

  test.each([undefined, 0, -1, 1.5, Number.NaN])('not by a limit of %s', (maxTokens) => {
    expect(most({ maxTokens })).toEqual({ unknown: `its limit of tokens is ${String(maxTokens)}` });
  });

  test('by a limit of one token', () => {
    expect(most({ maxTokens: 1 })).toEqual({ amount: 104_000, inputTokens: 100 });
  });

  test.each([
    [0, { amount: 100_000, inputTokens: 100 }],
    [1, { unknown: 'its limit of tokens is 1' }],
    [undefined, { unknown: 'its limit of tokens is undefined' }],
  ])('to nothing for an embedding, whose limit is %s', (maxTokens, bound) => {
    expect(most({ noAnswer: true, maxTokens })).toEqual(bound);
  });
});

describe('a request that asks for a long context without a price', () => {
  const longContext = 'context-1m';
  test.each([
    [199_999, true],
    [200_000, true],
    [200_001, false],
  ])('of at most %i tokens is bounded: %s', (bytes, isBounded) => {
    const found = most({ longContext }, { bytes });
    expect(found).toEqual(isBounded ? of(bytes) : unknown("a long context ('context-1m')"));
  });

  test('is bounded where the config has a price of a short one, or where it does not ask for it', () => {
    const prices = { price: PRICE, shortContext: { upToTokens: 200_000, price: PRICE } };
    expect(most({ longContext }, { bytes: 200_001, prices })).toEqual(of(200_001));
    expect(most({}, { bytes: 200_001 })).toEqual(of(200_001));
  });
});

describe('what has no price in tokens', () => {
  test('leaves the bound unknown, and is named', () => {
    expect(most({ unpriced: ['a web search'] })).toEqual({
      unknown: 'it asks for a web search, which has a price of its own',
    });
  });

  test.each<[Bounds | undefined, boolean]>([
    [undefined, false],
    [{ guardrails: 'refuse' }, false],
    [{ guardrails: 'allow' }, true],
  ])('a guardrail, with bounds %j: bounded %s', (bounds, isBounded) => {
    const found = most({ guardrail: true }, bounds ? { bounds } : {});
    expect(found).toEqual(isBounded ? of(100) : unknown("`guardrails: 'allow'` leaves them to the meter"));
  });
});

describe('what cannot be counted in nano-dollars is unknown', () => {
  test.each([
    ['of tokens that no model writes', { maxTokens: Number.MAX_SAFE_INTEGER }],
    ['of many answers', { maxTokens: 1_000_000_000, answers: 1_000_000_000 }],
  ])('%s', (_, shape) => expect(most(shape)).toEqual(unknown('more than can be counted')));

  test('and just below it is a price', () => {
    expect(most({ maxTokens: 1_000_000_000_000 })).toEqual({
      amount: 100_000 + 4_000_000_000_000_000,
      inputTokens: 100,
    });
  });
});
