import fc from 'fast-check';
import { picoUsdPerToken, tokenCost, usageCost, type ModelPrice } from '../../core/prices';

const novaMicro: ModelPrice = {
  input: picoUsdPerToken(0.035),
  output: picoUsdPerToken(0.14),
  cacheRead: picoUsdPerToken('0.00875'),
  cacheWrite: 'unsupported',
};

describe('picoUsdPerToken', () => {
  test.each([
    [1, 1_000_000],
    [0.035, 35_000],
    ['0.00875', 8_750],
    ['0.000001', 1],
    [75, 75_000_000],
  ])('$%p per million tokens is %p pico-dollars a token', (price, pico) => {
    expect(picoUsdPerToken(price)).toBe(pico);
  });

  test.each([-1, '0.0000001', Number.NaN, 'free'])('%p is refused', (price) => {
    expect(() => picoUsdPerToken(price)).toThrow(RangeError);
  });
});

describe('tokenCost', () => {
  test.each([
    [0, 0],
    [1, 9], // 8.75 nano-dollars, rounded up
    [4, 35],
    [1_000_000, 8_750_000],
  ])('%p tokens at $0.00875 per million cost %p nano-dollars', (tokens, nano) => {
    expect(tokenCost(tokens, picoUsdPerToken('0.00875'))).toBe(nano);
  });

  test('exact where a float product is not: 1e12 tokens at $0.000007 per million', () => {
    expect(tokenCost(999_999_999_999, picoUsdPerToken('0.007'))).toBe(6_999_999_999_993);
    const tokens = 2 ** 40 + 1;
    expect(tokenCost(tokens, picoUsdPerToken('5.500001'))).toBe(Number((BigInt(tokens) * 5_500_001n + 999n) / 1000n));
  });

  test.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('%p tokens are refused', (tokens) => {
    expect(() => tokenCost(tokens, picoUsdPerToken(1))).toThrow(RangeError);
  });

  test('property: rounding a series up once costs less than a nano-dollar too much, never too little', () => {
    fc.assert(
      fc.property(fc.nat(10 ** 9), fc.nat(10 ** 8), (tokens, pico) => {
        const excess = BigInt(tokenCost(tokens, pico as never)) * 1000n - BigInt(tokens) * BigInt(pico);
        expect(excess >= 0n && excess < 1000n).toBe(true);
      }),
    );
  });
});

test('cache tokens of a model that is said to have no cache are charged as input, never free', () => {
  const usage = { input: 0, output: 0, cacheRead: 0, cacheWrite: 1_000_000 };
  expect(usageCost(usage, novaMicro)).toBe(35_000_000);
});
