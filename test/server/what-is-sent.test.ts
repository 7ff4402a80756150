import { describe, expect, test } from '@jest/globals';
import { converseReply, invokeReply } from '../helpers/bedrock-server';
import { CLAUDE, CONFIG, openStatus, PROFILE, SMALL, LARGE } from '../helpers/guarded-client';
import { CONVERSE, conversePath, post, servingWorlds, TOKENS, type ServingWorld } from './serving';

const world = servingWorlds();
const DEFAULT = CONFIG.inPath.defaultMaxTokens;

/** Status, the model that was asked, and what it was asked. */
async function sent(one: ServingWorld, path: string, body: unknown) {
  const answer = await post(one, path, body);
  const [{ modelId, body: got } = { modelId: undefined, body: undefined }] = one.bedrock.received;
  return { status: answer.status, text: await answer.text(), modelId, body: got };
}

describe('Converse', () => {
  test('without a limit gets the config’s, and keeps all else', async () => {
    const one = await world(converseReply(TOKENS));
    const body = `{ "messages": [{"role":"user","content":[{"text":"a } in the text"}]}], "newer": {"number": 12345678901234567890} }\n`;
    const { status, body: got } = await sent(one, conversePath, body);
    expect([status, got!['inferenceConfig']]).toEqual([200, { maxTokens: DEFAULT }]);
    const { size } = one.bedrock.received[0]!;
    expect(size).toBe(body.length + `,"inferenceConfig":{"maxTokens":${DEFAULT}}`.length);
    expect(one.ledger.reserved[0]).toBeGreaterThan(DEFAULT * 4_000);
  });

  test('with other settings beside', async () => {
    const one = await world(converseReply(TOKENS));
    const { body } = await sent(one, conversePath, { ...CONVERSE, inferenceConfig: { temperature: 0.1 } });
    expect(body!['inferenceConfig']).toEqual({ temperature: 0.1, maxTokens: DEFAULT });
  });

  test('with other settings beside a number that would be rounded it is refused rather than changed', async () => {
    const one = await world(converseReply(TOKENS));
    const body = JSON.stringify({ ...CONVERSE, inferenceConfig: {} }).replace('{', '{"n":12345678901234567890,');
    const { status, text } = await sent(one, conversePath, body);
    expect([status, text]).toEqual([400, expect.stringContaining('set the maxTokens')]);
    expect(one.ledger.reserved).toEqual([]);
  });

  test('of nothing at all', async () => {
    const one = await world(converseReply(TOKENS));
    const { body } = await sent(one, conversePath, '{}');
    expect(body).toEqual({ inferenceConfig: { maxTokens: DEFAULT } });
  });

  test('with its own limit passes byte by byte', async () => {
    const one = await world(converseReply(TOKENS));
    const body = `{"inferenceConfig" : {"maxTokens" :100},\t"messages":${JSON.stringify(CONVERSE.messages)}, "n":1.0}`;
    await sent(one, conversePath, body);
    expect(one.bedrock.received[0]!.size).toBe(body.length);
  });

  test.each(['', '[]', 'null', '"text"', '{"messages":', '\ufeff{}'])(
    '%j is no body that could be priced',
    async (body) => {
      const one = await world(converseReply(TOKENS));
      const { status, text } = await sent(one, conversePath, body);
      expect([status, text]).toEqual([400, expect.stringContaining('UNKNOWN_PRICE')]);
      expect([one.bedrock.received, one.ledger.active]).toEqual([[], 0]);
    },
  );

  test.each([
    ['its id', SMALL, PROFILE],
    ['its profile', PROFILE, PROFILE],
    ['another profile of the same model', `us.${CLAUDE}`, `us.${CLAUDE}`],
  ])('by %s the model of the config is asked', async (_, asked, target) => {
    const one = await world(converseReply(TOKENS));
    const { status, modelId } = await sent(one, `/model/${encodeURIComponent(asked)}/converse`, CONVERSE);
    expect([status, modelId]).toEqual([200, target]);
  });
});

describe('InvokeModel', () => {
  const path = `/model/${encodeURIComponent(`us.${CLAUDE}`)}/invoke`;
  const claude = { anthropic_version: 'bedrock-2023-05-31', anthropic_beta: ['x'], messages: [] };

  test('without a limit gets the config’s', async () => {
    const one = await world(invokeReply(TOKENS));
    const { status, body } = await sent(one, path, claude);
    expect([status, body]).toEqual([200, { ...claude, max_tokens: DEFAULT }]);
  });

  test('with its own passes byte by byte', async () => {
    const one = await world(invokeReply(TOKENS));
    const body = JSON.stringify({ ...claude, max_tokens: 50 }, undefined, 3);
    await sent(one, path, body);
    expect(one.bedrock.received[0]!.size).toBe(body.length);
  });
});

test('degraded: a small model answers for a large one where the server’s guard allows it', async () => {
  const status = { read: async () => openStatus(Date.now(), { desired: 'degraded' }) };
  const path = `/model/${encodeURIComponent(LARGE)}/converse`;
  const refused = await sent(await world(converseReply(TOKENS), { guard: { status } }), path, CONVERSE);
  expect([refused.status, refused.text]).toEqual([402, expect.stringContaining('DEGRADED')]);
  const one = await world(converseReply(TOKENS), { guard: { status, allowSmaller: true } });
  expect(await sent(one, path, CONVERSE)).toMatchObject({ status: 200, modelId: PROFILE });
});

test('what belongs to the caller or to the connection is not sent on, all else is', async () => {
  const one = await world(converseReply(TOKENS));
  await post(one, conversePath, CONVERSE, {
    authorization: 'AWS4-HMAC-SHA256 Credential=AKIDOFTHECALLER/x',
    cookie: 'a=b',
    'x-amz-date': '20000101T000000Z',
    'x-amz-security-token': 'TOKENOFTHECALLER',
    'x-forwarded-for': '10.0.0.1',
    'proxy-authorization': 'Basic a',
    'x-amzn-bedrock-trace': 'ENABLED',
    'x-newer-header': 'kept',
  });
  const { headers } = one.bedrock.received[0]!;
  expect(headers).toMatchObject({ 'x-amzn-bedrock-trace': 'ENABLED', 'x-newer-header': 'kept' });
  expect(JSON.stringify(headers)).not.toMatch(/OFTHECALLER|20000101|a=b|10\.0\.0\.1|Basic/);
  expect(headers['authorization']).toContain('AKIDOFTHESERVER');
});
