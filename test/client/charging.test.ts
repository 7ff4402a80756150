import { describe, expect, test } from '@jest/globals';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { nanoUsd } from '../../core/money';
import { converseEvents, converseReply, invokeEvents, invokeReply, type Reply } from '../helpers/bedrock-server';
import { CLAUDE, CONFIG, cost } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';
import { soon } from '../helpers/soon';

const world = guardedWorlds();
const claudePrice = CONFIG.models[1]!.price;

describe('what an answer is charged', () => {
  test('Converse: by its own usage, the cache terms at their own prices', async () => {
    const { client, ledger } = await world(converseReply({ input: 10, output: 20, cacheRead: 100, cacheWrite: 50 }));
    await client.send(new ConverseCommand(ask()));
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([
      cost({ input: 10, output: 20, cacheRead: 100, cacheWrite: 50 }),
    ]);
    expect(ledger.active).toBe(0);
  });

  test('ConverseStream: once, by its metadata event, when read to the end', async () => {
    const { client, ledger } = await world({ events: converseEvents({ input: 10, output: 20 }) });
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    const kinds: string[] = [];
    for await (const event of stream!) kinds.push(Object.keys(event)[0]!);
    expect(kinds).toEqual([
      'messageStart',
      'contentBlockDelta',
      'contentBlockDelta',
      'contentBlockStop',
      'messageStop',
      'metadata',
    ]);
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([cost({ input: 10, output: 20 })]);
  });

  test("InvokeModel: by its headers; the body is still the SDK's own blob", async () => {
    const { client, ledger } = await world(invokeReply({ input: 10, output: 20, cacheRead: 3, cacheWrite: 4 }));
    const answer = await client.send(
      new InvokeModelCommand({ modelId: CLAUDE, body: JSON.stringify({ max_tokens: 50, messages: [] }) }),
    );
    expect(answer.body.transformToString()).toBe('{"completion":"yes"}');
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([
      cost({ input: 10, output: 20, cacheRead: 3, cacheWrite: 4 }, claudePrice),
    ]);
  });

  test('InvokeModelWithResponseStream: by the metrics in its last chunk', async () => {
    const { client, ledger } = await world({ events: invokeEvents({ input: 10, output: 20 }) });
    const { body } = await client.send(
      new InvokeModelWithResponseStreamCommand({
        modelId: CLAUDE,
        body: JSON.stringify({ max_tokens: 50, messages: [] }),
      }),
    );
    let chunks = 0;
    for await (const { chunk } of body!) chunks += chunk ? 1 : 0;
    expect(chunks).toBe(3);
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([cost({ input: 10, output: 20 }, claudePrice)]);
  });

  test.each([
    ['no cache counts where a prompt cache was used', { max_tokens: 50, system: [{ cache_control: {} }] }, {}],
    ['no token headers at all', { max_tokens: 50 }, undefined],
  ])('InvokeModel with %s is charged in full: unknown is not zero', async (_, body, headers) => {
    const { client, ledger } = await world(
      headers ? invokeReply({ input: 10, output: 20 }) : { json: { completion: 'yes' } },
    );
    await client.send(new InvokeModelCommand({ modelId: CLAUDE, body: JSON.stringify(body) }));
    expect(ledger.settled).toEqual([{ amount: ledger.reserved[0], spent: ledger.reserved[0] }]);
    expect(ledger.reserved[0]).toBeGreaterThan(0);
  });
});

describe('what no source tells is charged apart', () => {
  test.each<[string, Reply]>([
    ['a connection that was reset', { reset: true }],
    ['an answer without usage', { json: { output: { message: { role: 'assistant', content: [{ text: 'yes' }] } } } }],
  ])('%s: all of it', async (_, reply) => {
    const { client, ledger } = await world(reply);
    await client.send(new ConverseCommand(ask())).catch(() => {});
    expect(ledger.settled.map(({ spent }) => spent)).toEqual(ledger.unsettled);
    expect(ledger.unsettled).toHaveLength(1);
  });

  test('an answer with usage: nothing', async () => {
    const { client, ledger } = await world(converseReply({ input: 10, output: 20 }));
    await client.send(new ConverseCommand(ask()));
    expect(ledger.unsettled).toEqual([]);
  });

  test('a stream that is cut off after its usage: what its bound is above that', async () => {
    const events = invokeEvents({ input: 10, output: 20 });
    const { client, ledger } = await world({ events: events.slice(0, -1), finally: 'reset' });
    const body = JSON.stringify({ messages: [{ role: 'user', content: 'hi' }], max_tokens: 100 });
    const answer = await client.send(new InvokeModelWithResponseStreamCommand({ modelId: CLAUDE, body }));
    await (async () => {
      for await (const _ of answer.body!);
    })().catch(() => {});
    await soon(() => ledger.settled.length === 1);
    const { spent } = ledger.settled[0]!;
    const [unsettled = 0] = ledger.unsettled;
    expect(unsettled).toBeLessThanOrEqual(spent);
    expect(unsettled).toBeGreaterThan(0);
  });

  test('too much of it in an hour: calls are refused until the next, with the reason', async () => {
    const { client, ledger, server } = await world(converseReply({ input: 1, output: 1 }));
    ledger.reserve = async () => ({
      ...{ kind: 'refused', soft: false, unsettled: true },
      ...{ retryAfterSeconds: 1234, remaining: nanoUsd(1) },
    });
    await expect(client.send(new ConverseCommand(ask()))).rejects.toMatchObject({
      code: 'GUARD_UNAVAILABLE',
      retryAfterSeconds: 1234,
      message: expect.stringContaining('spend-guard release'),
    });
    expect(server.received).toEqual([]);
  });
});
