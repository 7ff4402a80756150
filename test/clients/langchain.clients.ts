import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  bedrockServer,
  converseEvents,
  converseReply,
  type BedrockServer,
  type Reply,
} from '../helpers/bedrock-server';
import { clientApplication, clientOf, guardOf, NAME, type ClientApplication } from '../helpers/client-application';
import { CONFIG, PROFILE, SMALL } from '../helpers/guarded-client';
import { LANGCHAIN, NEWEST } from './pinned';

const TOKENS = { input: 10, output: 20 };
const SPENT = `spent ${10 * 1_000 + 20 * 4_000}`;
const TOOL_USE = { toolUseId: 'use1', name: 'weather', input: { city: 'Oslo' } };
const asksForTool: Reply = {
  json: {
    output: { message: { role: 'assistant', content: [{ toolUse: TOOL_USE }] } },
    stopReason: 'tool_use',
    usage: { inputTokens: 10, outputTokens: 20, totalTokens: 30 },
    metrics: { latencyMs: 1 },
  },
};

describe("LangChain's ChatBedrockConverse with a guarded client", () => {
  let app: ClientApplication;
  beforeAll(async () => {
    app = await clientApplication({ ...NEWEST, ...LANGCHAIN });
  }, 180_000);
  afterAll(() => app?.remove());

  let server: BedrockServer;
  beforeEach(async () => {
    server = await bedrockServer(({ operation, body }) => {
      if (operation === 'ConverseStream') return { events: converseEvents(TOKENS) };
      const asked = JSON.stringify(body['messages']);
      return body['toolConfig'] !== undefined && !asked.includes('toolResult') ? asksForTool : converseReply(TOKENS);
    });
  });
  afterEach(() => server.stop());

  /** What it prints, by lines. `model` is in scope. */
  async function printed(body: string, config = CONFIG, modelId = SMALL): Promise<readonly string[]> {
    const script = `
      import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
      import { ChatBedrockConverse } from '@langchain/aws';
      import { HumanMessage, ToolMessage } from '@langchain/core/messages';
      import { isSpendGuardRefused, spendGuard } from '${NAME}';
      ${guardOf({ config })}
      ${clientOf(server.endpoint)}
      const model = new ChatBedrockConverse({ model: '${modelId}', region: 'us-east-1', maxTokens: 100, client });
      ${body}
      client.destroy();`;
    return (await app.printed(app.write('langchain.mjs', script))).trim().split('\n');
  }
  const asked = () => server.received.map(({ operation, modelId }) => [operation, modelId]);

  test('invoke: charged by the usage that LangChain counts', async () => {
    const lines = await printed(`const answer = await model.invoke('hello');
      console.log(answer.text, answer.usage_metadata.input_tokens, answer.usage_metadata.output_tokens);`);
    expect(lines).toEqual([SPENT, 'yes 10 20']);
    expect(asked()).toEqual([['Converse', PROFILE]]);
  });

  test('stream: charged once, when it is read to its end', async () => {
    const lines = await printed(`let text = '';
      for await (const chunk of await model.stream('hello')) text += chunk.text;
      console.log(text);`);
    expect(lines).toEqual([SPENT, 'yes']);
    expect(asked()).toEqual([['ConverseStream', PROFILE]]);
  });

  test('tools: the call, its result and the answer are two charged calls', async () => {
    const lines =
      await printed(`const schema = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
      const tools = [{ type: 'function', function: { name: 'weather', description: 'of a city', parameters: schema } }];
      const bound = model.bindTools(tools);
      const first = await bound.invoke('Oslo?');
      console.log(JSON.stringify(first.tool_calls.map(({ name, args }) => ({ name, args }))));
      const result = new ToolMessage({ tool_call_id: first.tool_calls[0].id, content: 'rain' });
      console.log((await bound.invoke([new HumanMessage('Oslo?'), first, result])).text);`);
    const call = JSON.stringify([{ name: TOOL_USE.name, args: TOOL_USE.input }]);
    expect(lines).toEqual([SPENT, call, SPENT, 'yes']);
    expect(asked()).toEqual([
      ['Converse', PROFILE],
      ['Converse', PROFILE],
    ]);
  });

  test.each(['invoke', 'stream'])('%s: a refusal arrives as it is, with nothing sent', async (method) => {
    const lines = await printed(
      `const failed = await model.${method}('hello').catch((error) => error);
       console.log(isSpendGuardRefused(failed), failed.code);`,
      CONFIG,
      'unknown.model',
    );
    expect(lines).toEqual(['true UNKNOWN_PRICE']);
    expect(server.received).toEqual([]);
  });

  test('an answer from the cache is one for LangChain too', async () => {
    const lines = await printed(`for (let n = 0; n < 2; n += 1) console.log((await model.invoke('hello')).text);`, {
      ...CONFIG,
      cacheMinutes: 5,
    });
    expect(lines).toEqual([SPENT, 'yes', 'yes']);
    expect(server.received).toHaveLength(1);
  });
});
