import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { withGuard, type CallOptions } from '../../client/call-options';
import { nanoUsd } from '../../core/money';
import {
  bedrockServer,
  converseEvents,
  converseReply,
  failure,
  type BedrockServer,
  type Received,
  type Reply,
} from '../helpers/bedrock-server';
import { CLAUDE, CONFIG, guarded, LARGE, LARGE_PROFILE, openStatus, PROFILE, SMALL } from '../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

const FIRST = PROFILE;
const SECOND = `us.${CLAUDE}`;
const TOKENS = { input: 10, output: 20 };

const good = (request: Received): Reply =>
  request.operation === 'ConverseStream' ? { events: converseEvents(TOKENS) } : converseReply(TOKENS, request.modelId);

/** @param bad what the models answer that do not answer well */
async function world(bad: Readonly<Record<string, Reply>> = {}, options: Parameters<typeof guarded>[1] = {}) {
  server = await bedrockServer((request) => bad[request.modelId] ?? good(request));
  return guarded(server.endpoint, { client: { maxAttempts: 4 }, ...options });
}

const ask = (more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: 'auto',
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
  inferenceConfig: { maxTokens: 100 },
  ...more,
});

const converse = (options: CallOptions, more: Partial<ConverseCommandInput> = {}) =>
  withGuard(new ConverseCommand(ask(more)), options);
const asked = () => server.received.map(({ modelId }) => modelId);

const BUSY = failure(429, 'ThrottlingException');

describe('which model is asked', () => {
  test('without a tier the model named and no other, retried as the SDK does', async () => {
    const { client } = await world({ [FIRST]: BUSY }, { client: { maxAttempts: 2 } });
    await expect(client.send(new ConverseCommand(ask({ modelId: SMALL })))).rejects.toThrow('ThrottlingException');
    expect(asked()).toEqual([FIRST, FIRST]);
  });

  test.each<[string, Partial<ConverseCommandInput>, string]>([
    ['a short question', {}, FIRST],
    ['as many bytes as small models are asked', { messages: [user(20_000 - wrapped(0))] }, FIRST],
    ['one byte more', { messages: [user(20_001 - wrapped(0))] }, LARGE_PROFILE],
    ['as many tokens as small models are asked', { inferenceConfig: { maxTokens: 2_048 } }, FIRST],
    ['one token more', { inferenceConfig: { maxTokens: 2_049 } }, LARGE_PROFILE],
    [
      'tools',
      { toolConfig: { tools: [{ toolSpec: { name: 'clock', inputSchema: { json: { type: 'object' } } } }] } },
      LARGE_PROFILE,
    ],
  ])("'auto' by the request: %s", async (_, more, model) => {
    const { client } = await world();
    await client.send(converse({ tier: 'auto' }, more));
    expect(asked()).toEqual([model]);
  });

  test("the caller's limits for 'auto' win", async () => {
    const tierLimits = { local: { bytes: 0, maxTokens: 0 }, small: { bytes: 10, maxTokens: 10 } };
    const { client } = await world({}, { tierLimits });
    await client.send(converse({ tier: 'auto' }));
    expect(asked()).toEqual([LARGE_PROFILE]);
  });

  test('trap T15: the command keeps its own model, and goes its own way the next time', async () => {
    let busy = true;
    server = await bedrockServer((request) => (busy && request.modelId === FIRST ? BUSY : good(request)));
    const { client } = guarded(server.endpoint);
    const command = converse({ tier: 'small' });
    await client.send(command);
    busy = false;
    await client.send(command);
    expect(asked()).toEqual([FIRST, SECOND, FIRST]);
    expect(command.input).toEqual(ask());
  });
});

describe('the next model is asked at once', () => {
  test.each<[string, Reply]>([
    ['throttled', BUSY],
    ['quota of the account', failure(429, 'ServiceQuotaExceededException')],
    ['no access', failure(403, 'AccessDeniedException')],
    ['trap T9: a legacy model', failure(404, 'ResourceNotFoundException')],
  ])('%s: one attempt each, one reservation that goes with it', async (_, reply) => {
    const { client, ledger, events } = await world({ [FIRST]: reply, [SECOND]: reply });
    const { output } = await client.send(converse({ tier: 'small' }));
    expect(output?.message?.content?.[0]?.text).toBe(LARGE_PROFILE);
    expect(asked()).toEqual([FIRST, SECOND, LARGE_PROFILE]);
    expect(ledger.active).toBe(0);
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([0, 0, 10 * 10_000 + 20 * 40_000]);
    expect(events.filter(({ name }) => name === 'rerouted').map(({ attributes }) => attributes)).toEqual([
      expect.objectContaining({ 'gen_ai.request.model': SMALL }),
      expect.objectContaining({ 'gen_ai.request.model': CLAUDE }),
    ]);
    expect(events.at(-1)).toMatchObject({ name: 'settled', attributes: { 'gen_ai.request.model': LARGE } });
  });

  test('a stream whose model is busy is one of the next', async () => {
    const { client, ledger } = await world({ [FIRST]: BUSY });
    const { stream } = await client.send(withGuard(new ConverseStreamCommand(ask()), { tier: 'small' }));
    let events = 0;
    for await (const event of stream ?? []) if (event.metadata) events += 1;
    expect(events).toBe(1);
    expect(asked()).toEqual([FIRST, SECOND]);
    expect(ledger.active).toBe(0);
  });

  test('the last one has the retries of the SDK, and its failure is what the caller sees', async () => {
    const { client, ledger } = await world({
      [FIRST]: BUSY,
      [SECOND]: failure(403, 'AccessDeniedException', 'not yours'),
    });
    await expect(client.send(converse({ tier: 'small', upTo: 'small' }))).rejects.toThrow('not yours');
    expect(asked()).toEqual([FIRST, SECOND]);
    expect(ledger.active).toBe(0);
    expect(ledger.spent).toBe(0);
  });

  test.each([
    ['HTTP/2', {}],
    ['HTTP/1', { requestHandler: new NodeHttpHandler() }],
  ])('nobody listens, over %s', async (_, handler) => {
    server = await bedrockServer(good);
    const { endpoint } = server;
    await server.stop();
    const { client, events, ledger } = guarded(endpoint, { client: { maxAttempts: 1, ...handler } });
    await expect(client.send(converse({ tier: 'small' }))).rejects.toThrow('ECONNREFUSED');
    expect(events.filter(({ name }) => name === 'rerouted')).toHaveLength(2);
    expect(ledger.spent).toBe(0);
  });

  test.each<[string, Reply]>([
    ['a request that is wrong is wrong everywhere', failure(400, 'ValidationException')],
    ['a model that may have answered is not asked twice', failure(424, 'ModelErrorException')],
    ['an error inside may have been billed', failure(500, 'InternalServerException')],
  ])('not so: %s', async (_, reply) => {
    const { client } = await world({ [FIRST]: reply }, { client: { maxAttempts: 1 } });
    await expect(client.send(converse({ tier: 'small' }))).rejects.toThrow();
    expect(asked()).toEqual([FIRST]);
  });

  test('a refusal of the guard is none of the model', async () => {
    const { client, ledger } = await world();
    ledger.reserve = async () => ({ kind: 'refused', soft: false, retryAfterSeconds: 60, remaining: nanoUsd(0) });
    await expect(client.send(converse({ tier: 'small' }))).rejects.toMatchObject({ code: 'BUDGET_EXHAUSTED' });
    expect(asked()).toEqual([]);
  });

  test('InvokeModel is never rerouted: its body is of one model', async () => {
    const { client } = await world({ [FIRST]: failure(403, 'AccessDeniedException') }, { tier: 'small' });
    const body = JSON.stringify({ messages: [], inferenceConfig: { maxTokens: 10 } });
    await expect(client.send(new InvokeModelCommand({ modelId: SMALL, body }))).rejects.toThrow('AccessDenied');
    expect(asked()).toEqual([FIRST]);
  });
});

describe('the state of the environment', () => {
  const degraded = { meter: () => openStatus(Date.now(), { desired: 'degraded' }) };

  test('degraded: large models are left out of the tiers', async () => {
    const { client } = await world({ [FIRST]: BUSY, [SECOND]: BUSY }, { ...degraded, client: { maxAttempts: 1 } });
    await expect(client.send(converse({ tier: 'small' }))).rejects.toThrow('ThrottlingException');
    expect(asked()).toEqual([FIRST, SECOND]);
  });

  test('degraded: a stand-in, where the caller allows one', async () => {
    const { client } = await world({}, degraded);
    await client.send(withGuard(new ConverseCommand(ask({ modelId: LARGE })), { allowSmaller: true }));
    expect(asked()).toEqual([FIRST]);
    await expect(client.send(new ConverseCommand(ask({ modelId: LARGE })))).rejects.toMatchObject({ code: 'DEGRADED' });
  });

  test('an answer of a stand-in is not kept for those who ask for the model', async () => {
    const config = { ...CONFIG, cacheMinutes: 60 };
    const { client } = await world({ [FIRST]: BUSY }, { config });
    await client.send(converse({ tier: 'small' }));
    await client.send(converse({ tier: 'small' }));
    expect(asked()).toEqual([FIRST, SECOND, FIRST, SECOND]);
  });
});

function user(bytes: number) {
  return { role: 'user' as const, content: [{ text: 'x'.repeat(bytes) }] };
}

/** Bytes of a message with so long a text, as `auto` counts them. */
function wrapped(bytes: number): number {
  return JSON.stringify([user(bytes)]).length;
}
