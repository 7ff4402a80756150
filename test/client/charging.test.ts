import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type BedrockRuntimeClientConfig,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { nanoUsd } from '../../core/money';
import { usageCost, type TokenUsage } from '../../core/prices';
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
} from '../helpers/bedrock-server';
import { CLAUDE, CONFIG, guarded, PROFILE, SMALL, type GuardedOptions } from '../helpers/guarded-client';

const servers: BedrockServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

async function world(
  answer: Reply | ((request: Received, index: number) => Reply),
  options: GuardedOptions & { readonly protocol?: 'h1' | 'h2' } = {},
) {
  const { protocol = 'h2', ...rest } = options;
  const server = await bedrockServer(typeof answer === 'function' ? answer : () => answer, protocol);
  servers.push(server);
  const client: BedrockRuntimeClientConfig = {
    maxAttempts: 1,
    ...(protocol === 'h1' ? { requestHandler: new NodeHttpHandler() } : {}),
    ...rest.client,
  };
  return { server, ...guarded(server.endpoint, { ...rest, client }) };
}

const ask = (text = 'hello', maxTokens?: number) => ({
  modelId: SMALL,
  messages: [{ role: 'user' as const, content: [{ text }] }],
  ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
});
const price = CONFIG.models[0]!.price;
const claudePrice = CONFIG.models[1]!.price;
const cost = (usage: Partial<TokenUsage>, of = price) =>
  usageCost({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...usage }, of);
const soon = async (check: () => boolean) => {
  for (let waited = 0; waited < 2_000 && !check(); waited += 5) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(check()).toBe(true);
};

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

describe('how a stream ends', () => {
  const full = (ledger: { reserved: readonly number[] }) => [{ amount: ledger.reserved[0], spent: ledger.reserved[0] }];

  test.each(['h1', 'h2'] as const)(
    'trap T3: a reader who breaks off over %s leaves no connection open',
    async (protocol) => {
      const { client, ledger, server } = await world(
        { events: converseEvents(undefined, ['a', 'b', 'c']), finally: 'stall' },
        { protocol },
      );
      const { stream } = await client.send(new ConverseStreamCommand(ask()));
      for await (const event of stream!) if (event.contentBlockDelta) break;
      await soon(() => server.open() === 0 && ledger.settled.length === 1);
      expect(ledger.settled).toEqual(full(ledger));
    },
  );

  test('with `drain` a reader who breaks off is charged what was used', async () => {
    const { client, ledger } = await world(
      { events: converseEvents({ input: 10, output: 20 }), everyMs: 5 },
      { earlyExit: { drainMs: 2_000 } },
    );
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    for await (const event of stream!) if (event.contentBlockDelta) break;
    await soon(() => ledger.settled.length === 1);
    expect(ledger.settled[0]!.spent).toBe(cost({ input: 10, output: 20 }));
  });

  test('with `drain` a stream that goes on for longer is charged in full, and closed', async () => {
    const { client, ledger, server } = await world(
      { events: converseEvents(undefined), finally: 'stall' },
      { earlyExit: { drainMs: 20 } },
    );
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    for await (const event of stream!) if (event.contentBlockDelta) break;
    await soon(() => server.open() === 0 && ledger.settled.length === 1);
    expect(ledger.settled).toEqual(full(ledger));
  });

  test.each(['h1', 'h2'] as const)(
    'trap T4: a reset over %s is charged in full, whether the loop fails or ends',
    async (protocol) => {
      const { client, ledger } = await world({ events: converseEvents(undefined), finally: 'reset' }, { protocol });
      const { stream } = await client.send(new ConverseStreamCommand(ask()));
      const read = (async () => {
        for await (const event of stream!) void event;
      })();
      if (protocol === 'h1') await expect(read).rejects.toThrow();
      else await read.catch(() => {});
      expect(ledger.settled).toEqual(full(ledger));
      expect(ledger.active).toBe(0);
    },
  );

  test('an exception event reaches the reader, and is charged in full once', async () => {
    const { client, ledger } = await world({
      events: [...converseEvents(undefined).slice(0, 2), ['modelStreamErrorException', { message: 'broken' }]],
    });
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    await expect(
      (async () => {
        for await (const event of stream!) void event;
      })(),
    ).rejects.toThrow('broken');
    expect(ledger.settled).toEqual(full(ledger));
  });

  test('an abort is charged in full, once', async () => {
    const { client, ledger } = await world({ events: converseEvents(undefined), finally: 'stall' });
    const abort = new AbortController();
    const { stream } = await client.send(new ConverseStreamCommand(ask()), { abortSignal: abort.signal });
    const read = (async () => {
      for await (const event of stream!) if (event.contentBlockStop) abort.abort();
    })();
    await read.catch(() => {});
    await soon(() => ledger.settled.length === 1);
    expect(ledger.settled).toEqual(full(ledger));
  });

  test('one that is never read is charged in full at its deadline, and closed', async () => {
    const { client, ledger, server } = await world(
      { events: converseEvents(undefined), finally: 'stall' },
      { streamDeadlineMs: 40 },
    );
    await client.send(new ConverseStreamCommand(ask()));
    expect(ledger.active).toBe(1);
    await soon(() => server.open() === 0 && ledger.settled.length === 1);
    expect(ledger.settled).toEqual(full(ledger));
  });

  test('a slow reader holds the provider back: no event is read before it is asked for', async () => {
    const many = converseEvents(
      { input: 1, output: 1 },
      Array.from({ length: 3_000 }, () => 'x'.repeat(1_000)),
    );
    const { client, ledger } = await world({ events: many });
    const { stream } = await client.send(new ConverseStreamCommand(ask()));
    const it = stream![Symbol.asyncIterator]();
    await it.next();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ledger.settled).toEqual([]);
    for (let step = await it.next(); step.done !== true; step = await it.next()) void step;
    expect(ledger.settled).toHaveLength(1);
  });
});

describe('attempts', () => {
  jest.setTimeout(20_000);

  test('trap T8: an attempt that failed inside is charged in full, and the next reserves again', async () => {
    const { client, ledger, server } = await world(
      (_, index) => (index === 0 ? failure(500, 'InternalServerException') : converseReply({ input: 10, output: 20 })),
      { client: { maxAttempts: 3 } },
    );
    await client.send(new ConverseCommand(ask()));
    expect(server.received).toHaveLength(2);
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([ledger.reserved[0], cost({ input: 10, output: 20 })]);
  });

  test('trap T8: a timeout may have been billed', async () => {
    const { client, ledger } = await world(
      { hang: true },
      {
        protocol: 'h1',
        client: {
          maxAttempts: 1,
          requestHandler: new NodeHttpHandler({ requestTimeout: 30, throwOnRequestTimeout: true }),
        },
      },
    );
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow();
    expect(ledger.settled).toEqual([{ amount: ledger.reserved[0], spent: ledger.reserved[0] }]);
  });

  test('a throttle hands its reservation to the next attempt', async () => {
    const { client, ledger, server } = await world(
      (_, index) => (index === 0 ? failure(429, 'ThrottlingException') : converseReply({ input: 10, output: 20 })),
      { client: { maxAttempts: 2 } },
    );
    await client.send(new ConverseCommand(ask()));
    expect(server.received).toHaveLength(2);
    expect(ledger.reserved).toHaveLength(1);
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([cost({ input: 10, output: 20 })]);
  });

  test.each([
    ['a refused request', failure(400, 'ValidationException')],
    ['a denied one', failure(403, 'AccessDeniedException')],
    ['a throttled one', failure(429, 'ThrottlingException')],
  ])('%s costs nothing', async (_, reply) => {
    const { client, ledger } = await world(reply);
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow();
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([0]);
  });

  test.each([
    ['408', failure(408, 'ModelTimeoutException')],
    ['424', failure(424, 'ModelErrorException')],
    ['500', failure(500, 'InternalServerException')],
  ])('a %s may have been billed, and is charged in full', async (_, reply) => {
    const { client, ledger } = await world(reply);
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow();
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([ledger.reserved[0]]);
  });

  test('a connection that nobody takes costs nothing; one that is cut off may have', async () => {
    const { client, ledger, server } = await world({ reset: true }, { protocol: 'h1' });
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow();
    expect(ledger.settled.map(({ spent }) => spent)).toEqual([ledger.reserved[0]]);
    await server.stop();
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow('ECONNREFUSED');
    expect(ledger.settled[1]!.spent).toBe(0);
  });

  test('without credentials nothing was sent, reserved or spent', async () => {
    const { client, ledger, server } = await world(converseReply({ input: 1, output: 1 }), {
      client: { credentials: () => Promise.reject(new Error('no credentials')) },
    });
    await expect(client.send(new ConverseCommand(ask()))).rejects.toThrow('no credentials');
    expect(server.received).toEqual([]);
    expect(ledger.active).toBe(0);
  });
});

describe('what is sent', () => {
  test("the environment's own profile, and a limit of tokens where the caller set none", async () => {
    const { client, server } = await world(converseReply({ input: 1, output: 1 }));
    const command = new ConverseCommand(ask());
    await client.send(command);
    expect(server.received[0]).toMatchObject({ modelId: PROFILE, body: { inferenceConfig: { maxTokens: 1_000 } } });
    // Trap T15: the command is the caller's, to be sent again as it was.
    expect(command.input).toEqual(ask());
  });

  test("the caller's own limit is kept", async () => {
    const { client, server } = await world(converseReply({ input: 1, output: 1 }));
    await client.send(new ConverseCommand(ask('hello', 77)));
    expect(server.received[0]!.body).toMatchObject({ inferenceConfig: { maxTokens: 77 } });
  });

  test("InvokeModel gets its limit in the words of the model's family", async () => {
    const { client, server } = await world(invokeReply({ input: 1, output: 1 }));
    await client.send(new InvokeModelCommand({ modelId: SMALL, body: JSON.stringify({ messages: [] }) }));
    await client.send(new InvokeModelCommand({ modelId: CLAUDE, body: JSON.stringify({ messages: [] }) }));
    expect(server.received.map(({ body }) => body)).toEqual([
      { messages: [], inferenceConfig: { maxTokens: 1_000 } },
      { messages: [], max_tokens: 1_000 },
    ]);
  });

  test('a missing maxTokens reserves what the default allows, not the whole budget', async () => {
    const { client, ledger } = await world(converseReply({ input: 1, output: 1 }));
    await client.send(new ConverseCommand(ask()));
    expect(ledger.reserved[0]).toBeLessThan(cost({ input: 1_000, output: 1_000 }));
    expect(ledger.reserved[0]).toBeGreaterThanOrEqual(cost({ output: 1_000 }));
  });
});
