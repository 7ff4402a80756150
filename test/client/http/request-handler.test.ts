import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { afterEach, describe, expect, test } from '@jest/globals';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { refusalIn } from '../../../client/refusal';
import {
  bedrockServer,
  converseEvents,
  converseReply,
  invokeEvents,
  invokeReply,
  type BedrockServer,
  type Reply,
} from '../../helpers/bedrock-server';
import { usd } from '../../../core/money';
import { CONFIG, guarded, MemoryLedger, PROFILE } from '../../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

const COST = 10 * 1_000 + 20 * 4_000;
const TOKENS = { input: 10, output: 20 };
const converse = {
  modelId: PROFILE,
  messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }],
  inferenceConfig: { maxTokens: 100 },
};
const invoke = { modelId: PROFILE, body: JSON.stringify({ inferenceConfig: { maxTokens: 100 } }) };

describe.each(['h1', 'h2'] as const)('guard.requestHandler over %s', (protocol) => {
  async function world(reply: Reply) {
    server = await bedrockServer(() => reply, protocol);
    const all = guarded(server.endpoint);
    const inner = protocol === 'h1' ? new NodeHttpHandler() : new NodeHttp2Handler();
    const client = new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint: server.endpoint,
      credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
      requestHandler: all.guard.requestHandler(inner),
    });
    return { ...all, client };
  }

  test('Converse', async () => {
    const { client, ledger } = await world(converseReply(TOKENS));
    const { output } = await client.send(new ConverseCommand(converse));
    expect(output?.message?.content).toEqual([{ text: 'yes' }]);
    expect([ledger.spent, ledger.active]).toEqual([COST, 0]);
    client.destroy();
  });

  test('InvokeModel', async () => {
    const { client, ledger } = await world(invokeReply(TOKENS, { a: 1 }));
    const { body } = await client.send(new InvokeModelCommand(invoke));
    expect(JSON.parse(body.transformToString())).toEqual({ a: 1 });
    expect([ledger.spent, ledger.active]).toEqual([COST, 0]);
    client.destroy();
  });

  test('the streams of both', async () => {
    const { client, ledger } = await world({ events: converseEvents(TOKENS) });
    const { stream } = await client.send(new ConverseStreamCommand(converse));
    let text = '';
    for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
    expect(text).toBe('yes');
    expect([ledger.spent, ledger.active]).toEqual([COST, 0]);
    client.destroy();
    await server.stop();
    const other = await world({ events: invokeEvents(TOKENS) });
    const { body } = await other.client.send(new InvokeModelWithResponseStreamCommand(invoke));
    let chunks = 0;
    for await (const { chunk } of body ?? []) chunks += chunk ? 1 : 0;
    expect(chunks).toBe(3);
    expect([other.ledger.spent, other.ledger.active]).toEqual([COST, 0]);
    other.client.destroy();
  });

  test('a refusal is an error of that name, not tried again', async () => {
    const { client, asked } = await world(converseReply(TOKENS));
    const error: unknown = await client
      .send(new ConverseCommand({ ...converse, inferenceConfig: {} }))
      .catch((reason: unknown) => reason);
    expect(refusalIn(error)?.message).toContain('set the maxTokens');
    expect([server.received, asked.rate]).toEqual([[], 0]);
    client.destroy();
  });
});

test('a handler of another budget than the guard’s charges that one; one that there is not is told at once', async () => {
  server = await bedrockServer(() => converseReply(TOKENS), 'h1');
  const budgets = [{ path: 'search', period: 'month' as const, limit: usd(1) }];
  const { guard, ledger } = guarded(server.endpoint, { config: { ...CONFIG, budgets } });
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: server.endpoint,
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    requestHandler: guard.requestHandler(new NodeHttpHandler(), { budget: 'search' }),
  });
  await client.send(new ConverseCommand(converse));
  client.destroy();
  expect([ledger.of('search').spent, ledger.spent]).toEqual([COST, COST]);
  expect(() => guard.requestHandler(new NodeHttpHandler(), { budget: 'serach' })).toThrow(
    /the budget of requestHandler: .* did you mean 'search'\?/,
  );
});

test('close waits for what is being charged', async () => {
  server = await bedrockServer(() => ({ events: converseEvents(TOKENS), everyMs: 5 }), 'h1');
  let settle: () => void = () => {};
  class Slow extends MemoryLedger {
    override async settle(...args: Parameters<MemoryLedger['settle']>) {
      await new Promise<void>((resolve) => (settle = resolve));
      return super.settle(...args);
    }
  }
  const ledger = new Slow();
  const { client, guard } = guarded(server.endpoint, { ledger, client: { requestHandler: new NodeHttpHandler() } });
  const { stream } = await client.send(new ConverseStreamCommand(converse));
  for await (const _ of stream ?? []) break;
  const closed = guard.close();
  await new Promise((resolve) => setImmediate(resolve));
  expect(ledger.closed).toBe(0);
  settle();
  await closed;
  expect([ledger.active, ledger.closed]).toEqual([0, 1]);
});
