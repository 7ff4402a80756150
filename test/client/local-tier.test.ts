import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand, ConverseStreamCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { withGuard, type CallOptions } from '../../client/call-options';
import { GuardedBedrock } from '../../client/guarded-bedrock';
import { LocalModelFailed } from '../../client/ollama/chat';
import type { ClientConfig } from '../../core/in-path/config';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { CONFIG, guarded, LARGE_PROFILE, openStatus, PROFILE, type GuardedOptions } from '../helpers/guarded-client';
import { chatAnswer, chatLines, ollamaServer, type LocalReply, type OllamaServer } from '../helpers/ollama-server';

let bedrock: BedrockServer;
let ollama: OllamaServer;
afterEach(async () => {
  await bedrock.stop();
  await ollama.stop();
});

const SAID = chatAnswer({ content: 'from here' });

async function world(local: (model: string) => LocalReply, options: GuardedOptions = {}) {
  bedrock = await bedrockServer(({ modelId }) => converseReply({ input: 10, output: 20 }, modelId));
  ollama = await ollamaServer(({ model, stream }) =>
    stream === true ? { chunks: [chatLines(['from ', 'here'])] } : local(model),
  );
  const config: ClientConfig = {
    ...CONFIG,
    localModels: { endpoint: ollama.endpoint, models: ['llama3.1:8b', 'mistral:7b'] },
    ...options.config,
  };
  return guarded(bedrock.endpoint, { ...options, config });
}

const ask = (more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: 'auto',
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
  inferenceConfig: { maxTokens: 100 },
  ...more,
});
const converse = (options: CallOptions, more: Partial<ConverseCommandInput> = {}) =>
  withGuard(new ConverseCommand(ask(more)), options);
const textOf = (answer: {
  output?: { message?: { content?: { text?: string }[] | undefined } | undefined } | undefined;
}) => answer.output?.message?.content?.[0]?.text;

describe('the local tier', () => {
  test.each<[string, CallOptions, Partial<ConverseCommandInput>, 'local' | 'small' | 'large']>([
    ['a short question', { tier: 'auto' }, {}, 'local'],
    ['as many tokens as local models are asked', { tier: 'auto' }, { inferenceConfig: { maxTokens: 512 } }, 'local'],
    ['one token more', { tier: 'auto' }, { inferenceConfig: { maxTokens: 513 } }, 'small'],
    ['what a local model cannot', { tier: 'local' }, { additionalModelRequestFields: { top_k: 5 } }, 'small'],
    ['no tier asked for', {}, { modelId: CONFIG.models[0]!.id }, 'small'],
    ['a dearer tier asked for', { tier: 'large' }, {}, 'large'],
  ])('%s', async (_, options, more, where) => {
    const { client } = await world(() => SAID);
    const answer = await client.send(converse(options, more));
    expect(textOf(answer)).toBe({ local: 'from here', small: PROFILE, large: LARGE_PROFILE }[where]);
  });

  test('costs nothing, reserves nothing, asks for no credentials, and says so', async () => {
    const { client, ledger, events, asked } = await world(() => SAID);
    await client.send(converse({ tier: 'local' }));
    expect([ledger.reserved, asked.credentials, bedrock.received]).toEqual([[], 0, []]);
    // A runaway is one on any machine: the request limits count it.
    expect(asked.rate).toBe(1);
    expect(events.map(({ name }) => name)).toEqual(['allowed', 'settled']);
    expect(events[1]!.attributes).toMatchObject({
      'gen_ai.provider.name': 'ollama',
      'gen_ai.request.model': 'llama3.1:8b',
      'gen_ai.usage.input_tokens': 26,
      'spend_guard.cost_usd': 0,
      'spend_guard.charged_in_full': false,
    });
  });

  test('a stream', async () => {
    const { client, events } = await world(() => SAID);
    const { stream } = await client.send(withGuard(new ConverseStreamCommand(ask()), { tier: 'local' }));
    let text = '';
    for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
    expect(text).toBe('from here');
    expect(events.map(({ name }) => name)).toEqual(['allowed', 'settled']);
  });

  test('a stream that is left closes its request', async () => {
    const { client } = await world(() => SAID);
    await ollama.stop();
    ollama = await ollamaServer(() => ({ chunks: [chatLines(['a', 'b']).subarray(0, 150)], finally: 'stall' }));
    const config = { ...CONFIG, localModels: { endpoint: ollama.endpoint, models: ['llama3.1:8b'] } };
    const { client: other, events } = guarded(bedrock.endpoint, { config });
    const { stream } = await other.send(withGuard(new ConverseStreamCommand(ask()), { tier: 'local' }));
    for await (const event of stream ?? []) if (event.contentBlockDelta) break;
    for (let tries = 0; tries < 200 && ollama.open() > 0; tries++) await new Promise((next) => setTimeout(next, 10));
    expect(ollama.open()).toBe(0);
    expect(events.at(-1)).toMatchObject({ name: 'settled', attributes: { 'spend_guard.cost_usd': 0 } });
    client.destroy();
  });

  test('the next local model, then the small one, where one fails', async () => {
    const { client, events } = await world(() => ({ status: 500, json: { error: 'out of memory' } }));
    expect(textOf(await client.send(converse({ tier: 'local' })))).toBe(PROFILE);
    expect(ollama.received.map(({ model }) => model)).toEqual(['llama3.1:8b', 'mistral:7b']);
    expect(events.filter(({ name }) => name === 'rerouted')).toHaveLength(2);
  });

  test('nobody listens', async () => {
    const { client } = await world(() => SAID);
    await ollama.stop();
    expect(textOf(await client.send(converse({ tier: 'local' })))).toBe(PROFILE);
  });

  test('one that hangs is given up after its time', async () => {
    const { client } = await world((model) => (model === 'mistral:7b' ? SAID : { hang: true }), { localTimeoutMs: 50 });
    expect(textOf(await client.send(converse({ tier: 'local' })))).toBe('from here');
    for (let tries = 0; tries < 200 && ollama.open() > 0; tries++) await new Promise((next) => setTimeout(next, 10));
    expect(ollama.open()).toBe(0);
  });

  test('where no dearer tier may answer, its failure is what the caller sees', async () => {
    const { client } = await world(() => ({ status: 500, json: { error: 'out of memory' } }));
    await expect(client.send(converse({ tier: 'local', upTo: 'local' }))).rejects.toBeInstanceOf(LocalModelFailed);
    const asked = client.send(converse({ tier: 'local', upTo: 'local' }, { additionalModelRequestFields: {} }));
    await expect(asked).rejects.toMatchObject({ code: 'UNKNOWN_PRICE' });
  });

  test('an abort is no failure of the model: nobody else is asked', async () => {
    const { client } = await world(() => ({ hang: true }));
    const controller = new AbortController();
    const asked = client.send(converse({ tier: 'local' }), { abortSignal: controller.signal });
    setTimeout(() => controller.abort(), 50);
    await expect(asked).rejects.toMatchObject({ name: 'AbortError' });
    expect(ollama.received).toHaveLength(1);
    expect(bedrock.received).toEqual([]);
  });

  test('its answer is kept like any other', async () => {
    const config = { ...CONFIG, cacheMinutes: 60 };
    bedrock = await bedrockServer(() => converseReply({ input: 1, output: 1 }));
    ollama = await ollamaServer(() => SAID);
    const localModels = { endpoint: ollama.endpoint, models: ['llama3.1:8b'] };
    const { client, events } = guarded(bedrock.endpoint, { config: { ...config, localModels } });
    for (let n = 0; n < 2; n++) expect(textOf(await client.send(converse({ tier: 'local' })))).toBe('from here');
    expect(ollama.received).toHaveLength(1);
    expect(events.at(-1)?.name).toBe('cached');
  });

  test('degraded, it still answers; stopped, it does not either', async () => {
    let desired: 'degraded' | 'stopped' = 'degraded';
    let now = Date.now();
    const { client } = await world(() => SAID, { meter: () => openStatus(now, { desired }), now: () => now });
    expect(textOf(await client.send(converse({ tier: 'local' })))).toBe('from here');
    desired = 'stopped';
    now += 31_000;
    await expect(client.send(converse({ tier: 'local' }))).rejects.toMatchObject({ code: 'STOPPED' });
  });
});

describe('GuardedBedrock', () => {
  async function fresh() {
    const { ledger } = await world(() => SAID);
    const config = { ...CONFIG, localModels: { endpoint: ollama.endpoint, models: ['llama3.1:8b'] } };
    return new GuardedBedrock(
      { config },
      {
        ledger,
        rateLimit: { admit: async () => ({ kind: 'admitted' }) },
        status: { read: async () => openStatus(Date.now()) },
      },
      { endpoint: bedrock.endpoint, credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' } },
    );
  }
  const { modelId: _, ...question } = ask();

  test('without model or tier: by the size of the request', async () => {
    const one = await fresh();
    expect(textOf(await one.converse(question))).toBe('from here');
    const long = { messages: [{ role: 'user' as const, content: [{ text: 'x'.repeat(3_000) }] }] };
    expect(textOf(await one.converse({ ...question, ...long }))).toBe(PROFILE);
    await one.close();
  });

  test('the model that is named, or a tier', async () => {
    const one = await fresh();
    expect(textOf(await one.converse({ ...question, modelId: CONFIG.models[2]!.id }))).toBe(LARGE_PROFILE);
    expect(textOf(await one.converse({ ...question, tier: 'large' }))).toBe(LARGE_PROFILE);
    await one.close();
  });

  test('streams', async () => {
    const one = await fresh();
    const { stream } = await one.converseStream(question);
    let text = '';
    for await (const event of stream ?? []) text += event.contentBlockDelta?.delta?.text ?? '';
    expect(text).toBe('from here');
    await one.close();
  });

  test('refuses as the plugin does', async () => {
    const one = await fresh();
    await expect(one.converse({ ...question, modelId: 'foreign.model' })).rejects.toMatchObject({
      code: 'UNKNOWN_PRICE',
    });
    await one.close();
  });
});
