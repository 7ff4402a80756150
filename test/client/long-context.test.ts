import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { mostItCosts } from '../../core/in-path/amount';
import { invokeBody } from '../../core/in-path/invoke-body';
import { converseShape } from '../../core/in-path/request';
import { priceOfContext, usageCost, type ModelPrice, type PicoUsd, type TokenUsage } from '../../core/prices';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { CONFIG, guarded, SMALL } from '../helpers/guarded-client';

let server: BedrockServer | undefined;
afterEach(() => server?.stop());

const first = CONFIG.models[0]!;
const half = (price: ModelPrice): ModelPrice => ({
  input: (price.input / 2) as PicoUsd,
  output: (price.output / 2) as PicoUsd,
  cacheRead: ((price.cacheRead as number) / 2) as PicoUsd,
  cacheWrite: ((price.cacheWrite as number) / 2) as PicoUsd,
});
const SHORT = half(first.price);
const model = { ...first, shortContext: { upToTokens: 200_000, price: SHORT } };

test.each([
  [199_999, SHORT],
  [200_000, SHORT],
  [200_001, first.price],
])('a context of %i tokens has its price', (tokens, price) => {
  expect(priceOfContext(model, tokens)).toEqual(price);
  expect(priceOfContext(first, tokens)).toEqual(first.price);
});

test.each([
  [200_000, 500],
  [200_001, 1_000],
])('a request of at most %i tokens is reserved at it', (tokens, nanoPerToken) => {
  const shape = converseShape({ inferenceConfig: { maxTokens: 10 } });
  expect(mostItCosts(shape, tokens, model)).toEqual({
    amount: tokens * nanoPerToken + 10 * 4 * nanoPerToken,
    inputTokens: tokens,
  });
});

const FLAG = 'context-1m-2025-08-07';
const flagged = { anthropic_beta: ['interleaved-thinking-2025-05-14', FLAG] };
const shapes = [
  ['Converse', converseShape({ inferenceConfig: { maxTokens: 10 }, additionalModelRequestFields: flagged })],
  ['InvokeModel', invokeBody('anthropic.claude', { max_tokens: 10, messages: [], ...flagged })!.shape],
] as const;

describe.each(shapes)('the flag of a long context, in %s', (_, shape) => {
  test.each([
    [200_000, 500],
    [200_001, 1_000],
  ])('asks for its price, where the config has both: at %i tokens', (tokens, nanoPerToken) => {
    expect(mostItCosts(shape, tokens, model)).toEqual({
      amount: tokens * nanoPerToken + 10 * 4 * nanoPerToken,
      inputTokens: tokens,
    });
  });

  test('where the config has one price it is that of 200,000 tokens, and above them unknown', () => {
    expect(mostItCosts(shape, 200_000, first)).toMatchObject({ inputTokens: 200_000 });
    expect(mostItCosts(shape, 200_001, first)).toEqual({ unknown: expect.stringContaining(FLAG) as unknown });
  });
});

test('without the flag a prompt of any length has the one price there is', () => {
  expect(mostItCosts(converseShape({ inferenceConfig: { maxTokens: 10 } }), 200_001, first)).toMatchObject({
    inputTokens: 200_001,
  });
});

test.each<[string, TokenUsage, ModelPrice]>([
  ['short', { input: 10, output: 20, cacheRead: 199_000, cacheWrite: 990 }, SHORT],
  ['long by what the cache read', { input: 10, output: 20, cacheRead: 199_991, cacheWrite: 0 }, first.price],
  ['long by what the cache wrote', { input: 10, output: 20, cacheRead: 0, cacheWrite: 199_991 }, first.price],
])('settled by the context that was used: %s', async (_, usage, price) => {
  server = await bedrockServer(() => converseReply(usage));
  const { client, ledger } = guarded(server.endpoint, { config: { ...CONFIG, models: [model] } });
  await client.send(
    new ConverseCommand({ modelId: SMALL, messages: [{ role: 'user', content: [{ text: 'hello' }] }] }),
  );
  expect(ledger.settled[0]!.spent).toBe(usageCost(usage, price));
});
