import { mostACall, type CalledModel } from '../../../core/meter/most-a-call';
import { usd } from '../../../core/money';
import { picoUsdPerToken, type ModelPrice } from '../../../core/prices';

const PRICE: ModelPrice = {
  input: picoUsdPerToken(1),
  output: picoUsdPerToken(4),
  cacheRead: picoUsdPerToken('0.1'),
  cacheWrite: picoUsdPerToken('1.25'),
};
const model = (over: Partial<CalledModel> = {}): CalledModel => ({
  price: PRICE,
  contextTokens: 1_000_000,
  longestAnswerTokens: 100_000,
  ...over,
});

/** Dear tiers count twice. */
test.each<[string, readonly CalledModel[], ReturnType<typeof mostACall>]>([
  ['the context at the dearest kind of input, and the longest answer', [model()], usd(2 * (1.25 + 0.4))],
  [
    'a model without a cache',
    [model({ price: { ...PRICE, cacheRead: 'unsupported', cacheWrite: 'unsupported' } })],
    usd(2 * 1.4),
  ],
  ['reads dearer than writes', [model({ price: { ...PRICE, cacheRead: picoUsdPerToken(2) } })], usd(2 * 2.4)],
  ['no document gives the longest answer: the context', [model({ longestAnswerTokens: undefined })], usd(2 * 5.25)],
  ['an answer longer than the context', [model({ longestAnswerTokens: 2_000_000 })], usd(2 * 5.25)],
  ['the dearest of several', [model({ contextTokens: 1 }), model(), model({ contextTokens: 2 })], usd(2 * 1.65)],
  ['one whose context nobody gives', [model(), model({ contextTokens: undefined })], 'unknown'],
  ['no model', [], 'unknown'],
])('%s', (_name, models, expected) => {
  expect(mostACall(models)).toBe(expected);
});
