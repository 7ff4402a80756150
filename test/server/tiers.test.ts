import { BedrockRuntimeClient, ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { afterEach, expect, test } from '@jest/globals';
import { converseReply, failure, type Received } from '../helpers/bedrock-server';
import { CONFIG, LARGE_PROFILE, PROFILE } from '../helpers/guarded-client';
import { chatLines, ollamaServer, type LocalReply, type OllamaServer } from '../helpers/ollama-server';
import { CONVERSE, conversePath, post, servingWorlds, streamPath, TOKENS } from './serving';

const world = servingWorlds();
const ollamas: OllamaServer[] = [];
afterEach(async () => {
  for (const one of ollamas.splice(0)) await one.stop();
});

const whole: LocalReply = {
  json: {
    message: { role: 'assistant', content: 'hi there' },
    done: true,
    done_reason: 'stop',
    prompt_eval_count: 3,
    eval_count: 2,
  },
};

async function local(reply: LocalReply, answer: Parameters<typeof world>[0] = converseReply(TOKENS)) {
  const ollama = await ollamaServer(() => reply);
  ollamas.push(ollama);
  const config = { ...CONFIG, localModels: { endpoint: ollama.endpoint, models: ['llama3.1:8b'] } };
  return { ollama, ...(await world(answer, { config: { config } })) };
}
const tier = (name: string) => ({ 'x-spend-guard-tier': name });

test('a local model answers in Bedrock’s form, and costs nothing', async () => {
  const one = await local(whole);
  const answer = await post(one, conversePath, CONVERSE, tier('local'));
  expect([answer.status, await answer.json()]).toEqual([
    200,
    expect.objectContaining({
      output: { message: { role: 'assistant', content: [{ text: 'hi there' }] } },
      stopReason: 'end_turn',
    }),
  ]);
  expect([one.ollama.received.length, one.bedrock.received, one.ledger.reserved]).toEqual([1, [], []]);
});

test('its stream is one that AWS’s SDK reads', async () => {
  const one = await local({ chunks: [chatLines(['hi ', 'there'])] });
  const client = new BedrockRuntimeClient({
    region: 'us-east-1',
    endpoint: one.serving.url,
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: object }).headers, tier('local'));
      return next(args);
    },
    { step: 'build' },
  );
  const { stream } = await client.send(new ConverseStreamCommand({ ...CONVERSE, modelId: PROFILE }));
  let text = '';
  let stop: unknown;
  for await (const event of stream ?? []) {
    text += event.contentBlockDelta?.delta?.text ?? '';
    stop = event.messageStop?.stopReason ?? stop;
  }
  client.destroy();
  expect([text, stop, one.bedrock.received]).toEqual(['hi there', 'end_turn', []]);
});

test('where there is none the next tier is asked, and where that is busy the one after it', async () => {
  const busy = ({ modelId }: Received) =>
    modelId === LARGE_PROFILE ? converseReply(TOKENS) : failure(429, 'ThrottlingException');
  const one = await local({ status: 500, json: { error: 'out of memory' } }, busy);
  const answer = await post(one, conversePath, CONVERSE, tier('local'));
  expect(answer.status).toBe(200);
  expect(one.bedrock.received.map(({ modelId }) => modelId).at(-1)).toBe(LARGE_PROFILE);
  expect([one.ledger.active, one.ledger.spent]).toEqual([0, 10 * 10_000 + 20 * 40_000]);
});

test('without the header the model that was named is asked, and no other', async () => {
  const one = await local(whole, failure(429, 'ThrottlingException'));
  expect((await post(one)).status).toBe(429);
  expect([one.ollama.received, one.bedrock.received.length]).toEqual([[], 1]);
});

test('a tier that there is not is told', async () => {
  const one = await local(whole);
  const answer = await post(one, streamPath, CONVERSE, tier('tiny'));
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining('local, small, large, auto')]);
});
