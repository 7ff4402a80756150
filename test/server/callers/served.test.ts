import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { expect, test } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { ClientConfig } from '../../../core/in-path/config';
import { usd } from '../../../core/money';
import { callerDirectory } from '../../../server/callers';
import { converseReply } from '../../helpers/bedrock-server';
import { CONFIG, PROFILE } from '../../helpers/guarded-client';
import { servingWorlds } from '../serving';
import { keyOf, KeysTable, NOON } from './keys';

const NESTED: ClientConfig = {
  ...CONFIG,
  budgets: [
    { path: 'search', period: 'month', limit: usd(2) },
    { path: 'ads', period: 'month', limit: usd(1) },
  ],
};
const COST = 10 * 1_000 + 20 * 4_000;
const worlds = servingWorlds();

async function world(requireKey = true) {
  const table = new KeysTable();
  const own = keyOf('abcdef0123', 's', { budget: 'search' });
  table.add(own);
  const callers = callerDirectory({ callers: table, now: () => NOON });
  const served = await worlds(converseReply({ input: 10, output: 20 }), {
    ...{ config: { config: NESTED }, requireKey, callers },
  });
  const ask = async (token: string) => {
    const client = new BedrockRuntimeClient({
      ...{ region: 'us-east-1', endpoint: served.serving.url, requestHandler: new NodeHttpHandler() },
      ...{ token: { token }, authSchemePreference: ['httpBearerAuth'] },
    });
    const messages = [{ role: 'user' as const, content: [{ text: 'hello' }] }];
    const input = { modelId: PROFILE, messages, inferenceConfig: { maxTokens: 100 } };
    try {
      return await client.send(new ConverseCommand(input));
    } finally {
      client.destroy();
    }
  };
  return { ...served, table, own, ask };
}

test("a key as AWS's SDK sends it: its budget is charged, and Bedrock never sees it", async () => {
  const { ask, own, ledger, bedrock } = await world();
  await ask(own.key);
  expect([ledger.of('search').spent, ledger.of('ads').spent]).toEqual([COST, 0]);
  expect(JSON.stringify(bedrock.received.map(({ headers }) => headers))).not.toContain('sgk-');
});

test.each([
  ['a wrong secret', keyOf('abcdef0123', 't').key],
  ['an unknown id', keyOf('abcdef0124').key],
  ['a key of Bedrock', 'ABSKQmVkcm9jaw'],
])('%s: an error that the SDK names, at the first attempt; nothing is charged or sent', async (_what, token) => {
  const { ask, ledger, bedrock, events } = await world();
  const error = await ask(token).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({
    name: 'UnrecognizedClientException',
    message: expect.stringContaining('npx spend-guard callers add --env dev'),
    $metadata: { httpStatusCode: 403, attempts: 1 },
  });
  expect([ledger.spent, ledger.reserved, bedrock.received]).toEqual([0, [], []]);
  expect(`${String(error)}${JSON.stringify(events)}`).not.toContain(token);
});

test('no key where one is needed', async () => {
  const { serving, bedrock } = await world();
  const answer = await fetch(`${serving.url}/model/${encodeURIComponent(PROFILE)}/converse`, {
    method: 'POST',
    body: '{}',
  });
  expect([answer.status, answer.headers.get('x-amzn-errortype')]).toEqual([401, 'UnrecognizedClientException']);
  expect(await answer.json()).toMatchObject({ code: 'KEY_NEEDED' });
  expect(bedrock.received).toEqual([]);
});

test('a key names its budget where none is needed, too', async () => {
  const { ask, own, ledger } = await world(false);
  await ask(own.key);
  expect(ledger.of('search').spent).toBe(COST);
});
