import { describe, expect, test } from '@jest/globals';
import {
  ConverseCommand,
  ConverseStreamCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type ConverseCommandOutput,
  type ConverseStreamOutput,
} from '@aws-sdk/client-bedrock-runtime';
import { usd } from '../../../core/money';
import {
  converseEvents,
  converseReply,
  invokeEvents,
  invokeReply,
  type StreamEvent,
} from '../../helpers/bedrock-server';
import { CLAUDE, CONFIG, LARGE, openStatus } from '../../helpers/guarded-client';
import { guardedWorlds } from '../../helpers/guarded-server';
import { all, config, NOW, question, tokens } from './cached';

const world = guardedWorlds({ config });
const left = ({ $metadata }: ConverseCommandOutput) => ($metadata as { spendGuard?: object }).spendGuard;

describe('a hit', () => {
  test('makes no request, asks for no credentials, reserves and counts nothing, and reads no status', async () => {
    const { client, server, asked, ledger, events } = await world(converseReply(tokens));
    const first = await client.send(new ConverseCommand(question()));
    const before = { ...asked };
    const second = await client.send(new ConverseCommand(question()));
    expect(asked).toEqual(before);
    expect([server.received.length, ledger.reserved.length]).toEqual([1, 1]);
    const usage = { ...first.usage, totalTokens: 30 };
    expect({ ...second, $metadata: 0, usage: 0 }).toEqual({ ...first, $metadata: 0, usage: 0 });
    const spendGuard = { cached: true, usage, ...left(first) };
    expect(second.$metadata).toEqual({ attempts: 0, totalRetryDelay: 0, spendGuard });
    expect(left(first)).not.toHaveProperty('cached');
    const none = { inputTokens: 0, outputTokens: 0, totalTokens: 0, cacheReadInputTokens: 0, cacheWriteInputTokens: 0 };
    expect(second.usage).toEqual(none);
    const names = events.map(({ name }) => name).filter((name) => name !== 'warning');
    expect(names).toEqual(['allowed', 'settled', 'cached']);
  });

  test.each([
    [3_600_000, 1],
    [3_600_001, 2],
  ])('is one for 60 minutes: at %i ms the provider was asked %i times', async (age, requests) => {
    let now = NOW;
    const { client, server } = await world(converseReply(tokens), { now: () => now });
    await client.send(new ConverseCommand(question()));
    now += age;
    await client.send(new ConverseCommand(question()));
    expect(server.received).toHaveLength(requests);
  });

  test('gives each caller his own copy', async () => {
    const { client } = await world(converseReply(tokens));
    const spoil = (answer: ConverseCommandOutput) => {
      answer.output!.message!.content![0] = { text: 'changed' };
    };
    spoil(await client.send(new ConverseCommand(question())));
    spoil(await client.send(new ConverseCommand(question())));
    const third = await client.send(new ConverseCommand(question()));
    expect(third.output!.message!.content).toEqual([{ text: 'yes' }]);
  });

  test('trap T12: the body of InvokeModel is a blob of the SDK again, each time', async () => {
    const { client, server } = await world(invokeReply(tokens, { completion: 'yes', stop_reason: 'end_turn' }));
    const input = { modelId: CLAUDE, body: JSON.stringify({ max_tokens: 5, messages: [] }) };
    const first = await client.send(new InvokeModelCommand(input));
    const second = await client.send(new InvokeModelCommand(input));
    first.body.fill(0);
    second.body.fill(0);
    const third = await client.send(new InvokeModelCommand(input));
    expect(JSON.parse(third.body.transformToString())).toEqual({ completion: 'yes', stop_reason: 'end_turn' });
    expect(third.contentType).toBe('application/json');
    expect(server.received).toHaveLength(1);
  });

  test('replays a ConverseStream, event by event', async () => {
    const { client, server } = await world({ events: converseEvents(tokens) });
    const first = await all<ConverseStreamOutput>((await client.send(new ConverseStreamCommand(question()))).stream);
    const second = await all<ConverseStreamOutput>((await client.send(new ConverseStreamCommand(question()))).stream);
    expect(second.slice(0, 5)).toEqual(first.slice(0, 5));
    expect(second).toHaveLength(6);
    const { usage, ...rest } = second[5]!.metadata!;
    expect(new Set(Object.values(usage!))).toEqual(new Set([0]));
    expect({ ...first[5]!.metadata, usage: 0 }).toEqual({ ...rest, usage: 0 });
    expect(server.received).toHaveLength(1);
  });

  test('replays an InvokeModelWithResponseStream, its bytes as they were', async () => {
    const events = invokeEvents(tokens);
    const stop: StreamEvent = [
      'chunk',
      { bytes: Buffer.from('{"type":"message_delta","delta":{"stop_reason":"end_turn"}}').toString('base64') },
    ];
    const { client, server } = await world({ events: [...events.slice(0, 2), stop, ...events.slice(2)] });
    const input = { modelId: CLAUDE, body: JSON.stringify({ max_tokens: 5, messages: [] }) };
    const text = async () => {
      const { body } = await client.send(new InvokeModelWithResponseStreamCommand(input));
      return (await all(body)).map(({ chunk }) => {
        const read = new TextDecoder().decode(chunk!.bytes);
        chunk!.bytes!.fill(0);
        return read;
      });
    };
    const first = await text();
    const second = await text();
    expect(second).toHaveLength(first.length);
    expect(second.slice(0, 3)).toEqual(first.slice(0, 3));
    expect(first.at(-1)).toContain('"inputTokenCount":10,"outputTokenCount":20');
    expect(second.at(-1)).toContain('"inputTokenCount":0,"outputTokenCount":0');
    expect(await text()).toEqual(second);
    expect(server.received).toHaveLength(1);
  });

  test.each([
    [
      '{"completion":"yes","stop_reason":"end_turn","usage":{"input_tokens":10,"output_tokens":20}}',
      '{"completion":"yes","stop_reason":"end_turn","usage":{"input_tokens":0,"output_tokens":0}}',
    ],
    [
      '{"stop_reason":"tool_use","content":[{"type":"tool_use","name":"a","input":{"usage":{"n":7},"tokenCount":5}}]}',
      undefined,
    ],
    ['{"completion":"yes", "id":12345678901234567, "stop_reason":"end_turn"}', undefined],
  ])('says that nothing was billed for InvokeModel: %s', async (text, again = text) => {
    const { client } = await world({ bytes: Buffer.from(text), contentType: 'application/json' });
    const send = () => client.send(new InvokeModelCommand({ modelId: CLAUDE, body: '{"max_tokens":5,"messages":[]}' }));
    expect((await send()).body.transformToString()).toBe(text);
    const cached = await send();
    expect(cached.body.transformToString()).toBe(again);
    expect(cached.$metadata).toMatchObject({ spendGuard: { cached: true } });
  });

  test('is of the same model, by whatever name it is called, and of no other', async () => {
    const { client, server } = await world(converseReply(tokens));
    await client.send(new ConverseCommand(question()));
    await client.send(new ConverseCommand(question('hello', CONFIG.models[0]!.profile as string)));
    expect(server.received).toHaveLength(1);
    await client.send(new ConverseCommand(question('hello', LARGE)));
    expect(server.received).toHaveLength(2);
  });

  test('is had while the environment is stopped: it costs nothing', async () => {
    let now = NOW;
    let desired: 'open' | 'stopped' = 'open';
    const { client } = await world(converseReply(tokens), {
      now: () => now,
      meter: () => openStatus(now, { desired }),
    });
    await client.send(new ConverseCommand(question()));
    desired = 'stopped';
    now += 60_000;
    await client.send(new ConverseCommand(question()));
    await expect(client.send(new ConverseCommand(question('other')))).rejects.toThrow('STOPPED');
  });
});

test('a limit that is used up does not matter to what is kept', async () => {
  const { client, ledger } = await world(converseReply(tokens), { config: { ...config, limit: usd('0.005') } });
  await client.send(new ConverseCommand(question()));
  ledger.away = true;
  await client.send(new ConverseCommand(question()));
});
