import { createAmazonBedrock } from '@ai-sdk/amazon-bedrock';
import { AnthropicBedrock } from '@anthropic-ai/bedrock-sdk';
import { afterEach, describe, expect, test } from '@jest/globals';
import {
  bedrockServer,
  converseEvents,
  converseReply,
  failure,
  invokeEvents,
  invokeReply,
  type BedrockServer,
  type Received,
  type Reply,
} from '../../helpers/bedrock-server';
import { CLAUDE, guarded, PROFILE, SMALL, type GuardedOptions } from '../../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

const TOKENS = { input: 10, output: 20 };
const COST = 10 * 1_000 + 20 * 4_000;

async function world(answer: (request: Received) => Reply, options: GuardedOptions = {}) {
  server = await bedrockServer(answer, 'h1');
  const all = guarded(server.endpoint, options);
  const { fetch } = all.guard;
  const vercel = createAmazonBedrock({
    region: 'us-east-1',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'example',
    baseURL: server.endpoint,
    fetch,
  });
  const anthropic = new AnthropicBedrock({
    awsRegion: 'us-east-1',
    awsAccessKey: 'AKIDEXAMPLE',
    awsSecretKey: 'example',
    baseURL: server.endpoint,
    fetch,
  });
  const post = (path: string, body: unknown, headers: Record<string, string> = {}) =>
    fetch(`${server.endpoint}${path}`, { method: 'POST', body: JSON.stringify(body), headers });
  return { ...all, fetch, vercel, anthropic, post };
}

const prompt = [{ role: 'user' as const, content: [{ type: 'text' as const, text: 'hello' }] }];
const question = {
  model: `us.${CLAUDE}`,
  max_tokens: 100,
  messages: [{ role: 'user' as const, content: 'hello' }],
};
const said = { id: 'm', type: 'message', role: 'assistant', content: [{ type: 'text', text: 'yes' }], usage: {} };
const ask = { messages: [{ role: 'user', content: [{ text: 'hello' }] }], inferenceConfig: { maxTokens: 100 } };
const small = `/model/${encodeURIComponent(PROFILE)}`;

describe('@ai-sdk/amazon-bedrock through guard.fetch', () => {
  test('an answer is charged by its usage', async () => {
    const { vercel, ledger, asked } = await world(() => converseReply(TOKENS));
    const { content } = await vercel(PROFILE).doGenerate({ prompt, maxOutputTokens: 100 });
    expect(content).toEqual([{ type: 'text', text: 'yes' }]);
    expect(server.received[0]).toMatchObject({ operation: 'Converse', modelId: PROFILE });
    expect(ledger.reserved[0]).toBeGreaterThanOrEqual(100 * 4_000);
    expect([ledger.spent, ledger.active, asked.rate]).toEqual([COST, 0, 1]);
  });

  test('so is a stream', async () => {
    const { vercel, ledger } = await world(() => ({ events: converseEvents(TOKENS) }));
    const { stream } = await vercel(PROFILE).doStream({ prompt, maxOutputTokens: 100 });
    const types: string[] = [];
    for await (const { type } of stream) types.push(type);
    expect(types).toContain('text-delta');
    expect(types).not.toContain('error');
    expect([ledger.spent, ledger.active]).toEqual([COST, 0]);
  });

  test('without a limit of tokens it is refused, and told what to set', async () => {
    const { vercel, ledger } = await world(() => converseReply(TOKENS));
    await expect(vercel(PROFILE).doGenerate({ prompt })).rejects.toThrow('set the maxTokens');
    expect([server.received, ledger.reserved]).toEqual([[], []]);
  });
});

describe('@anthropic-ai/bedrock-sdk through guard.fetch', () => {
  test('an answer is charged by its headers', async () => {
    const { anthropic, ledger } = await world(() => invokeReply(TOKENS, said));
    expect(await anthropic.messages.create(question)).toMatchObject({ content: said.content });
    expect(server.received[0]).toMatchObject({ operation: 'InvokeModel', modelId: `us.${CLAUDE}` });
    expect([ledger.spent, ledger.active]).toEqual([COST, 0]);
  });

  test('so is a stream', async () => {
    const { anthropic, ledger } = await world(() => ({ events: invokeEvents(TOKENS) }));
    const stream = await anthropic.messages.create({ ...question, stream: true });
    let events = 0;
    for await (const _ of stream) events += 1;
    expect(events).toBeGreaterThan(0);
    expect([ledger.spent, ledger.active]).toEqual([COST, 0]);
  });

  test('one that is left is charged in full, and its connection is closed', async () => {
    const { post, ledger } = await world(() => ({ events: invokeEvents(TOKENS), finally: 'stall' }));
    const response = await post(`/model/us.${CLAUDE}/invoke-with-response-stream`, question);
    const reader = response.body!.getReader();
    await reader.read();
    await reader.cancel();
    for (let tries = 0; tries < 200 && server.open() > 0; tries++) await new Promise((next) => setTimeout(next, 10));
    expect(server.open()).toBe(0);
    expect(ledger.settled).toEqual([{ amount: ledger.reserved[0], spent: ledger.reserved[0] }]);
  });

  test('a refusal for want of budget is not repeated', async () => {
    const { anthropic, ledger, asked } = await world(() => invokeReply(TOKENS, said));
    ledger.reserve = async () => ({ kind: 'refused', soft: false, retryAfterSeconds: 9, remaining: 0 as never });
    await expect(anthropic.messages.create(question)).rejects.toMatchObject({ status: 402 });
    expect([server.received, asked.rate]).toEqual([[], 0]);
  });

  test("Bedrock's refusal costs nothing, and arrives as it is; an attempt that may have run is charged", async () => {
    const { anthropic, ledger } = await world(() => failure(400, 'ValidationException', 'no'));
    await expect(anthropic.messages.create(question)).rejects.toMatchObject({ status: 400 });
    expect(ledger.settled).toEqual([{ amount: ledger.reserved[0], spent: 0 }]);
    await server.stop();
    const other = await world(() => failure(424, 'ModelErrorException', 'no'));
    await expect(other.anthropic.messages.create(question)).rejects.toMatchObject({ status: 424 });
    expect(other.ledger.spent).toBe(other.ledger.reserved[0]);
  });
});

describe('HTTP as others write it', () => {
  test('neither the body nor the answer is changed by a byte', async () => {
    const { fetch, ledger } = await world(() => converseReply(TOKENS));
    const body = Buffer.from(` {"inferenceConfig" : {"maxTokens":7}, "messages":[]}`);
    const response = await fetch(new Request(`${server.endpoint}${small}/converse`, { method: 'POST', body }));
    const plain = await globalThis.fetch(`${server.endpoint}${small}/converse`, { method: 'POST', body });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(await plain.arrayBuffer()));
    expect(server.received.map(({ size }) => size)).toEqual([body.length, body.length]);
    expect(ledger.spent).toBe(COST);
  });

  test('a stream arrives byte by byte as it was sent, also one that ends in an exception', async () => {
    const events = [...converseEvents(undefined), ['throttlingException', { message: 'slow' }] as const];
    const { post, ledger } = await world(() => ({ events }));
    const response = await post(`${small}/converse-stream`, ask);
    const plain = await globalThis.fetch(`${server.endpoint}${small}/converse-stream`, {
      method: 'POST',
      body: JSON.stringify(ask),
    });
    expect(Buffer.from(await response.arrayBuffer())).toEqual(Buffer.from(await plain.arrayBuffer()));
    expect(ledger.spent).toBe(ledger.reserved[0]);
  });

  test.each<[string, string, object, Record<string, string>, number, string]>([
    ['an unknown route', '/model/x/other', {}, {}, 400, 'UNMETERED_OPERATION'],
    ['what cannot be metered', '/async-invoke', {}, {}, 400, 'UNMETERED_OPERATION'],
    ['another model', '/model/foreign.model/converse', ask, {}, 400, 'UNKNOWN_PRICE'],
    ['a base id beside its profile', `/model/${SMALL}/converse`, ask, {}, 400, 'UNKNOWN_PRICE'],
    ['a smuggled id', `/model/dear%2F${SMALL}/converse`, ask, {}, 400, 'UNMETERED_OPERATION'],
    ['the priority tier', `${small}/converse`, { ...ask, serviceTier: { type: 'priority' } }, {}, 400, 'UNKNOWN_PRICE'],
    [
      'the same by a header',
      `${small}/invoke`,
      { inferenceConfig: { maxTokens: 1 } },
      { 'X-Amzn-Bedrock-Service-Tier': 'priority' },
      400,
      'UNKNOWN_PRICE',
    ],
    [
      'a guardrail by a header',
      `${small}/invoke`,
      { inferenceConfig: { maxTokens: 1 } },
      { 'X-Amzn-Bedrock-GuardrailIdentifier': 'g' },
      400,
      'UNKNOWN_PRICE',
    ],
  ])('%s is refused', async (_, path, body, headers, status, code) => {
    const { post, ledger, events } = await world(() => converseReply(TOKENS));
    const response = await post(path, body, headers);
    expect(response.status).toBe(status);
    expect(response.headers.get('x-amzn-errortype')).toBe('SpendGuardRefused');
    expect(await response.json()).toMatchObject({ code });
    expect([server.received, ledger.reserved]).toEqual([[], []]);
    expect(events.at(-1)).toMatchObject({ name: 'refused', attributes: { 'error.type': code } });
  });

  test('RATE_LIMITED says when to come back', async () => {
    const { post } = await world(() => converseReply(TOKENS), {
      rateLimit: { admit: async () => ({ kind: 'refused', window: 'hour', retryAfterSeconds: 1_234 }) },
    });
    const response = await post(`${small}/converse`, ask);
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1234']);
  });

  test('counting tokens is free, and passes', async () => {
    const { post, ledger, asked } = await world(() => ({ json: { inputTokens: 1 } }));
    expect(await (await post(`${small}/count-tokens`, {})).json()).toEqual({ inputTokens: 1 });
    expect([ledger.reserved, asked.rate]).toEqual([[], 0]);
  });

  test("the plugin's options for tiers and caches do not reach what is signed", async () => {
    const { post, ledger } = await world(() => converseReply(TOKENS), { tier: 'large', cache: true });
    expect((await post(`${small}/converse`, ask)).status).toBe(200);
    expect(ledger.spent).toBe(COST);
  });

  test('nobody listens: nothing was spent; cut off: all of it counts', async () => {
    const { post, ledger } = await world(() => ({ reset: true }));
    await expect(post(`${small}/converse`, ask)).rejects.toThrow();
    expect(ledger.spent).toBe(ledger.reserved[0]);
    await server.stop();
    await expect(post(`${small}/converse`, ask)).rejects.toThrow();
    expect(ledger.settled[1]).toMatchObject({ spent: 0 });
  });
});
