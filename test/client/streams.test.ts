import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import fc from 'fast-check';
import {
  bedrockServer,
  converseEvents,
  encoded,
  EVENT_STREAM,
  invokeEvents,
  type BedrockServer,
  type Reply,
  type StreamEvent,
} from '../helpers/bedrock-server';
import { CLAUDE, guarded, SMALL, type GuardedOptions } from '../helpers/guarded-client';

jest.setTimeout(60_000);

const servers: BedrockServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

type Protocol = 'h1' | 'h2';
const PROTOCOLS: readonly Protocol[] = ['h1', 'h2'];

async function world(reply: Reply | (() => Reply), protocol: Protocol, options: GuardedOptions = {}) {
  const server = await bedrockServer(typeof reply === 'function' ? reply : () => reply, protocol);
  servers.push(server);
  const handler = protocol === 'h1' ? { requestHandler: new NodeHttpHandler() } : {};
  return { server, ...guarded(server.endpoint, { ...options, client: { maxAttempts: 1, ...handler } }) };
}
type World = Awaited<ReturnType<typeof world>>;

const ask = { modelId: SMALL, messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }] };
const body = JSON.stringify({ max_tokens: 50, messages: [] });
const tokens = { input: 10, output: 20 };
const exact = 10 * 1_000 + 20 * 4_000;

/** Up to the end, and how it ended. */
async function read(stream: AsyncIterable<unknown> | undefined) {
  let seen = 0;
  try {
    for await (const event of stream!) seen += event === undefined ? 0 : 1;
  } catch (error) {
    return { seen, error: error as Error & { by?: string } };
  }
  return { seen, error: undefined };
}
/** The SDK reads the first event before it gives the stream: what that one fails by, `send` throws. */
const thrown = (error: unknown) => ({ seen: 0, error: error as Error & { by?: string } });
const converse = ({ client }: World, signal?: AbortSignal) =>
  client
    .send(new ConverseStreamCommand(ask), signal ? { abortSignal: signal } : {})
    .then(({ stream }) => read(stream), thrown);
const invoke = ({ client }: World) =>
  client
    .send(new InvokeModelWithResponseStreamCommand({ modelId: CLAUDE, body }))
    .then((sent) => read(sent.body), thrown);

const spent = ({ ledger }: World) => ledger.settled.map((each) => each.spent as number);
const reserved = ({ ledger }: World) => ledger.reserved.map(Number);
const ends = ({ events }: World) =>
  events.map(({ attributes }) => attributes['spend_guard.stream_end']).filter(Boolean);

const start: StreamEvent = ['messageStart', { role: 'assistant' }];
const started: StreamEvent = [
  'chunk',
  { bytes: Buffer.from('{"type":"message_start","message":{}}').toString('base64') },
];
const counted: StreamEvent = [
  'chunk',
  { bytes: Buffer.from('{"type":"message_start","message":{"usage":{"input_tokens":7}}}').toString('base64') },
];
const throttle: StreamEvent = ['throttlingException', { message: 'slow down' }];

describe.each(PROTOCOLS)('a refusal inside a stream, over %s', (protocol) => {
  test.each<[string, readonly StreamEvent[]]>([
    ['at once', [throttle]],
    ['after the message began', [start, throttle]],
    ['of high demand', [start, ['serviceUnavailableException', { message: 'busy' }]]],
    ['of the request', [['validationException', { message: 'no' }]]],
  ])('%s, before any token, costs nothing', async (_, events) => {
    const here = await world({ events }, protocol);
    expect((await converse(here)).error?.name).toMatch(/^(Throttling|ServiceUnavailable|Validation)Exception$/);
    expect(spent(here)).toEqual([0]);
  });

  test('of InvokeModel costs nothing, or what was counted by then', async () => {
    for (const [events, cost] of [
      [[throttle], 0],
      [[started, throttle], 0],
      [[counted, throttle], 7_000],
    ] as const) {
      const here = await world({ events }, protocol);
      expect((await invoke(here)).error?.name).toBe('ThrottlingException');
      expect(spent(here)).toEqual([cost]);
    }
  });

  test('after a token is charged in full', async () => {
    for (const [events, send] of [
      [[...converseEvents(undefined).slice(0, 2), throttle], converse],
      [[...invokeEvents(undefined), throttle], invoke],
    ] as const) {
      const here = await world({ events }, protocol);
      expect((await send(here)).error?.name).toBe('ThrottlingException');
      expect(spent(here)).toEqual(reserved(here));
    }
  });

  test('what a model failed by may have been billed, also before a token', async () => {
    const here = await world({ events: [start, ['modelStreamErrorException', { message: 'broken' }]] }, protocol);
    expect((await converse(here)).error).toBeDefined();
    expect(spent(here)).toEqual(reserved(here));
  });
});

describe.each(PROTOCOLS)('a stream that breaks off, over %s', (protocol) => {
  test.each<[string, readonly StreamEvent[], 'end' | 'reset']>([
    ['reset after a token', converseEvents(undefined).slice(0, 3), 'reset'],
    ['reset before its usage', converseEvents(undefined), 'reset'],
    ['ended after a token', converseEvents(undefined).slice(0, 3), 'end'],
    ['ended before its usage', converseEvents(undefined), 'end'],
    ['ended without its reason', converseEvents(tokens).filter(([type]) => type !== 'messageStop'), 'end'],
    ['ended before anything', [], 'end'],
  ])('%s is an error to its reader, and is not reported as read', async (_, events, how) => {
    const here = await world({ events, finally: how }, protocol);
    const { seen, error } = await converse(here);
    expect(error).toBeDefined();
    expect(seen).toBe(events.length);
    expect(here.ledger.settled).toHaveLength(1);
    expect(ends(here)).not.toContain('read');
  });

  test('of InvokeModel likewise', async () => {
    const anthropic = [started, ...invokeEvents(undefined)];
    for (const events of [invokeEvents(undefined), anthropic, []]) {
      for (const how of ['end', 'reset'] as const) {
        const here = await world({ events, finally: how }, protocol);
        expect((await invoke(here)).error).toBeDefined();
        expect(spent(here)).toEqual(reserved(here));
        expect(ends(here)).not.toContain('read');
      }
    }
  });

  test('by its own caller is an abort', async () => {
    const here = await world({ events: converseEvents(undefined).slice(0, 3), finally: 'stall' }, protocol);
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 60);
    const { error } = await converse(here, abort.signal);
    if (protocol === 'h2') expect(error?.name).toBe('AbortError');
    else expect(error).toBeDefined();
    expect(spent(here)).toEqual(reserved(here));
  });
});

describe.each(PROTOCOLS)('a long stream, over %s', (protocol) => {
  const many = converseEvents(
    tokens,
    Array.from({ length: 16 }, () => 'x'),
  );

  test('lives as long as its events flow', async () => {
    const here = await world({ events: many, everyMs: 30 }, protocol, { streamDeadlineMs: 200 });
    expect(await converse(here)).toEqual({ seen: many.length, error: undefined });
    expect(spent(here)).toEqual([exact]);
  });

  test('is cut off after a silence, with an error that says so, once', async () => {
    const here = await world({ events: many.slice(0, 9), finally: 'stall' }, protocol, { streamDeadlineMs: 80 });
    const { seen, error } = await converse(here);
    expect(seen).toBe(9);
    expect(error).toMatchObject({ name: 'StreamCutOff', by: 'guard' });
    expect(spent(here)).toEqual(reserved(here));
    expect(ends(here)).toEqual(['unread']);
    while (here.server.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('one that was cut off before it was read is an error to a late reader', async () => {
    const here = await world({ events: many }, protocol, { streamDeadlineMs: 30 });
    const { stream } = await here.client.send(new ConverseStreamCommand(ask));
    await new Promise((resolve) => setTimeout(resolve, 90));
    expect(await read(stream)).toMatchObject({ seen: 0, error: { name: 'StreamCutOff', by: 'guard' } });
    expect(here.ledger.settled).toHaveLength(1);
  });
});

describe('bad input', () => {
  const chunk = (json: object | string): StreamEvent => [
    'chunk',
    { bytes: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)).toString('base64') },
  ];
  const count = fc.oneof(
    fc.integer({ min: 0, max: 3_000 }),
    fc.constantFrom(-1, 1.5, 1e9 + 1, 1e15, 1e300, null, 'many', undefined),
  );
  const usage = fc.record({ input_tokens: count, output_tokens: count }, { requiredKeys: [] });
  const good = (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1e9 ? value : undefined;
  const chunkOf = fc.oneof(
    usage.map((each) => ({ type: 'message_start', message: { usage: each } })),
    usage.map((each) => ({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: each })),
    fc.constantFrom<object | string>(
      { type: 'content_block_delta', delta: { text: 'x' } },
      { type: 'new' },
      'no JSON',
      '[]',
      '7',
    ),
    fc
      .record({ inputTokenCount: count, outputTokenCount: count }, { requiredKeys: [] })
      .map((each) => ({ type: 'message_stop', 'amazon-bedrock-invocationMetrics': each })),
  );

  /** By another way than the product: every count that stands somewhere, the largest of each. */
  function proved(chunks: readonly (object | string)[]): number {
    const most = { input: 0, output: 0 };
    const visit = (value: unknown) => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (name.startsWith('input')) most.input = Math.max(most.input, good(inner) ?? 0);
        if (name.startsWith('output')) most.output = Math.max(most.output, good(inner) ?? 0);
        visit(inner);
      }
    };
    chunks.forEach(visit);
    return most.input * 1_000 + most.output * 4_000;
  }

  test('counts of any kind and order: charged once, never below what they prove, and given on as they are', async () => {
    let reply: Reply = { hang: true };
    const here = await world(() => reply, 'h2');
    const property = fc.asyncProperty(fc.array(chunkOf, { maxLength: 6 }), async (chunks) => {
      const before = here.ledger.settled.length;
      reply = { events: chunks.map(chunk) };
      const { seen } = await invoke(here);
      expect(seen).toBe(chunks.length);
      const settled = here.ledger.settled.slice(before);
      expect(settled).toHaveLength(1);
      expect(settled[0]!.spent).toBeGreaterThanOrEqual(proved(chunks));
      expect([proved(chunks), Math.max(proved(chunks), settled[0]!.amount)]).toContain(settled[0]!.spent);
      expect(here.ledger.active).toBe(0);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test.each(PROTOCOLS)(
    'a stream cut off after any byte, over %s: charged once, an error, never read',
    async (protocol) => {
      const all = Buffer.concat([...converseEvents(tokens)].map(([type, payload]) => encoded(type, payload)));
      let reply: Reply = { hang: true };
      const here = await world(() => reply, protocol);
      const cuts = [...Array.from({ length: 40 }, (_, at) => Math.floor((at * all.length) / 40)), all.length - 1];
      for (const finish of ['end', 'reset'] as const) {
        for (const cut of cuts) {
          const before = here.ledger.settled.length;
          reply = { bytes: all.subarray(0, cut), contentType: EVENT_STREAM, finally: finish };
          const { error } = await converse(here);
          expect({ cut, error: error !== undefined }).toEqual({ cut, error: true });
          expect(here.ledger.settled.slice(before)).toHaveLength(1);
          expect(here.ledger.settled.at(-1)!.spent).toBe(here.ledger.settled.at(-1)!.amount);
        }
      }
      reply = { bytes: all, contentType: EVENT_STREAM };
      expect((await converse(here)).error).toBeUndefined();
      expect(here.ledger.settled.at(-1)!.spent).toBe(exact);
    },
  );

  test('events of unknown types are given on, and two usages are the dearer of both', async () => {
    const events: readonly StreamEvent[] = [
      ...converseEvents({ input: 11, output: 20 }),
      ['somethingNew', { usage: { inputTokens: 99 } }],
      ...converseEvents({ input: 10, output: 21 }).slice(-1),
    ];
    const here = await world({ events }, 'h2');
    expect((await converse(here)).error).toBeUndefined();
    expect(spent(here)).toEqual([11 * 1_000 + 21 * 4_000]);
  });

  test.each(['no JSON', ' ', '[]', 'null', '{"usage":"none"}', '{"usage":[{"input_tokens":1}]}'])(
    'a body of %j is given on as it is, and charged in full',
    async (text) => {
      const here = await world({ bytes: Buffer.from(text), contentType: 'application/json' }, 'h2');
      const answer = await here.client.send(new InvokeModelCommand({ modelId: CLAUDE, body }));
      expect(answer.body.transformToString()).toBe(text);
      expect(spent(here)).toEqual(reserved(here));
    },
  );

  test('a body that proves more than was reserved is charged what it proves, though not all is told', async () => {
    const text = '{"usage":{"output_tokens":5000}}';
    const here = await world({ bytes: Buffer.from(text), contentType: 'application/json' }, 'h2');
    await here.client.send(new InvokeModelCommand({ modelId: CLAUDE, body }));
    expect(spent(here)).toEqual([5_000 * 4_000]);
    expect(reserved(here)[0]).toBeLessThan(5_000 * 4_000);
  });
});
