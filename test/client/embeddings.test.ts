import { afterEach, describe, expect, test } from '@jest/globals';
import { InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import { bedrockServer, type BedrockServer, type Reply } from '../helpers/bedrock-server';
import { CONFIG, guarded } from '../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

const TITAN = 'amazon.titan-embed-text-v2:0';
const COHERE = 'global.cohere.embed-v4:0';
const count = (input: number) => ({ 'x-amzn-bedrock-input-token-count': String(input) });

async function embed(id: string, body: object, reply: Reply = { json: {}, headers: count(5) }) {
  server = await bedrockServer(() => reply);
  const world = guarded(server.endpoint, {
    config: { ...CONFIG, models: [{ ...CONFIG.models[0]!, id, calledId: id }] },
  });
  const sent = world.client.send(new InvokeModelCommand({ modelId: id, body: JSON.stringify(body) }));
  return { ...world, refusal: await sent.then(() => undefined).catch((error: Error) => error.message) };
}

describe('embeddings', () => {
  test.each<[string, object, number]>([
    [TITAN, { inputText: 'hello', dimensions: 512 }, 1],
    [COHERE, { texts: ['hello', 'world'], input_type: 'search_query' }, 2],
    [COHERE, { texts: ['hello'], images: [] }, 1],
  ])('%s: %j costs its input, and is sent as it is', async (id, body, texts) => {
    const { ledger, refusal } = await embed(id, body);
    expect(refusal).toBeUndefined();
    expect(server.received[0]!.body).toEqual(body);
    const most = JSON.stringify(body).length + 16 * texts;
    expect(ledger.settled).toEqual([{ amount: most * 1_000, spent: 5_000 }]);
  });

  test.each<[string, Reply, number | 'all']>([
    ["Titan's body", { json: { inputTextTokenCount: 7 } }, 7_000],
    ['the dearer of both', { json: { inputTextTokenCount: 3 }, headers: count(4) }, 4_000],
    ['neither: in full', { json: {} }, 'all'],
    ['a count that is none: in full', { json: { inputTextTokenCount: -1 } }, 'all'],
    ['a count beyond belief: in full', { json: {}, headers: count(999_999_999_999_999) }, 'all'],
  ])('charged by %s', async (_, reply, spent) => {
    const { ledger } = await embed(TITAN, { inputText: 'hello' }, reply);
    expect(ledger.settled[0]!.spent).toBe(spent === 'all' ? ledger.reserved[0] : spent);
  });

  test.each([
    [COHERE, { texts: [], images: ['data:image/png;base64,AAAA'] }, 'embedding of images'],
    [COHERE, { images: 'data:image/png;base64,AAAA' }, 'embedding of images'],
    [COHERE, { inputs: [{ content: [{ type: 'image_url', image_url: { url: 'data:' } }] }] }, 'mediaTokens.image'],
    [TITAN, [], 'no JSON object'],
    ['amazon.titan-embed-image-v1', { inputText: 'a' }, 'paid by the image'],
    ['cohere.rerank-v3-5:0', { query: 'a' }, 'paid by the query'],
    ['us.stability.stable-image-core-v1:1', { prompt: 'a' }, 'paid by the piece'],
    ['maker.of-tomorrow', { prompt: 'a' }, 'not known here'],
  ])('%s: %j is refused: %s', async (id, body, why) => {
    const { ledger, refusal } = await embed(id, body);
    expect(refusal).toContain('UNKNOWN_PRICE');
    expect(refusal).toContain(why);
    expect([server.received, ledger.active]).toEqual([[], 0]);
  });
});
