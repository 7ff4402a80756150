import {
  BedrockRuntimeClient,
  ConverseCommand,
  ConverseStreamCommand,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { describe, expect, test } from '@jest/globals';
import { NodeHttp2Handler, NodeHttpHandler } from '@smithy/node-http-handler';
import { converseEvents, converseReply, invokeEvents, invokeReply } from '../helpers/bedrock-server';
import { PROFILE } from '../helpers/guarded-client';
import { servingWorlds } from './serving';

const world = servingWorlds();
const TOKENS = { input: 10, output: 20 };
const COST = 10 * 1_000 + 20 * 4_000;
const converse = {
  modelId: PROFILE,
  messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }],
  inferenceConfig: { maxTokens: 100 },
};
const invoke = { modelId: PROFILE, body: JSON.stringify({ inferenceConfig: { maxTokens: 100 } }) };

describe.each(['h1', 'h2'] as const)('over %s, with AWS’s SDK', (protocol) => {
  const clientOf = (endpoint: string) =>
    new BedrockRuntimeClient({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId: 'AKIDOFTHECALLER', secretAccessKey: 'example' },
      requestHandler: protocol === 'h1' ? new NodeHttpHandler() : new NodeHttp2Handler(),
    });

  test('Converse is charged, and signed by the server', async () => {
    const { serving, ledger, bedrock } = await world(converseReply(TOKENS));
    const client = clientOf(serving.url);
    const { output } = await client.send(new ConverseCommand(converse));
    expect(output?.message?.content).toEqual([{ text: 'yes' }]);
    expect([ledger.spent, ledger.active]).toEqual([COST, 0]);
    const { headers } = bedrock.received[0]!;
    expect(headers['authorization']).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIDOFTHESERVER\/\d+\/us-east-1\/bedrock\//);
    expect(headers['host']).toBe(new URL(bedrock.endpoint).host);
    client.destroy();
  });

  test('InvokeModel', async () => {
    const { serving, ledger } = await world(invokeReply(TOKENS, { a: 1 }));
    const client = clientOf(serving.url);
    const { body } = await client.send(new InvokeModelCommand(invoke));
    expect(JSON.parse(body.transformToString())).toEqual({ a: 1 });
    expect([ledger.spent, ledger.active]).toEqual([COST, 0]);
    client.destroy();
  });

  test('ConverseStream', async () => {
    const { serving, ledger } = await world({ events: converseEvents(TOKENS) });
    const client = clientOf(serving.url);
    const { stream } = await client.send(new ConverseStreamCommand(converse));
    let text = '';
    for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
    expect([text, ledger.spent, ledger.active]).toEqual(['yes', COST, 0]);
    client.destroy();
  });

  test('InvokeModelWithResponseStream', async () => {
    const { serving, ledger } = await world({ events: invokeEvents(TOKENS) });
    const client = clientOf(serving.url);
    const { body } = await client.send(new InvokeModelWithResponseStreamCommand(invoke));
    let chunks = 0;
    for await (const { chunk } of body ?? []) chunks += chunk ? 1 : 0;
    expect([chunks, ledger.spent, ledger.active]).toEqual([3, COST, 0]);
    client.destroy();
  });

  test('CountTokens costs nothing', async () => {
    const { serving, ledger } = await world({ json: { inputTokens: 7 } });
    const client = clientOf(serving.url);
    const input = { converse: { messages: converse.messages } };
    const { inputTokens } = await client.send(new CountTokensCommand({ modelId: PROFILE, input }));
    expect([inputTokens, ledger.spent, ledger.reserved]).toEqual([7, 0, []]);
    client.destroy();
  });
});
