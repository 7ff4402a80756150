import { afterEach, describe, expect, test } from '@jest/globals';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
} from '@aws-sdk/client-bedrock-runtime';
import type { ClientConfig, ClientModel } from '../../core/in-path/config';
import type { PicoUsd } from '../../core/prices';
import {
  bedrockServer,
  converseReply,
  invokeReply,
  type BedrockServer,
  type Reply,
  type StreamEvent,
} from '../helpers/bedrock-server';
import { CLAUDE, CONFIG, guarded, SMALL } from '../helpers/guarded-client';

const servers: BedrockServer[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

/** $1, $4, and for cache: $0.10 read, $1.25 and $2 written, a million tokens: 1000, 4000, 100, 1250, 2000 nano-dollars each. */
const claude = {
  ...CONFIG.models[1]!,
  price: {
    ...CONFIG.models[1]!.price,
    cacheWrite5m: 1_250_000 as PicoUsd,
    cacheWrite1h: 2_000_000 as PicoUsd,
  },
};
const family = (id: string): ClientModel => ({ ...claude, id, calledId: id });
const OTHERS = ['meta.llama3-1-8b-instruct-v1:0', 'openai.gpt-oss-20b-1:0', 'amazon.titan-text-express-v1'];
const config: ClientConfig = { ...CONFIG, models: [CONFIG.models[0]!, claude, ...OTHERS.map(family)] };

async function world(reply: Reply) {
  const server = await bedrockServer(() => reply);
  servers.push(server);
  return guarded(server.endpoint, { config, client: { maxAttempts: 1 } });
}

const cached = {
  max_tokens: 2_000,
  system: [{ type: 'text', text: 'x'.repeat(9_000), cache_control: {} }],
  messages: [],
};
const chunk = (json: object | string): StreamEvent => [
  'chunk',
  { bytes: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)).toString('base64') },
];

async function invoked(reply: Reply, body: object = cached, modelId = CLAUDE) {
  const { client, ledger } = await world(reply);
  await client.send(new InvokeModelCommand({ modelId, body: JSON.stringify(body) }));
  expect(ledger.settled).toHaveLength(1);
  return { spent: ledger.settled[0]!.spent as number, reserved: ledger.reserved[0] as number };
}

async function streamed(chunks: readonly (object | string)[], body: object = cached, modelId = CLAUDE) {
  const { client, ledger } = await world({ events: chunks.map(chunk) });
  const sent = await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body: JSON.stringify(body) }));
  let error: unknown;
  try {
    for await (const event of sent.body!) void event;
  } catch (thrown) {
    error = thrown;
  }
  expect(ledger.settled).toHaveLength(1);
  return { spent: ledger.settled[0]!.spent as number, reserved: ledger.reserved[0] as number, error };
}

describe('the usage stands in the stream of InvokeModel', () => {
  const stop = (usage: object) => ({
    type: 'message_stop',
    usage,
    'amazon-bedrock-invocationMetrics': { inputTokenCount: 10_174, outputTokenCount: 20 },
  });

  test.each([
    ['reads alone', { cache_read_input_tokens: 9_821 }],
    ['reads, and no writes', { cache_read_input_tokens: 9_821, cache_creation_input_tokens: 0 }],
  ])('in message_stop, with %s: at the price of those counts', async (_, usage) => {
    const { spent, reserved } = await streamed([{ delta: { text: 'yes' } }, stop(usage)]);
    expect(spent).toBe(10_174 * 1_000 + 20 * 4_000 + 9_821 * 100);
    expect(reserved).toBeGreaterThan(spent);
  });

  test('in message_start and message_delta; of two sources the dearer, by component', async () => {
    const { spent } = await streamed([
      {
        type: 'message_start',
        message: {
          usage: {
            input_tokens: 30,
            output_tokens: 1,
            cache_read_input_tokens: 7,
            cache_creation_input_tokens: 150,
            cache_creation: { ephemeral_5m_input_tokens: 100, ephemeral_1h_input_tokens: 50 },
          },
        },
      },
      { type: 'content_block_delta', delta: { text: 'yes' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 44 } },
      { type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 31, outputTokenCount: 43 } },
    ]);
    expect(spent).toBe(31 * 1_000 + 44 * 4_000 + 7 * 100 + 100 * 1_250 + 50 * 2_000);
  });

  test('what message_start counts is not all: a stream cut off after it is charged in full, and is an error', async () => {
    const start = { type: 'message_start', message: { usage: { input_tokens: 30, output_tokens: 1 } } };
    const { spent, reserved, error } = await streamed([start, { delta: { text: 'y' } }], {
      max_tokens: 9,
      messages: [],
    });
    expect(spent).toBe(reserved);
    expect(error).toMatchObject({ name: 'StreamCutOff', by: 'provider' });
  });

  test('Llama counts in every chunk, and says in the last that it was', async () => {
    const { spent, error } = await streamed(
      [
        { generation: 'y', prompt_token_count: 12, generation_token_count: 1, stop_reason: null },
        { generation: 'es', prompt_token_count: null, generation_token_count: 5, stop_reason: 'stop' },
      ],
      { max_gen_len: 50, prompt: 'x' },
      OTHERS[0],
    );
    expect([spent, error]).toEqual([12 * 1_000 + 5 * 4_000, undefined]);
  });

  test('OpenAI counts after the last choice', async () => {
    const { spent } = await streamed(
      [
        { choices: [{ delta: { content: 'yes' }, finish_reason: null }], usage: null },
        { choices: [{ delta: {}, finish_reason: 'stop' }] },
        {
          choices: [],
          usage: { prompt_tokens: 100, completion_tokens: 5, prompt_tokens_details: { cached_tokens: 60 } },
        },
      ],
      { max_completion_tokens: 50, messages: [] },
      OTHERS[1],
    );
    expect(spent).toBe(40 * 1_000 + 60 * 100 + 5 * 4_000);
  });

  test('Nova has an event of metadata', async () => {
    const { spent } = await streamed(
      [
        { contentBlockDelta: { delta: { text: 'y' } } },
        { messageStop: { stopReason: 'end_turn' } },
        {
          metadata: {
            usage: { inputTokens: 9, outputTokens: 3, cacheReadInputTokenCount: 2, cacheWriteInputTokenCount: 1 },
          },
        },
      ],
      { messages: [], inferenceConfig: { maxTokens: 50 } },
      SMALL,
    );
    expect(spent).toBe(9 * 1_000 + 3 * 4_000 + 2 * 250 + 1_250);
  });

  test('a model that talks of usage is not counted by what it says', async () => {
    const { spent } = await streamed([
      { type: 'content_block_delta', delta: { text: '{"usage":{"input_tokens":99999,"output_tokens":9}}' } },
      stop({ cache_read_input_tokens: 0 }),
    ]);
    expect(spent).toBe(10_174 * 1_000 + 20 * 4_000);
  });
});

describe('the usage stands in the body of InvokeModel', () => {
  const usage = { input_tokens: 10, output_tokens: 20, cache_read_input_tokens: 300, cache_creation_input_tokens: 200 };

  test('cache counts that its headers lack', async () => {
    const { spent } = await invoked(invokeReply({ input: 10, output: 20 }, { usage }));
    expect(spent).toBe(10 * 1_000 + 20 * 4_000 + 300 * 100 + 200 * 2_000);
  });

  test('writes by their lifetime', async () => {
    const cache_creation = { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 0 };
    const { spent } = await invoked(invokeReply({ input: 10, output: 20 }, { usage: { ...usage, cache_creation } }));
    expect(spent).toBe(10 * 1_000 + 20 * 4_000 + 300 * 100 + 200 * 1_250);
  });

  test('no headers at all', async () => {
    const { spent } = await invoked({ json: { usage } });
    expect(spent).toBe(10 * 1_000 + 20 * 4_000 + 300 * 100 + 200 * 2_000);
  });

  test.each([
    [{ input: 11, output: 19 }, 11 * 1_000 + 20 * 4_000],
    [{ input: 9, output: 21 }, 10 * 1_000 + 21 * 4_000],
  ])('of headers %j and a body that differ the dearer, by component', async (headers, right) => {
    const body = { usage: { input_tokens: 10, output_tokens: 20 } };
    expect((await invoked(invokeReply(headers, body), { max_tokens: 500, messages: [] })).spent).toBe(right);
  });

  test.each<[string, object, string, object, number]>([
    ['Llama', { prompt_token_count: 7, generation_token_count: 3 }, OTHERS[0]!, { max_gen_len: 9 }, 7_000 + 12_000],
    ['OpenAI', { usage: { prompt_tokens: 7, completion_tokens: 3 } }, OTHERS[1]!, { max_tokens: 9 }, 7_000 + 12_000],
    [
      'Titan',
      { inputTextTokenCount: 7, results: [{ tokenCount: 2 }, { tokenCount: 1 }] },
      OTHERS[2]!,
      { textGenerationConfig: { maxTokenCount: 9 } },
      7_000 + 12_000,
    ],
    [
      'Nova',
      { usage: { inputTokens: 7, outputTokens: 3 } },
      SMALL,
      { inferenceConfig: { maxTokens: 9 } },
      7_000 + 12_000,
    ],
  ])('in the words of %s', async (_, json, model, body, right) => {
    expect((await invoked({ json }, body, model)).spent).toBe(right);
  });
});

describe('Converse says how long what it cached lives', () => {
  const spentOf = async (usage: object) => {
    const { json } = converseReply({ input: 10, output: 20, cacheWrite: 9_634 }) as unknown as {
      json: { usage: object };
    };
    const { client, ledger } = await world({ json: { ...json, usage: { ...json.usage, ...usage } } });
    await client.send(
      new ConverseCommand({
        modelId: CLAUDE,
        messages: [{ role: 'user', content: [{ text: 'x'.repeat(9_000) }, { cachePoint: { type: 'default' } }] }],
      }),
    );
    return ledger.settled.map(({ spent }) => spent as number);
  };
  const plain = 10 * 1_000 + 20 * 4_000;

  test.each<[string, object, number]>([
    ['five minutes', { cacheDetails: [{ ttl: '5m', inputTokens: 9_634 }] }, 9_634 * 1_250],
    ['an hour', { cacheDetails: [{ ttl: '1h', inputTokens: 9_634 }] }, 9_634 * 2_000],
    [
      'both',
      {
        cacheDetails: [
          { ttl: '5m', inputTokens: 9_000 },
          { ttl: '1h', inputTokens: 634 },
        ],
      },
      9_000 * 1_250 + 634 * 2_000,
    ],
    ['not all of it', { cacheDetails: [{ ttl: '5m', inputTokens: 9_000 }] }, 9_000 * 1_250 + 634 * 2_000],
    ['more than the sum', { cacheDetails: [{ ttl: '5m', inputTokens: 9_700 }] }, 9_700 * 1_250],
    ['a new lifetime', { cacheDetails: [{ ttl: '24h', inputTokens: 9_634 }] }, 9_634 * 2_000],
    ['nothing', {}, 9_634 * 2_000],
  ])('%s', async (_, details, writes) => {
    expect(await spentOf(details)).toEqual([plain + writes]);
  });

  test('and so does its stream', async () => {
    const usage = {
      inputTokens: 10,
      outputTokens: 20,
      cacheWriteInputTokens: 9_634,
      cacheDetails: [{ ttl: '5m', inputTokens: 9_634 }],
    };
    const { client, ledger } = await world({
      events: [
        ['messageStart', { role: 'assistant' }],
        ['messageStop', { stopReason: 'end_turn' }],
        ['metadata', { usage, metrics: { latencyMs: 1 } }],
      ],
    });
    const { stream } = await client.send(new ConverseStreamCommand({ modelId: CLAUDE, messages: [] }));
    for await (const event of stream!) void event;
    expect(ledger.settled.map(({ spent }) => spent as number)).toEqual([plain + 9_634 * 1_250]);
  });
});
