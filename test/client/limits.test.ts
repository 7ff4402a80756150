import { afterEach, expect, test } from '@jest/globals';
import { ConverseCommand, InvokeModelCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { usd } from '../../core/money';
import type { ClientConfig, ClientModel } from '../../core/in-path/config';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { CLAUDE, CONFIG, guarded, SMALL } from '../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

const first = CONFIG.models[0]!;
const NOVA_2: ClientModel = { ...first, id: 'amazon.nova-2-lite-v1:0', name: 'Nova 2' };

async function world(model: Partial<ClientModel> = {}, more: Partial<ClientConfig> = {}) {
  server = await bedrockServer(() => converseReply({ input: 10, output: 20 }));
  const config = { ...CONFIG, models: [{ ...first, ...model }, ...CONFIG.models.slice(1)], ...more };
  return guarded(server.endpoint, { config });
}

const ask = (more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: SMALL,
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
  ...more,
});
const sent = (index = 0) => server.received[index]!.body as { inferenceConfig?: { maxTokens?: number } };
const warnings = (events: ReturnType<typeof guarded>['events']) =>
  events.filter(({ name }) => name === 'warning').map(({ attributes }) => attributes['spend_guard.message']);

test('an unknown maximum: the default is sent, and the user is told once for each model', async () => {
  const { client, events } = await world();
  await client.send(new ConverseCommand(ask()));
  await client.send(new ConverseCommand(ask()));
  await client.send(new ConverseCommand(ask({ modelId: CLAUDE })));
  expect(sent().inferenceConfig).toEqual({ maxTokens: 1_000 });
  expect(warnings(events)).toEqual([expect.stringContaining('Small'), expect.stringContaining('Claude')]);
});

test("a known maximum: the model's own is sent and reserved while the budget has room, without a word", async () => {
  const { client, events, ledger } = await world({ maxOutputTokens: 10_000 });
  await client.send(new ConverseCommand(ask()));
  expect(sent().inferenceConfig).toEqual({ maxTokens: 10_000 });
  expect(ledger.reserved[0]).toBeGreaterThanOrEqual(usd('0.04'));
  expect(warnings(events)).toEqual([]);
});

test("the user may say a model's maximum where the config does not", async () => {
  server = await bedrockServer(() => converseReply({ input: 10, output: 20 }));
  const { client, events } = guarded(server.endpoint, { maxOutputTokens: { [SMALL]: 3_000 } });
  await client.send(new ConverseCommand(ask()));
  expect(sent().inferenceConfig).toEqual({ maxTokens: 3_000 });
  expect(warnings(events)).toEqual([]);
});

test.each([
  ['0.041', 10_000, 0],
  ['0.039', 1_000, 1],
])('with $%s left an answer may have %i tokens', async (limit, maxTokens, told) => {
  const { client, events } = await world({ maxOutputTokens: 10_000 }, { limit: usd(limit) });
  await client.send(new ConverseCommand(ask()));
  expect(sent().inferenceConfig).toEqual({ maxTokens });
  expect(warnings(events)).toHaveLength(told);
});

test("a caller's own limit is not made smaller where the budget has no room for it", async () => {
  const { client } = await world({ maxOutputTokens: 10_000 }, { limit: usd('0.039') });
  const asked = client.send(new ConverseCommand(ask({ inferenceConfig: { maxTokens: 10_000 } })));
  await expect(asked).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED' });
  expect(server.received).toEqual([]);
});

test('trap 56: Nova 2 at high effort is sent no limit, and its maximum is reserved', async () => {
  const { client, ledger } = await world({ ...NOVA_2, maxOutputTokens: 5_000 });
  const high = { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } };
  await client.send(new ConverseCommand(ask({ modelId: NOVA_2.id, additionalModelRequestFields: high })));
  const body = JSON.stringify({ messages: [], ...high });
  await client.send(new InvokeModelCommand({ modelId: NOVA_2.id, body }));
  expect(sent().inferenceConfig).toBeUndefined();
  expect(JSON.stringify(sent(1))).toBe(body);
  for (const reserved of ledger.reserved) {
    expect(reserved).toBeGreaterThanOrEqual(5_000 * 4_000);
    expect(reserved).toBeLessThan(5_500 * 4_000);
  }
});

test('trap 56: where its maximum is unknown it is refused with the reason', async () => {
  const { client } = await world(NOVA_2);
  const high = { reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' } };
  const asked = client.send(new ConverseCommand(ask({ modelId: NOVA_2.id, additionalModelRequestFields: high })));
  await expect(asked).rejects.toMatchObject({
    code: 'UNKNOWN_PRICE',
    message: expect.stringContaining('maxOutputTokens') as unknown,
  });
});

test('trap 56: Claude is sent a limit above its budget of thinking', async () => {
  const { client } = await world();
  const thinking = { type: 'enabled', budget_tokens: 4_000 };
  await client.send(new ConverseCommand(ask({ modelId: CLAUDE, additionalModelRequestFields: { thinking } })));
  await client.send(new InvokeModelCommand({ modelId: CLAUDE, body: JSON.stringify({ messages: [], thinking }) }));
  expect(sent().inferenceConfig).toEqual({ maxTokens: 5_000 });
  expect(sent(1)).toMatchObject({ max_tokens: 5_000, thinking });
});

test.each([
  ['as bytes', (text: string) => Buffer.from(text)],
  ['as text', (text: string) => text],
])('a body that needs nothing passes as it is, with its betas and what nobody knows, %s', async (_, given) => {
  const { client } = await world();
  const body = `{ "max_tokens":5,  "anthropic_beta":["computer-use-2025-01-24"],"of_tomorrow":{"a":[1.50]} ,"messages":[]}`;
  await client.send(new InvokeModelCommand({ modelId: CLAUDE, body: given(body) }));
  expect(server.received[0]!.size).toBe(Buffer.byteLength(body));
  expect(server.received[0]!.body).toEqual(JSON.parse(body));
});

test('a body that is given a limit keeps its betas and what nobody knows', async () => {
  const { client } = await world();
  const body = { anthropic_beta: ['computer-use-2025-01-24'], of_tomorrow: { a: [1.5] }, messages: [] };
  await client.send(new InvokeModelCommand({ modelId: CLAUDE, body: JSON.stringify(body) }));
  expect(server.received[0]!.body).toEqual({ ...body, max_tokens: 1_000 });
});
