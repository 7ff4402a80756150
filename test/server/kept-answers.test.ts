import { describe, expect, test } from '@jest/globals';
import { converseEvents, converseReply, invokeReply, type Received, type Reply } from '../helpers/bedrock-server';
import { CONFIG, PROFILE } from '../helpers/guarded-client';
import { conversePath, CONVERSE, COST, post, servingWorlds, streamPath, TOKENS } from './serving';

const world = servingWorlds();
const config = { config: { ...CONFIG, cacheMinutes: 5 } };
const numbered = (_: Received, index: number): Reply => converseReply(TOKENS, `answer ${index}`);
const cached = (answer: Response) => answer.headers.get('x-spend-guard-cached');

async function both(reply: Reply | ((request: Received, index: number) => Reply), path: string, ...bodies: unknown[]) {
  const one = await world(reply, { config });
  const answers: Response[] = [];
  for (const body of bodies) answers.push(await post(one, path, body));
  return { one, answers };
}

test('the same question is answered without a request, and costs nothing', async () => {
  const { one, answers } = await both(numbered, conversePath, CONVERSE, CONVERSE);
  expect(answers.map(cached)).toEqual(['false', 'true']);
  const [first, second] = (await Promise.all(answers.map((answer) => answer.json()))) as [object, object];
  expect(first).toMatchObject({ output: { message: { content: [{ text: 'answer 0' }] } }, usage: { inputTokens: 10 } });
  expect(second).toMatchObject({ output: { message: { content: [{ text: 'answer 0' }] } }, usage: { inputTokens: 0 } });
  expect([one.bedrock.received.length, one.ledger.spent]).toEqual([1, COST]);
  expect(answers.map((answer) => answer.headers.get('x-spend-guard-remaining-usd'))).toEqual(['9.99991', '9.99991']);
});

test('of InvokeModel too, with counts of 0 in its headers', async () => {
  const path = `/model/${encodeURIComponent(PROFILE)}/invoke`;
  const body = { inferenceConfig: { maxTokens: 100 }, messages: CONVERSE.messages };
  const reply = invokeReply(TOKENS, converseReply(TOKENS) as { json: object }['json']);
  const whole = { output: { message: { content: [{ text: 'yes' }] } }, stopReason: 'end_turn' };
  const { one, answers } = await both({ ...reply, json: whole } as Reply, path, body, body);
  expect(answers.map(cached)).toEqual(['false', 'true']);
  expect(answers.map((answer) => answer.headers.get('x-amzn-bedrock-output-token-count'))).toEqual(['20', '0']);
  expect(one.bedrock.received).toHaveLength(1);
});

describe('another question is asked', () => {
  test.each<[string, object]>([
    ['in other words', { ...CONVERSE, messages: [{ role: 'user', content: [{ text: 'hullo' }] }] }],
    ['for more tokens', { ...CONVERSE, inferenceConfig: { maxTokens: 101 } }],
  ])('%s', async (_, other) => {
    const { one, answers } = await both(numbered, conversePath, CONVERSE, other);
    expect(answers.map(cached)).toEqual(['false', 'false']);
    expect(one.bedrock.received).toHaveLength(2);
  });

  test('with a guardrail in its headers', async () => {
    const one = await world(numbered, { config });
    await post(one);
    const answer = await post(one, conversePath, CONVERSE, { 'x-amzn-bedrock-trace': 'ENABLED' });
    expect([cached(answer), one.bedrock.received.length]).toEqual(['false', 2]);
  });
});

describe('not kept', () => {
  test('where the caller samples', async () => {
    const sampled = { ...CONVERSE, inferenceConfig: { maxTokens: 100, temperature: 0.5 } };
    const { answers } = await both(numbered, conversePath, sampled, sampled);
    expect(answers.map(cached)).toEqual(['false', 'false']);
  });

  test('what was cut off', async () => {
    const { json } = converseReply(TOKENS) as { json: object };
    const { answers } = await both({ json: { ...json, stopReason: 'max_tokens' } }, conversePath, CONVERSE, CONVERSE);
    expect(answers.map(cached)).toEqual(['false', 'false']);
  });

  test('a refusal of Bedrock’s', async () => {
    const { answers } = await both({ status: 400, json: { message: 'no' } }, conversePath, CONVERSE, CONVERSE);
    expect(answers.map(cached)).toEqual(['false', 'false']);
  });

  test('streams', async () => {
    const one = await world({ events: converseEvents(TOKENS) }, { config });
    for (const _ of [1, 2]) await (await post(one, streamPath)).arrayBuffer();
    expect(one.bedrock.received).toHaveLength(2);
  });

  test('where the config keeps none, and beyond its minutes', async () => {
    const none = await world(numbered);
    for (const _ of [1, 2]) await post(none);
    expect(none.bedrock.received).toHaveLength(2);
    let now = Date.now();
    const timed = await world(numbered, { config, guard: { now: () => now } });
    await post(timed);
    now += 5 * 60_000;
    expect(cached(await post(timed))).toBe('true');
    now += 1;
    expect(cached(await post(timed))).toBe('false');
  });
});
