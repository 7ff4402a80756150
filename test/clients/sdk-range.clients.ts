import { existsSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  bedrockServer,
  converseEvents,
  converseReply,
  invokeEvents,
  invokeReply,
  type BedrockServer,
} from '../helpers/bedrock-server';
import {
  callingOnce,
  clientApplication,
  clientOf,
  guardOf,
  manifestOf,
  NAME,
  type ClientApplication,
} from '../helpers/client-application';
import { CONFIG, SMALL } from '../helpers/guarded-client';
import { NEWEST, OLDEST, TYPES } from './pinned';

const TOKENS = { input: 10, output: 20 };
const SPENT = `spent ${10 * 1_000 + 20 * 4_000}`;

/** Nova's, whole: what says nothing is not kept. */
const ANSWER = { output: { message: { role: 'assistant', content: [{ text: 'yes' }] } }, stopReason: 'end_turn' };

/** Each operation once, and InvokeModel a second time, from the cache. */
const everyOperation = (endpoint: string) => `
  import { BedrockRuntimeClient, ConverseCommand, ConverseStreamCommand, InvokeModelCommand, InvokeModelWithResponseStreamCommand }
    from '@aws-sdk/client-bedrock-runtime';
  import { isSpendGuardRefused, spendGuard } from '${NAME}';
  ${guardOf({ config: { ...CONFIG, cacheMinutes: 5 } })}
  ${clientOf(endpoint)}
  const modelId = '${SMALL}';
  const messages = [{ role: 'user', content: [{ text: 'hello' }] }];
  const body = JSON.stringify({ messages, inferenceConfig: { maxTokens: 100 } });
  const { output } = await client.send(new ConverseCommand({ modelId, messages }));
  console.log(output.message.content[0].text);
  const { stream } = await client.send(new ConverseStreamCommand({ modelId, messages }));
  for await (const { contentBlockDelta } of stream) if (contentBlockDelta) console.log(contentBlockDelta.delta.text);
  for (let n = 0; n < 2; n += 1) console.log((await client.send(new InvokeModelCommand({ modelId, body }))).body.transformToString());
  const chunks = await client.send(new InvokeModelWithResponseStreamCommand({ modelId, body }));
  for await (const { chunk } of chunks.body) console.log(Object.keys(JSON.parse(Buffer.from(chunk.bytes))).join());
  const failed = await client.send(new ConverseCommand({ modelId: 'unknown', messages })).catch((error) => error);
  console.log(isSpendGuardRefused(failed) && failed.code);
  client.destroy();`;

describe.each([
  ['the oldest', OLDEST],
  ['the newest', NEWEST],
])('%s SDK of the range', (_, versions) => {
  let app: ClientApplication;
  beforeAll(async () => {
    app = await clientApplication({ ...versions, ...TYPES });
  }, 180_000);
  afterAll(() => app?.remove());

  let server: BedrockServer;
  beforeEach(async () => {
    server = await bedrockServer(({ operation }) => {
      if (operation === 'Converse') return converseReply(TOKENS);
      if (operation === 'ConverseStream') return { events: converseEvents(TOKENS) };
      if (operation === 'InvokeModel') return invokeReply(TOKENS, ANSWER);
      return { events: invokeEvents(TOKENS) };
    });
  });
  afterEach(() => server.stop());

  test('is installed, once', () => {
    const modules = path.join(app.folder, 'node_modules');
    const found = Object.keys(versions).map((name) => [name, manifestOf(path.join(modules, name)).version]);
    expect(Object.fromEntries(found)).toEqual(versions);
    expect(existsSync(path.join(modules, NAME, 'node_modules'))).toBe(false);
  });

  test('each operation is charged by its answer, and kept ones are as new', async () => {
    const printed = await app.printed(app.write('every.mjs', everyOperation(server.endpoint)));
    const kept = JSON.stringify(ANSWER);
    expect(printed.trim().split('\n')).toEqual([
      ...[SPENT, 'yes'],
      ...['y', 'es', SPENT],
      ...[SPENT, kept, kept],
      ...['delta', 'delta', 'type,amazon-bedrock-invocationMetrics', SPENT],
      'UNKNOWN_PRICE',
    ]);
    expect(server.received.map(({ operation }) => operation)).toEqual([
      ...['Converse', 'ConverseStream', 'InvokeModel', 'InvokeModelWithResponseStream'],
    ]);
  });

  test('CommonJS', async () => {
    expect(await app.printed(app.write('app.cjs', callingOnce('require', server.endpoint)))).toBe(`${SPENT}\nyes\n`);
  });

  test.each([
    ['an ES module by node16', 'typed.mts', ['--module', 'node16', '--moduleResolution', 'node16']],
    ['CommonJS by node16', 'typed.cts', ['--module', 'node16', '--moduleResolution', 'node16']],
    ['a bundler', 'typed.ts', ['--module', 'esnext', '--moduleResolution', 'bundler']],
  ])('its client is one that the types take: %s', (_name, file, flags) => {
    const program = (client: string) => `
      import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
      import { spendGuard, withGuard } from '${NAME}';
      const client: BedrockRuntimeClient = spendGuard({ config: {} }).applyTo(${client});
      export const answer = client.send(withGuard(new ConverseCommand({ modelId: 'a', messages: [] }), { cache: false }));\n`;
    expect(app.compiled([app.write(file, program('new BedrockRuntimeClient({})'))], ...flags)).toBe('');
    expect(app.compiled([app.write(file, program('{}'))], ...flags)).toContain('middlewareStack');
  });
});
