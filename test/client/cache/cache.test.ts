import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type ConverseCommandOutput,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { withGuard } from '../../../client/call-options';
import { dynamoDbAnswers } from '../../../client/adapters/dynamodb-answers';
import type { AnswersPort } from '../../../core/ledger/ports';
import { usd } from '../../../core/money';
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
  type StreamEvent,
} from '../../helpers/bedrock-server';
import { DynamoDbFake } from '../../helpers/dynamodb-fake';
import { CLAUDE, CONFIG, guarded, LARGE, openStatus, SMALL, type GuardedOptions } from '../../helpers/guarded-client';

const servers: BedrockServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

const config = { ...CONFIG, cacheMinutes: 60 };
const NOW = Date.UTC(2026, 10, 10);

async function world(
  answer: Reply | ((request: Received, index: number) => Reply),
  options: GuardedOptions = {},
  server?: BedrockServer,
) {
  const found = server ?? (await bedrockServer(typeof answer === 'function' ? answer : () => answer));
  servers.push(found);
  return {
    server: found,
    ...guarded(found.endpoint, { config, ...options, client: { maxAttempts: 1, ...options.client } }),
  };
}

const ask = (text = 'hello', modelId = SMALL) => ({
  modelId,
  messages: [{ role: 'user' as const, content: [{ text }] }],
});
const tokens = { input: 10, output: 20 };

async function all<T>(stream: AsyncIterable<T> | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const event of stream!) found.push(event);
  return found;
}

describe('a hit', () => {
  test('makes no request, asks for no credentials, reserves and counts nothing, and reads no status', async () => {
    const { client, server, asked, ledger, events } = await world(converseReply(tokens));
    const first = await client.send(new ConverseCommand(ask()));
    const before = { ...asked };
    const second = await client.send(new ConverseCommand(ask()));
    expect(asked).toEqual(before);
    expect([server.received.length, ledger.reserved.length]).toEqual([1, 1]);
    const usage = { ...first.usage, totalTokens: 30 };
    expect({ ...second, $metadata: 0, usage: 0 }).toEqual({ ...first, $metadata: 0, usage: 0 });
    expect(second.$metadata).toEqual({ attempts: 0, totalRetryDelay: 0, spendGuard: { cached: true, usage } });
    expect(first.$metadata).not.toHaveProperty('spendGuard');
    const none = { inputTokens: 0, outputTokens: 0, totalTokens: 0, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 };
    expect(second.usage).toEqual(none);
    const names = events.map(({ name }) => name).filter((name) => name !== 'warning');
    expect(names).toEqual(['allowed', 'settled', 'cached']);
  });

  test.each([
    [3_600_000, 1],
    [3_600_001, 2],
  ])('is one for 60 minutes: at %i ms the provider was asked %i times', async (age, requests) => {
    let now = NOW;
    const { client, server } = await world(converseReply(tokens), { now: () => now });
    await client.send(new ConverseCommand(ask()));
    now += age;
    await client.send(new ConverseCommand(ask()));
    expect(server.received).toHaveLength(requests);
  });

  test('gives each caller his own copy', async () => {
    const { client } = await world(converseReply(tokens));
    const spoil = (answer: ConverseCommandOutput) => {
      answer.output!.message!.content![0] = { text: 'changed' };
    };
    spoil(await client.send(new ConverseCommand(ask())));
    spoil(await client.send(new ConverseCommand(ask())));
    const third = await client.send(new ConverseCommand(ask()));
    expect(third.output!.message!.content).toEqual([{ text: 'yes' }]);
  });

  test('trap T12: the body of InvokeModel is a blob of the SDK again, each time', async () => {
    const { client, server } = await world(invokeReply(tokens, { completion: 'yes', stop_reason: 'end_turn' }));
    const input = { modelId: CLAUDE, body: JSON.stringify({ max_tokens: 5, messages: [] }) };
    const first = await client.send(new InvokeModelCommand(input));
    const second = await client.send(new InvokeModelCommand(input));
    first.body.fill(0);
    second.body.fill(0);
    const third = await client.send(new InvokeModelCommand(input));
    expect(JSON.parse(third.body.transformToString())).toEqual({ completion: 'yes', stop_reason: 'end_turn' });
    expect(third.contentType).toBe('application/json');
    expect(server.received).toHaveLength(1);
  });

  test('replays a ConverseStream, event by event', async () => {
    const { client, server } = await world({ events: converseEvents(tokens) });
    const first = await all<ConverseStreamOutput>((await client.send(new ConverseStreamCommand(ask()))).stream);
    const second = await all<ConverseStreamOutput>((await client.send(new ConverseStreamCommand(ask()))).stream);
    expect(second.slice(0, 5)).toEqual(first.slice(0, 5));
    expect(second).toHaveLength(6);
    const { usage, ...rest } = second[5]!.metadata!;
    expect(new Set(Object.values(usage!))).toEqual(new Set([0]));
    expect({ ...first[5]!.metadata, usage: 0 }).toEqual({ ...rest, usage: 0 });
    expect(server.received).toHaveLength(1);
  });

  test('replays an InvokeModelWithResponseStream, its bytes as they were', async () => {
    const events = invokeEvents(tokens);
    const stop: StreamEvent = [
      'chunk',
      { bytes: Buffer.from('{"type":"message_delta","delta":{"stop_reason":"end_turn"}}').toString('base64') },
    ];
    const { client, server } = await world({ events: [...events.slice(0, 2), stop, ...events.slice(2)] });
    const input = { modelId: CLAUDE, body: JSON.stringify({ max_tokens: 5, messages: [] }) };
    const text = async () => {
      const { body } = await client.send(new InvokeModelWithResponseStreamCommand(input));
      return (await all(body)).map(({ chunk }) => {
        const read = new TextDecoder().decode(chunk!.bytes);
        chunk!.bytes!.fill(0);
        return read;
      });
    };
    const first = await text();
    const second = await text();
    expect(second).toHaveLength(first.length);
    expect(second.slice(0, 3)).toEqual(first.slice(0, 3));
    expect(first.at(-1)).toContain('"inputTokenCount":10,"outputTokenCount":20');
    expect(second.at(-1)).toContain('"inputTokenCount":0,"outputTokenCount":0');
    expect(await text()).toEqual(second);
    expect(server.received).toHaveLength(1);
  });

  test.each([
    [
      '{"completion":"yes","stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":20}}',
      '{"completion":"yes","stop_reason":"end_turn","usage":{"input_tokens":0,"output_tokens":0}}',
    ],
    [
      '{"stop_reason":"tool_use","content":[{"type":"tool_use","name":"a","input":{"usage":{"n":7},"tokenCount":5}}]}',
      undefined,
    ],
    ['{"completion":"yes", "id":12345678901234567, "stop_reason":"end_turn"}', undefined],
  ])('says that nothing was billed for InvokeModel: %s', async (text, again = text) => {
    const { client } = await world({ bytes: Buffer.from(text), contentType: 'application/json' });
    const send = () => client.send(new InvokeModelCommand({ modelId: CLAUDE, body: '{"max_tokens":5,"messages":[]}' }));
    expect((await send()).body.transformToString()).toBe(text);
    const cached = await send();
    expect(cached.body.transformToString()).toBe(again);
    expect(cached.$metadata).toMatchObject({ spendGuard: { cached: true } });
  });

  test('is of the same model, by whatever name it is called, and of no other', async () => {
    const { client, server } = await world(converseReply(tokens));
    await client.send(new ConverseCommand(ask()));
    await client.send(new ConverseCommand(ask('hello', CONFIG.models[0]!.profile as string)));
    expect(server.received).toHaveLength(1);
    await client.send(new ConverseCommand(ask('hello', LARGE)));
    expect(server.received).toHaveLength(2);
  });

  test('is had while the environment is stopped: it costs nothing', async () => {
    let now = NOW;
    let desired: 'open' | 'stopped' = 'open';
    const { client } = await world(converseReply(tokens), {
      now: () => now,
      meter: () => openStatus(now, { desired }),
    });
    await client.send(new ConverseCommand(ask()));
    desired = 'stopped';
    now += 60_000;
    await client.send(new ConverseCommand(ask()));
    await expect(client.send(new ConverseCommand(ask('other')))).rejects.toThrow('STOPPED');
  });
});

describe('what is not kept', () => {
  const asks = async (client: Awaited<ReturnType<typeof world>>['client'], n: number) => {
    for (let i = 0; i < n; i += 1) await client.send(new ConverseCommand(ask())).catch(() => {});
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
    await Promise.all([1, 2, 3].map(() => client.send(new ConverseCommand(ask()))));
    expect(server.received).toHaveLength(3);
    await asks(client, 1);
    expect(server.received).toHaveLength(4);
  });

  test('a stream that says nothing', async () => {
    const { client, server } = await world({ events: converseEvents(tokens, []) });
    for (let i = 0; i < 2; i += 1) await all((await client.send(new ConverseStreamCommand(ask()))).stream);
    expect(server.received).toHaveLength(2);
  });

  describe('where the caller samples', () => {
    const warm = (inferenceConfig: object) => ({ ...ask(), inferenceConfig });

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
      await all((await client.send(new ConverseStreamCommand(ask()))).stream).catch(() => {});
    }
    expect(server.received).toHaveLength(2);
  });

  test('a stream that its reader left', async () => {
    const { client, server } = await world({ events: converseEvents(tokens) });
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    for await (const event of stream!) if (event.messageStop) break;
    await all((await client.send(new ConverseStreamCommand(ask()))).stream);
    expect(server.received).toHaveLength(2);
  });

  test('a call that does not want it, nor is it answered from there', async () => {
    const { client, server } = await world(converseReply(tokens));
    await client.send(withGuard(new ConverseCommand(ask()), { cache: false }));
    await client.send(new ConverseCommand(ask()));
    await client.send(withGuard(new ConverseCommand(ask()), { cache: false }));
    await client.send(new ConverseCommand(ask()));
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
    await client.send(new ConverseCommand(ask('hello', LARGE)));
    desired = 'open';
    now += 60_000;
    await client.send(new ConverseCommand(ask('hello', LARGE)));
    expect(server.received.map(({ modelId }) => modelId)).toEqual([
      CONFIG.models[0]!.profile,
      CONFIG.models[2]!.profile,
    ]);
  });

  test('more than the memory it may take: the oldest goes', async () => {
    const { client, server } = await world(converseReply(tokens, 'x'.repeat(1_000)), { cacheBytes: 8_000 });
    for (let i = 0; i < 8; i += 1) await client.send(new ConverseCommand(ask(`question ${i}`)));
    await client.send(new ConverseCommand(ask('question 7')));
    expect(server.received).toHaveLength(8);
    await client.send(new ConverseCommand(ask('question 0')));
    expect(server.received).toHaveLength(9);
  });
});

describe('the same question asked at the same time', () => {
  test('is one request, one reservation and one count', async () => {
    const { client, server, ledger, asked } = await world(converseReply(tokens));
    const answers = await Promise.all(Array.from({ length: 20 }, () => client.send(new ConverseCommand(ask()))));
    expect([server.received.length, ledger.reserved.length, asked.rate]).toEqual([1, 1, 1]);
    expect(new Set(answers.map(({ output }) => output)).size).toBe(20);
  });

  test('where the first fails, each of the others asks for itself, at once', async () => {
    const { client, server } = await world((_, index) =>
      index === 0 ? failure(400, 'ValidationException') : converseReply(tokens),
    );
    const sent = await Promise.allSettled(Array.from({ length: 5 }, () => client.send(new ConverseCommand(ask()))));
    expect(sent.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(server.received).toHaveLength(5);
  });

  test('one who gives up leaves the others waiting, and the first who gives up does not end theirs', async () => {
    const { client, server } = await world((_, index) => (index === 0 ? { hang: true } : converseReply(tokens)));
    const aborts = [1, 2, 3].map(() => new AbortController());
    const sent = aborts.map(({ signal }) => client.send(new ConverseCommand(ask()), { abortSignal: signal }));
    const settled = Promise.allSettled(sent);
    while (server.received.length === 0) await new Promise((resolve) => setTimeout(resolve, 2));
    aborts[1]!.abort();
    await expect(sent[1]).rejects.toThrow();
    aborts[0]!.abort();
    expect((await settled).map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });
});

describe('a store that processes share', () => {
  test('has the answer of another process', async () => {
    const documents = new DynamoDbFake(() => NOW).documents;
    const options = (): GuardedOptions => ({
      answers: dynamoDbAnswers({ tableName: 'answers', documents }),
      now: () => NOW,
    });
    const one = await world(converseReply(tokens), options());
    await one.client.send(new ConverseCommand(ask()));
    const two = await world(converseReply(tokens), options(), one.server);
    const answer = await two.client.send(new ConverseCommand(ask()));
    expect(answer.output!.message!.content).toEqual([{ text: 'yes' }]);
    expect(one.server.received).toHaveLength(1);
  });

  test.each<[string, AnswersPort]>([
    ['fails', { get: () => Promise.reject(new Error('away')), put: () => Promise.reject(new Error('away')) }],
    [
      'has what this release cannot read',
      { get: async () => ({ answer: Buffer.from('?'), expiresAt: NOW + 1 }), put: async () => {} },
    ],
    ['has what has expired', { get: async () => ({ answer: Buffer.from('?'), expiresAt: NOW }), put: async () => {} }],
  ])('that %s costs a request, never a call', async (_, answers) => {
    const { client, server } = await world(converseReply(tokens), { answers, now: () => NOW });
    await client.send(new ConverseCommand(ask()));
    expect(server.received).toHaveLength(1);
  });

  test('is not given what does not fit into an item', async () => {
    const fake = new DynamoDbFake();
    const store = dynamoDbAnswers({ tableName: 'answers', documents: fake.documents });
    await store.put('large', new Uint8Array(390_001), NOW);
    await store.put('fits', new Uint8Array(390_000), NOW);
    expect([...fake.items.keys()].map((key) => /large|fits/.exec(key)?.[0])).toEqual(['fits']);
  });
});

test('a limit that is used up does not matter to what is kept', async () => {
  const { client, ledger } = await world(converseReply(tokens), { config: { ...config, limit: usd('0.005') } });
  await client.send(new ConverseCommand(ask()));
  ledger.away = true;
  await client.send(new ConverseCommand(ask()));
});
