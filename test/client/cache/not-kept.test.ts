import { describe, expect, test } from '@jest/globals';
import { ConverseCommand, ConverseStreamCommand, InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { withGuard } from '../../../client/call-options';
import { converseEvents, converseReply, failure, invokeReply, type Reply } from '../../helpers/bedrock-server';
import { CLAUDE, CONFIG, LARGE, openStatus } from '../../helpers/guarded-client';
import { guardedWorlds } from '../../helpers/guarded-server';
import { all, config, NOW, question, tokens } from './cached';

const world = guardedWorlds({ config });

describe('what is not kept', () => {
  const asks = async (client: Awaited<ReturnType<typeof world>>['client'], n: number) => {
    for (let i = 0; i < n; i += 1) await client.send(new ConverseCommand(question())).catch(() => {});
  };
  const stoppedBy = (stopReason: string): Reply => {
    const { json } = converseReply(tokens) as { json: object };
    return { json: { ...json, stopReason } };
  };

  test.each(['max_tokens', 'guardrail_intervened', 'content_filtered', 'something_new'])(
    'an answer that ended by %s',
    async (reason) => {
      const { client, server } = await world(stoppedBy(reason));
      await asks(client, 2);
      expect(server.received).toHaveLength(2);
    },
  );

  const said = (content: readonly object[], stopReason = 'end_turn'): Reply => {
    const { json } = converseReply(tokens) as { json: object };
    return { json: { ...json, output: { message: { role: 'assistant', content } }, stopReason } };
  };

  test.each<[string, Reply]>([
    ['no content', said([])],
    ['blank text', said([{ text: ' ' }])],
    ['reasoning alone', said([{ reasoningContent: { reasoningText: { text: 'hm' } } }])],
    ['half a call of a tool', said([{ text: 'so' }, { toolUse: { toolUseId: 'a', name: 'weather' } }], 'tool_use')],
  ])('an answer of %s, nor is it given to those who asked at the same time', async (_, reply) => {
    const { client, server } = await world(reply);
    await Promise.all([1, 2, 3].map(() => client.send(new ConverseCommand(question()))));
    expect(server.received).toHaveLength(3);
    await asks(client, 1);
    expect(server.received).toHaveLength(4);
  });

  test('a stream that says nothing', async () => {
    const { client, server } = await world({ events: converseEvents(tokens, []) });
    for (let i = 0; i < 2; i += 1) await all((await client.send(new ConverseStreamCommand(question()))).stream);
    expect(server.received).toHaveLength(2);
  });

  describe('where the caller samples', () => {
    const warm = (inferenceConfig: object) => ({ ...question(), inferenceConfig });

    test.each<[string, object, number]>([
      ['temperature 0', { temperature: 0 }, 1],
      ['temperature 0.1', { temperature: 0.1 }, 3],
      ['top_p 0.9', { topP: 0.9 }, 3],
    ])('%s: of three, two at once, %s %i are asked', async (_, config, requests) => {
      const { client, server } = await world(converseReply(tokens));
      const send = () => client.send(new ConverseCommand(warm(config)));
      await Promise.all([send(), send()]);
      await send();
      expect(server.received).toHaveLength(requests);
    });

    test('the body of InvokeModel says so too', async () => {
      const { client, server } = await world(invokeReply(tokens, { completion: 'yes', stop_reason: 'end_turn' }));
      for (const temperature of [0.5, 0.5, 0, 0]) {
        const body = JSON.stringify({ max_tokens: 5, messages: [], temperature });
        await client.send(new InvokeModelCommand({ modelId: CLAUDE, body }));
      }
      expect(server.received).toHaveLength(3);
    });

    test('unless one call, or the guard, is told to', async () => {
      const one = await world(converseReply(tokens));
      const two = await world(converseReply(tokens), { cacheSampled: true });
      const three = await world(converseReply(tokens), { cache: true });
      for (let i = 0; i < 2; i += 1) {
        await one.client.send(withGuard(new ConverseCommand(warm({ temperature: 1 })), { cache: true }));
        for (const { client } of [two, three]) await client.send(new ConverseCommand(warm({ temperature: 1 })));
      }
      expect([one, two, three].map(({ server }) => server.received.length)).toEqual([1, 1, 2]);
    });
  });

  test('a failure', async () => {
    const { client, server } = await world(failure(400, 'ValidationException'));
    await asks(client, 2);
    expect(server.received).toHaveLength(2);
  });

  test.each<[string, Reply]>([
    ['that was cut off', { events: converseEvents(undefined) }],
    ['that was reset', { events: converseEvents(tokens).slice(0, -1), finally: 'reset' }],
  ])('a stream %s', async (_, reply) => {
    const { client, server } = await world(reply);
    for (let i = 0; i < 2; i += 1) {
      await all((await client.send(new ConverseStreamCommand(question()))).stream).catch(() => {});
    }
    expect(server.received).toHaveLength(2);
  });

  test('a stream that its reader left', async () => {
    const { client, server } = await world({ events: converseEvents(tokens) });
    const { stream } = await client.send(new ConverseStreamCommand(question()));
    for await (const event of stream!) if (event.messageStop) break;
    await all((await client.send(new ConverseStreamCommand(question()))).stream);
    expect(server.received).toHaveLength(2);
  });

  test('a call that does not want it, nor is it answered from there', async () => {
    const { client, server } = await world(converseReply(tokens));
    await client.send(withGuard(new ConverseCommand(question()), { cache: false }));
    await client.send(new ConverseCommand(question()));
    await client.send(withGuard(new ConverseCommand(question()), { cache: false }));
    await client.send(new ConverseCommand(question()));
    expect(server.received).toHaveLength(3);
  });

  test("a small model's answer for the large one, after the environment is open again", async () => {
    let now = NOW;
    let desired: 'open' | 'degraded' = 'degraded';
    const { client, server } = await world(converseReply(tokens), {
      now: () => now,
      meter: () => openStatus(now, { desired }),
      allowSmaller: true,
    });
    await client.send(new ConverseCommand(question('hello', LARGE)));
    desired = 'open';
    now += 60_000;
    await client.send(new ConverseCommand(question('hello', LARGE)));
    expect(server.received.map(({ modelId }) => modelId)).toEqual([
      CONFIG.models[0]!.profile,
      CONFIG.models[2]!.profile,
    ]);
  });

  test('more than the memory it may take: the oldest goes', async () => {
    const { client, server } = await world(converseReply(tokens, 'x'.repeat(1_000)), { cacheBytes: 8_000 });
    for (let i = 0; i < 8; i += 1) await client.send(new ConverseCommand(question(`question ${i}`)));
    await client.send(new ConverseCommand(question('question 7')));
    expect(server.received).toHaveLength(8);
    await client.send(new ConverseCommand(question('question 0')));
    expect(server.received).toHaveLength(9);
  });
});
