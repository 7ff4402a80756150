import { afterEach, describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type {
  ConverseCommandOutput,
  ConverseStreamCommandOutput,
  ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { localConverse, localConverseStream, LocalModelFailed } from '../../../client/ollama/chat';
import { chatAnswer, chatLines, ollamaServer, type LocalReply, type OllamaServer } from '../../helpers/ollama-server';

const servers: OllamaServer[] = [];
/** Of the last call. */
let server: OllamaServer | undefined;
afterEach(async () => {
  for (const one of servers.splice(0)) await one.stop();
});

const INPUT = { messages: [{ role: 'user', content: [{ text: 'Why?' }] }] };
const CALL = { function: { name: 'weather', arguments: { city: 'Łódź' } } };

async function call(reply: LocalReply, signal?: AbortSignal) {
  server = await ollamaServer(() => reply);
  servers.push(server);
  return { endpoint: server.endpoint, tag: 'llama3.1:8b', input: INPUT, maxTokens: 100, signal };
}

/** Without a cast: the compiler holds the answers to the SDK's own types. */
const converse = async (reply: LocalReply, signal?: AbortSignal): Promise<ConverseCommandOutput> =>
  localConverse(await call(reply, signal));

/** Up to the end, and how it ended. */
async function readOf({ stream }: ConverseStreamCommandOutput) {
  const seen: ConverseStreamOutput[] = [];
  try {
    for await (const event of stream ?? []) seen.push(event);
  } catch (error) {
    return { seen, error };
  }
  return { seen, error: undefined };
}

async function events(reply: LocalReply): Promise<ConverseStreamOutput[]> {
  const { seen, error } = await readOf(await localConverseStream(await call(reply)));
  expect(error).toBeUndefined();
  return seen;
}

const names = (seen: readonly ConverseStreamOutput[]) => seen.map((event) => Object.keys(event)[0]);
const lineOf = (words: readonly string[], more?: Parameters<typeof chatLines>[1]) =>
  Buffer.from(`${chatLines(words, more).toString().split('\n')[0]}\n`);

const eventually = async (holds: () => boolean) => {
  for (let tries = 0; tries < 200 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 10));
  expect(holds()).toBe(true);
};

describe('an answer of a local model, in the shape of Converse', () => {
  test('text, and what it took', async () => {
    expect(await converse(chatAnswer({ content: 'Because.' }))).toEqual({
      $metadata: { attempts: 1, totalRetryDelay: 0 },
      output: { message: { role: 'assistant', content: [{ text: 'Because.' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 26, outputTokens: 12, totalTokens: 38 },
      metrics: { latencyMs: 1_500 },
    });
    expect(server?.received[0]).toMatchObject({ model: 'llama3.1:8b', stream: false, options: { num_predict: 100 } });
  });

  test.each([
    ['length', 'max_tokens'],
    ['stop', 'end_turn'],
    [undefined, 'end_turn'],
  ])('done_reason %s is %s', async (done_reason, stopReason) => {
    expect(await converse(chatAnswer({ content: 'x' }, { done_reason }))).toMatchObject({ stopReason });
  });

  test('calls of tools have ids of their own, by which a result names them', async () => {
    const answer = await converse(chatAnswer({ tool_calls: [CALL, CALL] }));
    const content = answer.output?.message?.content ?? [];
    expect(content).toMatchObject([
      { toolUse: { name: 'weather', input: { city: 'Łódź' } } },
      { toolUse: { name: 'weather', input: { city: 'Łódź' } } },
    ]);
    expect(new Set(content.map(({ toolUse }) => toolUse?.toolUseId)).size).toBe(2);
    expect(answer.stopReason).toBe('tool_use');
  });

  test('a prompt that Ollama had in its own cache has no count of its tokens', async () => {
    const { usage } = await converse(chatAnswer({ content: 'x' }, { prompt_eval_count: undefined }));
    expect(usage).toEqual({ inputTokens: 0, outputTokens: 12, totalTokens: 12 });
  });

  test.each<[string, LocalReply, string]>([
    ['no such model', { status: 404, json: { error: "model 'llama3.1:8b' not found" } }, 'answered 404'],
    ['an error inside', { status: 500, json: { error: 'out of memory' } }, 'out of memory'],
    ['an error in an answer', { json: { error: 'unexpected EOF' } }, 'unexpected EOF'],
    ['no JSON', { text: '<html>' }, 'answered no JSON'],
    ['another server that speaks JSON', { json: {} }, 'no whole chat'],
    ['an answer that is not done', chatAnswer({ content: 'Be' }, { done: false }), 'no whole chat'],
    ['an answer cut off', { chunks: [Buffer.from('{"message":')], finally: 'cut' }, 'answered no JSON'],
  ])('%s is for the next tier', async (_, reply, why) => {
    await expect(converse(reply)).rejects.toBeInstanceOf(LocalModelFailed);
    await expect(converse(reply)).rejects.toThrow(why);
  });

  test('nobody listens', async () => {
    const asked = await call(chatAnswer({}));
    await server?.stop();
    for (const ask of [localConverse, localConverseStream]) {
      await expect(ask(asked)).rejects.toBeInstanceOf(LocalModelFailed);
    }
  });

  test('a redirect is not followed: the prompt would go to an address that nobody configured', async () => {
    const elsewhere = await ollamaServer(() => chatAnswer({ content: 'from elsewhere' }));
    servers.push(elsewhere);
    const asked = converse({ location: `${elsewhere.endpoint}/api/chat` });
    await expect(asked).rejects.toBeInstanceOf(LocalModelFailed);
    expect(elsewhere.received).toEqual([]);
  });

  test.each<[string, LocalReply]>([
    ['before the answer', { hang: true }],
    ['within the answer', { chunks: [Buffer.from('{"message":')], finally: 'stall' }],
    ['within what says that it failed', { status: 500, chunks: [Buffer.from('{"error":')], finally: 'stall' }],
  ])('an abort %s is the caller’s own, as the SDK throws it, and closes the request', async (_, reply) => {
    const controller = new AbortController();
    const answer = converse(reply, controller.signal);
    await eventually(() => server?.open() === 1);
    const reason = new Error('the user left');
    setTimeout(() => controller.abort(reason), 20);
    await expect(answer).rejects.toMatchObject({ name: 'AbortError', message: 'Request aborted', cause: reason });
    await eventually(() => server?.open() === 0);
  });

  test('what is aborted already is not asked', async () => {
    const aborted = converse(chatAnswer({ content: 'x' }), AbortSignal.abort('too late'));
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError', message: 'too late' });
    expect(server?.received).toEqual([]);
  });
});

const TOOLS = { toolConfig: { tools: [{ toolSpec: { name: 'weather', inputSchema: { json: {} } } }] } };
const NO_ANSWERS: readonly [string, Record<string, unknown>, Record<string, unknown>, string][] = [
  ['loaded the model only', { content: '' }, { done_reason: 'load' }, 'only loaded'],
  ['said nothing', { content: '' }, {}, 'said nothing'],
  ['said blanks', { content: ' \n' }, {}, 'said nothing'],
  ['thought only', { content: '', thinking: 'hm' }, {}, 'said nothing'],
  ['was cut before it spoke', { content: '' }, { done_reason: 'length' }, 'said nothing'],
  ['wrote its call', { content: '{"name": "weather", "parameters": {"city": "x"}}' }, {}, 'as text'],
  ['wrote its call with a fence', { content: '```json\n[{"name":"weather","arguments":{}}]\n```' }, {}, 'as text'],
  ['wrote its call in tags', { content: '<tool_call>{"name": "weather"}</tool_call>' }, {}, 'as text'],
  ['wrote half its call', { content: '{"name": "weather", "parameters": {"ci' }, {}, 'as text'],
  ['gave a call without a name', { content: '', tool_calls: [{ function: { arguments: {} } }] }, {}, 'half a call'],
  [
    'gave a call that is text',
    { content: '', tool_calls: [{ function: { name: 'weather', arguments: '{"a' } }] },
    {},
    'half a call',
  ],
];

describe('a local model that has no answer is for the next tier', () => {
  test.each(NO_ANSWERS)('%s', async (_, message, more, why) => {
    const asked = { ...(await call(chatAnswer(message, more))), input: { ...INPUT, ...TOOLS } };
    await expect(localConverse(asked)).rejects.toBeInstanceOf(LocalModelFailed);
    await expect(localConverse(asked)).rejects.toThrow(why);
  });

  test.each(NO_ANSWERS)('%s, as a stream: before its reader has an event', async (_, message, more, why) => {
    const line = Buffer.from(`${JSON.stringify({ message, done: true, done_reason: 'stop', ...more })}\n`);
    const asked = { ...(await call({ chunks: [line] })), input: { ...INPUT, ...TOOLS } };
    await expect(localConverseStream(asked)).rejects.toBeInstanceOf(LocalModelFailed);
    await expect(localConverseStream(asked)).rejects.toThrow(why);
  });

  test('JSON that is no call is an answer, and so is any where no tool was offered', async () => {
    const reply = { content: '{"name": "Łódź"}' };
    const asked = { ...(await call(chatAnswer(reply))), input: { ...INPUT, ...TOOLS } };
    expect((await localConverse(asked)).output?.message?.content).toEqual([{ text: reply.content }]);
    const seen = await readOf(
      await localConverseStream({
        ...(await call({ chunks: [chatLines(['{"name"', ': "Łódź"}'])] })),
        input: { ...INPUT, ...TOOLS },
      }),
    );
    const texts = seen.seen.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('');
    expect(texts).toBe(reply.content);
    expect(names(seen.seen).at(-1)).toBe('metadata');
    expect(await converse(chatAnswer({ content: '{"name": "weather"}' }))).toMatchObject({ stopReason: 'end_turn' });
  });
});

describe('a stream of a local model, in the events of ConverseStream', () => {
  test('text', async () => {
    expect(await events({ chunks: [chatLines(['Be', 'cause.'])] })).toEqual([
      { messageStart: { role: 'assistant' } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'Be' } } },
      { contentBlockDelta: { contentBlockIndex: 0, delta: { text: 'cause.' } } },
      { contentBlockStop: { contentBlockIndex: 0 } },
      { messageStop: { stopReason: 'end_turn' } },
      {
        metadata: {
          usage: { inputTokens: 26, outputTokens: 12, totalTokens: 38 },
          metrics: { latencyMs: 1_500 },
        },
      },
    ]);
    expect(server?.received[0]?.stream).toBe(true);
  });

  test('text, and then calls of tools: a block each', async () => {
    const seen = await events({ chunks: [chatLines(['Look.'], { calls: [CALL, CALL] })] });
    expect(seen.map((event) => Object.keys(event)[0])).toEqual([
      'messageStart',
      ...['contentBlockDelta', 'contentBlockStop'],
      ...['contentBlockStart', 'contentBlockDelta', 'contentBlockStop'],
      ...['contentBlockStart', 'contentBlockDelta', 'contentBlockStop'],
      ...['messageStop', 'metadata'],
    ]);
    expect(seen.flatMap(({ contentBlockStart }) => contentBlockStart?.contentBlockIndex ?? [])).toEqual([1, 2]);
    expect(seen[4]).toEqual({
      contentBlockDelta: { contentBlockIndex: 1, delta: { toolUse: { input: '{"city":"Łódź"}' } } },
    });
    expect(seen.at(-2)).toEqual({ messageStop: { stopReason: 'tool_use' } });
  });

  test('text again after a call of a tool is a block of its own', async () => {
    const bytes = Buffer.concat([lineOf([], { calls: [CALL] }), chatLines(['Done.'])]);
    const seen = await events({ chunks: [bytes] });
    expect(names(seen)).toEqual([
      'messageStart',
      ...['contentBlockStart', 'contentBlockDelta', 'contentBlockStop'],
      ...['contentBlockDelta', 'contentBlockStop'],
      ...['messageStop', 'metadata'],
    ]);
    expect(seen[4]).toEqual({ contentBlockDelta: { contentBlockIndex: 1, delta: { text: 'Done.' } } });
    expect(seen[5]).toEqual({ contentBlockStop: { contentBlockIndex: 1 } });
  });

  test.each([
    ['length', 'max_tokens'],
    ['stop', 'end_turn'],
  ])(
    'done_reason %s is %s; the last line may have no message, and no count of a prompt that was cached',
    async (...it) => {
      const last = { message: undefined, prompt_eval_count: undefined, done_reason: it[0] };
      const seen = await events({ chunks: [chatLines(['x'], { last })] });
      expect(seen.at(-2)).toEqual({ messageStop: { stopReason: it[1] } });
      expect(seen.at(-1)?.metadata?.usage).toEqual({ inputTokens: 0, outputTokens: 12, totalTokens: 12 });
    },
  );

  test('what a model thinks first is no part of its answer', async () => {
    const thought = Buffer.from(
      `${JSON.stringify({ message: { role: 'assistant', content: '', thinking: 'Hm.' }, done: false })}\n`,
    );
    const plain = await events({ chunks: [chatLines(['So.'])] });
    expect(await events({ chunks: [thought, chatLines(['So.'])] })).toEqual(plain);
  });

  describe('however its bytes are cut, within lines and characters, the events are the same', () => {
    const bytes = chatLines(['a', 'żółć', '日本', '😀', '{"not":"a line"}\n'], { calls: [CALL] });
    /** Over a socket pieces may come together; here each comes by itself. */
    async function cutAt(places: readonly number[], end: Uint8Array = bytes) {
      const ends = [...new Set([...places].sort((a, b) => a - b)), end.length];
      const chunks = ends.map((to, n) => end.subarray(n === 0 ? 0 : ends[n - 1], to));
      const body = new ReadableStream<Uint8Array>({
        pull: (to) => {
          const chunk = chunks.shift();
          if (chunk) to.enqueue(chunk);
          else to.close();
        },
      });
      const fetched = jest.spyOn(globalThis, 'fetch').mockResolvedValue(new Response(body));
      const asked = { endpoint: 'http://localhost:1', tag: 't', input: INPUT, maxTokens: 1 };
      const { seen, error } = await readOf(await localConverseStream(asked));
      fetched.mockRestore();
      expect(error).toBeUndefined();
      // The id of a call is new each time.
      return JSON.stringify(seen).replace(/local_[0-9a-f-]+/g, 'local');
    }

    test('anywhere', async () => {
      const whole = await cutAt([]);
      expect(whole).toContain('😀');
      await fc.assert(
        fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 40 }), async (places) => {
          expect(await cutAt(places)).toBe(whole);
        }),
      );
    });

    test('at each byte, and without the last end of line', async () => {
      const whole = await cutAt([]);
      const unended = bytes.subarray(0, bytes.length - 1);
      for (const end of [bytes, unended]) expect(await cutAt([...end.keys()], end)).toBe(whole);
    });

    test('over a connection', async () => {
      const chunks = [...bytes.keys()].map((at) => bytes.subarray(at, at + 1));
      const seen = JSON.stringify(await events({ chunks }));
      expect(seen.replace(/local_[0-9a-f-]+/g, 'local')).toBe(await cutAt([]));
    });
  });

  test.each<[string, LocalReply, string]>([
    ['an error', { chunks: [lineOf(['Be']), Buffer.from('{"error":"out of memory"}\n')] }, 'out of memory'],
    ['its end before it is done', { chunks: [lineOf(['Be'])] }, 'in the middle of its answer'],
    ['an end in the midst of a line', { chunks: [lineOf(['Be']), Buffer.from('{"mess')] }, 'broke off'],
    ['a cut of the connection', { chunks: [lineOf(['Be'])], finally: 'cut' }, 'broke off'],
    ['a line that is no JSON', { chunks: [lineOf(['Be']), Buffer.from('<html>\n')] }, 'broke off'],
  ])('%s after the first words is an error of the stream, never a silent end', async (_, reply, why) => {
    const { seen, error } = await readOf(await localConverseStream(await call(reply)));
    expect(names(seen)).toEqual(['messageStart', 'contentBlockDelta']);
    expect(error).toBeInstanceOf(LocalModelFailed);
    expect(String(error)).toContain(why);
  });

  test.each<[string, LocalReply]>([
    ['no such model', { status: 404, json: { error: "model 'llama3.1:8b' not found" } }],
    ['an error inside', { status: 500, json: { error: 'out of memory' } }],
  ])('%s: there is no stream, and the next tier can be asked', async (_, reply) => {
    await expect(localConverseStream(await call(reply))).rejects.toBeInstanceOf(LocalModelFailed);
  });

  test('a reader who leaves closes the request', async () => {
    const { stream } = await localConverseStream(await call({ chunks: [lineOf(['a'])], finally: 'stall' }));
    for await (const event of stream ?? []) if (event.contentBlockDelta) break;
    await eventually(() => server?.open() === 0);
  });

  test('an abort ends the reading, as the SDK throws it, and closes the request', async () => {
    const controller = new AbortController();
    const asked = await call({ chunks: [lineOf(['a'])], finally: 'stall' }, controller.signal);
    const reading = readOf(await localConverseStream(asked));
    const reason = new Error('the user left');
    setTimeout(() => controller.abort(reason), 20);
    expect((await reading).error).toMatchObject({ name: 'AbortError', cause: reason });
    await eventually(() => server?.open() === 0);
  });
});
