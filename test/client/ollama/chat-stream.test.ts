import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { localConverseStream, LocalModelFailed } from '../../../client/ollama/chat';
import { chatLines, type LocalReply } from '../../helpers/ollama-server';
import { soon } from '../../helpers/soon';
import { CALL, INPUT, call, events, last, lineOf, names, readOf } from './local-chat';

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
    expect(last.server?.received[0]?.stream).toBe(true);
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
    await soon(() => last.server?.open() === 0);
  });

  test('an abort ends the reading, as the SDK throws it, and closes the request', async () => {
    const controller = new AbortController();
    const asked = await call({ chunks: [lineOf(['a'])], finally: 'stall' }, controller.signal);
    const reading = readOf(await localConverseStream(asked));
    const reason = new Error('the user left');
    setTimeout(() => controller.abort(reason), 20);
    expect((await reading).error).toMatchObject({ name: 'AbortError', cause: reason });
    await soon(() => last.server?.open() === 0);
  });
});
