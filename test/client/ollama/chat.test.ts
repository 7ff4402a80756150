import { afterEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConverseCommandOutput, ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
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

const converse = async (reply: LocalReply, signal?: AbortSignal) =>
  (await localConverse(await call(reply, signal))) as ConverseCommandOutput;

async function events(reply: LocalReply, signal?: AbortSignal): Promise<ConverseStreamOutput[]> {
  const { stream } = (await localConverseStream(await call(reply, signal))) as {
    stream: AsyncIterable<ConverseStreamOutput>;
  };
  const seen: ConverseStreamOutput[] = [];
  for await (const event of stream) seen.push(event);
  return seen;
}

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

  test('an abort is the caller’s own, and closes the request', async () => {
    const controller = new AbortController();
    const answer = converse({ hang: true }, controller.signal);
    await eventually(() => server?.open() === 1);
    controller.abort();
    await expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    await eventually(() => server?.open() === 0);
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

  test('however its bytes are cut, within lines and characters, the events are the same', async () => {
    const bytes = chatLines(['a', 'żółć', '日本', '😀', '{"not":"a line"}\n']);
    const whole = await events({ chunks: [bytes] });
    await server?.stop();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(bytes.length), { maxLength: 8 }), async (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((to, n) => bytes.subarray(places[n], to));
        expect(await events({ chunks })).toEqual(whole);
        await server?.stop();
      }),
      { numRuns: 60 },
    );
  });

  test.each<[string, LocalReply]>([
    [
      'an error in the midst',
      { chunks: [chatLines(['Be']).subarray(0, 120), Buffer.from('\n{"error":"out of memory"}\n')] },
    ],
    ['it ends in the midst', { chunks: [Buffer.from(chatLines(['Be', 'cause']).toString().split('\n')[0] + '\n')] }],
    [
      'the connection is cut',
      { chunks: [Buffer.from(chatLines(['Be']).toString().split('\n')[0] + '\n')], finally: 'cut' },
    ],
    ['a line that is no JSON', { chunks: [Buffer.from('<html>\n')] }],
  ])('%s: an error, never a silent end', async (_, reply) => {
    await expect(events(reply)).rejects.toBeInstanceOf(LocalModelFailed);
  });

  test('a reader who leaves closes the request', async () => {
    const asked = await call({ chunks: [chatLines(['a', 'b']).subarray(0, 150)], finally: 'stall' });
    const { stream } = (await localConverseStream(asked)) as { stream: AsyncIterable<object> };
    for await (const event of stream) if ('contentBlockDelta' in event) break;
    await eventually(() => server?.open() === 0);
  });

  test('an abort ends the reading', async () => {
    const controller = new AbortController();
    const reading = events({ chunks: [], finally: 'stall' }, controller.signal);
    await eventually(() => server?.open() === 1);
    controller.abort();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
    await eventually(() => server?.open() === 0);
  });
});
