import { describe, expect, test } from '@jest/globals';
import { localConverse, localConverseStream, LocalModelFailed } from '../../../client/ollama/chat';
import { chatAnswer, chatLines, ollamaServer, type LocalReply } from '../../helpers/ollama-server';
import { soon } from '../../helpers/soon';
import { CALL, INPUT, call, converse, last, names, readOf, servers } from './local-chat';

describe('an answer of a local model, in the shape of Converse', () => {
  test('text, and what it took', async () => {
    expect(await converse(chatAnswer({ content: 'Because.' }))).toEqual({
      $metadata: { attempts: 1, totalRetryDelay: 0 },
      output: { message: { role: 'assistant', content: [{ text: 'Because.' }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 26, outputTokens: 12, totalTokens: 38 },
      metrics: { latencyMs: 1_500 },
    });
    expect(last.server?.received[0]).toMatchObject({
      model: 'llama3.1:8b',
      stream: false,
      options: { num_predict: 100 },
    });
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
    await last.server?.stop();
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
    await soon(() => last.server?.open() === 1);
    const reason = new Error('the user left');
    setTimeout(() => controller.abort(reason), 20);
    await expect(answer).rejects.toMatchObject({ name: 'AbortError', message: 'Request aborted', cause: reason });
    await soon(() => last.server?.open() === 0);
  });

  test('what is aborted already is not asked', async () => {
    const aborted = converse(chatAnswer({ content: 'x' }), AbortSignal.abort('too late'));
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError', message: 'too late' });
    expect(last.server?.received).toEqual([]);
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
