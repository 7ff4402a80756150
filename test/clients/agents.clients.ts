import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  bedrockServer,
  converseEvents,
  converseReply,
  invokeReply,
  type BedrockServer,
} from '../helpers/bedrock-server';
import { clientApplication, guardOf, NAME, type ClientApplication } from '../helpers/client-application';
import { CONFIG, PROFILE, SMALL } from '../helpers/guarded-client';
import { AGENTS, NEWEST } from './pinned';

const TOKENS = { input: 10, output: 20 };
const SPENT = `spent ${10 * 1_000 + 20 * 4_000}`;

/** Both make their clients themselves, and take a `requestHandler` of the SDK. */
describe('through guard.requestHandler', () => {
  let app: ClientApplication;
  beforeAll(async () => {
    app = await clientApplication({ ...NEWEST, ...AGENTS });
  }, 300_000);
  afterAll(() => app?.remove());

  let server: BedrockServer;
  beforeEach(async () => {
    server = await bedrockServer(({ operation }) => {
      if (operation === 'ConverseStream') return { events: converseEvents(TOKENS) };
      if (operation === 'Converse') return converseReply(TOKENS);
      const message = { role: 'assistant', content: [{ text: 'yes' }] };
      return invokeReply(TOKENS, { output: { message }, stopReason: 'end_turn', usage: {} });
    });
  });
  afterEach(() => server.stop());

  const asked = () => server.received.map(({ operation, modelId }) => [operation, modelId]);
  async function printed(imports: string, body: string, config = CONFIG): Promise<readonly string[]> {
    const script = `
      import { NodeHttp2Handler } from '@smithy/node-http-handler';
      import { isSpendGuardRefused, spendGuard } from '${NAME}';
      ${imports}
      ${guardOf({ config })}
      const handler = new NodeHttp2Handler();
      const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
      const client = { credentials, endpoint: '${server.endpoint}', requestHandler: guard.requestHandler(handler) };
      try { ${body} } finally { handler.destroy(); }`;
    return (await app.printed(app.write('agents.mjs', script))).trim().split('\n');
  }

  describe("Strands' agent", () => {
    const imports = `import { Agent, BedrockModel } from '@strands-agents/sdk';`;
    const agent = (modelId: string, stream: boolean, maxTokens = 100) =>
      `const model = new BedrockModel({ region: 'us-east-1', modelId: '${modelId}', maxTokens: ${maxTokens}, stream: ${stream},
         clientConfig: client });
       const agent = new Agent({ model, printer: false });`;

    test.each([
      [true, 'ConverseStream'],
      [false, 'Converse'],
    ])('stream: %s is charged once by its usage', async (stream, operation) => {
      const lines = await printed(
        imports,
        `${agent(PROFILE, stream)} console.log(String(await agent.invoke('hello')).trim());`,
      );
      expect(lines).toEqual([SPENT, 'yes']);
      expect(asked()).toEqual([[operation, PROFILE]]);
    });

    test('a refusal ends it, says why, and nothing was sent', async () => {
      const lines = await printed(
        imports,
        `${agent('unknown.model', true)}
         const failed = await agent.invoke('hello').catch((error) => error);
         console.log(isSpendGuardRefused(failed), /none of the models of dev/.test(String(failed?.message)));`,
      );
      expect(lines).toEqual(['true true']);
      expect(server.received).toEqual([]);
    });
  });

  describe("LlamaIndex's Bedrock", () => {
    const imports = `import { Bedrock } from '@llamaindex/aws';`;
    // It knows models by their own ids only, so the environment must have an account of its own.
    const direct = { ...CONFIG, models: CONFIG.models.map((model) => ({ ...model, profile: undefined })) };
    const llm = `const llm = new Bedrock({ ...client, region: 'us-east-1', model: '${SMALL}', maxTokens: 100 });
      const messages = [{ role: 'user', content: 'hello' }];`;

    test('chat is charged once by its usage', async () => {
      const lines = await printed(
        imports,
        `${llm} console.log((await llm.chat({ messages })).message.content);`,
        direct,
      );
      expect(lines).toEqual([SPENT, 'yes']);
      expect(asked()).toEqual([['InvokeModel', SMALL]]);
    });

    test('where models have profiles it is refused, and told which id to use', async () => {
      const lines = await printed(
        imports,
        `${llm}
         const failed = await llm.chat({ messages }).catch((error) => error);
         console.log(isSpendGuardRefused(failed), failed.message.includes('${PROFILE}'));`,
      );
      expect(lines).toEqual(['true true']);
      expect(server.received).toEqual([]);
    });
  });
});
