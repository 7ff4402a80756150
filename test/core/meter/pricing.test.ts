import { cost, isCounted, priceOf, tokensIn } from '../../../core/meter/pricing';
import type { HourlyTokens } from '../../../core/meter/series';
import type { TokenComponent, UsageClass } from '../../../core/meter/types';
import { MOST } from '../../../core/money';
import { picoUsdPerToken, type ModelPrice } from '../../../core/prices';
import { DEAREST, MODEL, USAGE } from '../../helpers/meter-world';

const price = (input: number, cacheWrite: number | 'unsupported'): ModelPrice => ({
  input: picoUsdPerToken(input),
  output: picoUsdPerToken(4),
  cacheRead: cacheWrite === 'unsupported' ? cacheWrite : picoUsdPerToken('0.1'),
  cacheWrite: cacheWrite === 'unsupported' ? cacheWrite : picoUsdPerToken(cacheWrite),
});
const used = (namespace: string, component: TokenComponent): HourlyTokens => ({
  metricId: 'abc123',
  region: 'us-east-1',
  namespace,
  component,
  hours: [],
});

describe('what a token is charged at, in dollars a million', () => {
  test.each([
    ['input', 'AWS/Bedrock', 'input', price(1, 2), 1],
    ['output', 'AWS/Bedrock', 'output', price(1, 2), 4],
    ['what was read from a cache', 'AWS/Bedrock', 'cacheRead', price(1, 2), 0.1],
    ['what was written to it', 'AWS/Bedrock', 'cacheWrite', price(1, 2), 2],
    ['a cache that the model is said not to have, as input', 'AWS/Bedrock', 'cacheRead', price(1, 'unsupported'), 1],
    ['the same for writes', 'AWS/Bedrock', 'cacheWrite', price(1, 'unsupported'), 1],
    ["Mantle's input, which may hold writes to a cache that is dearer", 'AWS/BedrockMantle', 'input', price(1, 2), 2],
    ['the same where a write is cheaper', 'AWS/BedrockMantle', 'input', price(3, 2), 3],
    ['the same without a cache', 'AWS/BedrockMantle', 'input', price(1, 'unsupported'), 1],
    ["Mantle's output, at its own price", 'AWS/BedrockMantle', 'output', price(1, 9), 4],
  ] as const)('%s', (_what, namespace, component, of, expected) => {
    const ours = { kind: 'ours', model: { ...MODEL, price: of } } as const;
    expect(priceOf(used(namespace, component), ours, USAGE)).toBe(picoUsdPerToken(expected));
  });
  test('without a price of its own, at the dearest known one', () => {
    expect(priceOf(used('AWS/Bedrock', 'output'), { kind: 'unattributed' }, USAGE)).toBe(DEAREST.output);
  });
});

test.each<[UsageClass | undefined, boolean]>([
  [{ kind: 'ours', model: MODEL }, true],
  [{ kind: 'listed', modelId: 'x.listed', price: price(1, 2) }, true],
  [{ kind: 'unattributed' }, true],
  [{ kind: 'foreign', owner: 'staging' }, false],
  [{ kind: 'unguarded' }, false],
  [undefined, false],
])('%j is charged to this environment: %s', (whose, expected) => {
  expect(isCounted(whose)).toBe(expected);
});

describe('a cost', () => {
  test.each([
    ['a nano-dollar', 1, 1000, 1],
    ['a part of one, up', 1, 1, 1],
    ['nothing', 0, 1000, 0],
    ['a count beyond belief: the most there is, so that it stops', Number.MAX_SAFE_INTEGER + 1, 1000, MOST],
  ])('of %s', (_what, tokens, pico, expected) => {
    expect(cost(tokens, pico as ModelPrice['input'])).toBe(expected);
  });
  test('of no price at all is a fault, and no amount', () => {
    expect(() => cost(1, undefined as never)).toThrow(TypeError);
  });
});

test.each([
  ['from the first hour', 10, 11, 1],
  ['up to the last, and without it', 11, 12, 2],
  ['all', 10, 13, 7],
])('the tokens of the hours %s', (_what, from, to, expected) => {
  const hours = [
    { at: 10, value: 1 },
    { at: 11, value: 2 },
    { at: 12, value: 4 },
  ];
  expect(tokensIn(hours, from, to)).toBe(expected);
});
