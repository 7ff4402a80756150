import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { ConverseStreamOutput } from '@aws-sdk/client-bedrock-runtime';
import { askLocally } from '../../../client/ollama/ask';
import { LocalModelFailed } from '../../../client/ollama/chat';
import type { MeteredOperation } from '../../../core/in-path/operations';
import { chatAnswer, chatLines, ollamaServer, type LocalReply, type OllamaServer } from '../../helpers/ollama-server';

let server: OllamaServer;
afterEach(() => {
  jest.useRealTimers();
  return server.stop();
});

interface Asking {
  readonly operation?: MeteredOperation;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

async function ask(reply: LocalReply, { operation = 'Converse', signal, timeoutMs = 5_000 }: Asking = {}) {
  server = await ollamaServer(() => reply);
  const told: { name: string; attributes: object }[] = [];
  const answer = askLocally({
    operation,
    endpoint: server.endpoint,
    tag: 'llama3.1:8b',
    input: { messages: [{ role: 'user', content: [{ text: 'Why?' }] }] },
    defaultMaxTokens: 256,
    signal,
    timeoutMs,
    streams: { earlyExit: 'cancel', deadlineMs: 60_000 },
    keeping: undefined,
    tell: (name, attributes) => told.push({ name, attributes }),
  });
  return { answer, told };
}

const streamOf = (output: object) => (output as { stream: AsyncIterable<ConverseStreamOutput> }).stream;
/** How often it is listened to, now. */
function counted() {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
  signal.addEventListener = (type: string, listener: never, options?: never) => {
    listeners.add(listener);
    add(type, listener, options);
  };
  signal.removeEventListener = (type: string, listener: never) => {
    listeners.delete(listener);
    remove(type, listener);
  };
  return { controller, signal, listeners };
}

describe('a call of a local model, as the plugin makes it', () => {
  test('without a limit of its own the answer has the default one', async () => {
    const { answer, told } = await ask(chatAnswer({ content: 'x' }));
    await answer;
    expect(server.received[0]?.options).toMatchObject({ num_predict: 256 });
    expect(told[0]).toMatchObject({ name: 'allowed', attributes: { 'gen_ai.request.max_tokens': 256 } });
  });

  test.each<[string, LocalReply, MeteredOperation]>([
    ['an answer', chatAnswer({ content: 'x' }), 'Converse'],
    ['a failure', { status: 500, json: { error: 'x' } }, 'Converse'],
    ['a stream read to its end', { chunks: [chatLines(['a'])] }, 'ConverseStream'],
    ['a stream that fails', { chunks: [chatLines(['a']).subarray(0, 20)] }, 'ConverseStream'],
  ])('after %s nothing listens to a signal that may outlive many calls', async (_, reply, operation) => {
    const { signal, listeners } = counted();
    const { answer } = await ask(reply, { operation, signal });
    try {
      const { output } = await answer;
      if (operation === 'ConverseStream') for await (const event of streamOf(output)) expect(event).toBeDefined();
    } catch (error) {
      expect(error).toBeInstanceOf(LocalModelFailed);
    }
    expect(listeners.size).toBe(0);
  });

  test.each<MeteredOperation>(['Converse', 'ConverseStream'])(
    '%s: the reason of an abort comes through',
    async (operation) => {
      const { controller, signal, listeners } = counted();
      const { answer } = await ask({ hang: true }, { operation, signal });
      const reason = new Error('the user left');
      setTimeout(() => controller.abort(reason), 20);
      await expect(answer).rejects.toMatchObject({ name: 'AbortError', cause: reason });
      expect(listeners.size).toBe(0);
    },
  );

  test('so does that of one within a stream, which is told as failed', async () => {
    const controller = new AbortController();
    const first = chatLines(['a']).toString().split('\n')[0]!;
    const reply: LocalReply = { chunks: [Buffer.from(`${first}\n`)], finally: 'stall' };
    const { answer, told } = await ask(reply, { operation: 'ConverseStream', signal: controller.signal });
    const { output } = await answer;
    const reason = new Error('the user left');
    const reading = (async () => {
      for await (const event of streamOf(output)) if (event.contentBlockDelta) controller.abort(reason);
    })();
    await expect(reading).rejects.toMatchObject({ name: 'AbortError', cause: reason });
    expect(told.at(-1)).toMatchObject({ name: 'settled', attributes: { 'spend_guard.stream_end': 'failed' } });
  });

  test.each<MeteredOperation>(['Converse', 'ConverseStream'])(
    '%s: one that does not begin in time is for the next tier',
    async (operation) => {
      const { answer } = await ask({ hang: true }, { operation, timeoutMs: 30 });
      await expect(answer).rejects.toBeInstanceOf(LocalModelFailed);
    },
  );

  test('the time is for the beginning of a stream, not for its reading', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'performance'] });
    const { answer, told } = await ask(
      { chunks: [chatLines(['a'])] },
      { operation: 'ConverseStream', timeoutMs: 1_000 },
    );
    const { output } = await answer;
    await jest.advanceTimersByTimeAsync(1_050);
    jest.useRealTimers();
    let last: ConverseStreamOutput | undefined;
    for await (const event of streamOf(output)) last = event;
    expect(last?.metadata?.usage?.outputTokens).toBe(12);
    expect(told.at(-1)).toMatchObject({ name: 'settled', attributes: { 'spend_guard.cost_usd': 0 } });
  });
});
