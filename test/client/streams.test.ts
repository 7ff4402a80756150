import { describe, expect, jest, test } from '@jest/globals';
import { ConverseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { converseEvents, invokeEvents, type StreamEvent } from '../helpers/bedrock-server';
import { ask, guardedWorlds } from '../helpers/guarded-server';
import { converse, ends, exact, invoke, PROTOCOLS, read, reserved, spent, tokens } from './streamed';

jest.setTimeout(60_000);

const world = guardedWorlds();

const start: StreamEvent = ['messageStart', { role: 'assistant' }];
const started: StreamEvent = [
  'chunk',
  { bytes: Buffer.from('{"type":"message_start","message":{}}').toString('base64') },
];
const counted: StreamEvent = [
  'chunk',
  { bytes: Buffer.from('{"type":"message_start","message":{"usage":{"input_tokens":7}}}').toString('base64') },
];
const throttle: StreamEvent = ['throttlingException', { message: 'slow down' }];
describe.each(PROTOCOLS)('a refusal inside a stream, over %s', (protocol) => {
  test.each<[string, readonly StreamEvent[]]>([
    ['at once', [throttle]],
    ['after the message began', [start, throttle]],
    ['of high demand', [start, ['serviceUnavailableException', { message: 'busy' }]]],
    ['of the request', [['validationException', { message: 'no' }]]],
  ])('%s, before any token, costs nothing', async (_, events) => {
    const here = await world({ events }, { protocol });
    expect((await converse(here)).error?.name).toMatch(/^(Throttling|ServiceUnavailable|Validation)Exception$/);
    expect(spent(here)).toEqual([0]);
  });

  test('of InvokeModel costs nothing, or what was counted by then', async () => {
    for (const [events, cost] of [
      [[throttle], 0],
      [[started, throttle], 0],
      [[counted, throttle], 7_000],
    ] as const) {
      const here = await world({ events }, { protocol });
      expect((await invoke(here)).error?.name).toBe('ThrottlingException');
      expect(spent(here)).toEqual([cost]);
    }
  });

  test('after a token is charged in full', async () => {
    for (const [events, send] of [
      [[...converseEvents(undefined).slice(0, 2), throttle], converse],
      [[...invokeEvents(undefined), throttle], invoke],
    ] as const) {
      const here = await world({ events }, { protocol });
      expect((await send(here)).error?.name).toBe('ThrottlingException');
      expect(spent(here)).toEqual(reserved(here));
    }
  });

  test('what a model failed by may have been billed, also before a token', async () => {
    const here = await world({ events: [start, ['modelStreamErrorException', { message: 'broken' }]] }, { protocol });
    expect((await converse(here)).error).toBeDefined();
    expect(spent(here)).toEqual(reserved(here));
  });
});

describe.each(PROTOCOLS)('a stream that breaks off, over %s', (protocol) => {
  test.each<[string, readonly StreamEvent[], 'end' | 'reset']>([
    ['reset after a token', converseEvents(undefined).slice(0, 3), 'reset'],
    ['reset before its usage', converseEvents(undefined), 'reset'],
    ['ended after a token', converseEvents(undefined).slice(0, 3), 'end'],
    ['ended before its usage', converseEvents(undefined), 'end'],
    ['ended without its reason', converseEvents(tokens).filter(([type]) => type !== 'messageStop'), 'end'],
    ['ended before anything', [], 'end'],
  ])('%s is an error to its reader, and is not reported as read', async (_, events, how) => {
    const here = await world({ events, finally: how }, { protocol });
    const { seen, error } = await converse(here);
    expect(error).toBeDefined();
    expect(seen).toBe(events.length);
    expect(here.ledger.settled).toHaveLength(1);
    expect(ends(here)).not.toContain('read');
  });

  test('of InvokeModel likewise', async () => {
    const anthropic = [started, ...invokeEvents(undefined)];
    for (const events of [invokeEvents(undefined), anthropic, []]) {
      for (const how of ['end', 'reset'] as const) {
        const here = await world({ events, finally: how }, { protocol });
        expect((await invoke(here)).error).toBeDefined();
        expect(spent(here)).toEqual(reserved(here));
        expect(ends(here)).not.toContain('read');
      }
    }
  });

  test('by its own caller is an abort', async () => {
    const here = await world({ events: converseEvents(undefined).slice(0, 3), finally: 'stall' }, { protocol });
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 60);
    const { error } = await converse(here, abort.signal);
    if (protocol === 'h2') expect(error?.name).toBe('AbortError');
    else expect(error).toBeDefined();
    expect(spent(here)).toEqual(reserved(here));
  });
});

describe.each(PROTOCOLS)('a long stream, over %s', (protocol) => {
  const many = converseEvents(
    tokens,
    Array.from({ length: 16 }, () => 'x'),
  );

  test('lives as long as its events flow', async () => {
    const here = await world({ events: many, everyMs: 30 }, { protocol, streamDeadlineMs: 200 });
    expect(await converse(here)).toEqual({ seen: many.length, error: undefined });
    expect(spent(here)).toEqual([exact]);
  });

  test('is cut off after a silence, with an error that says so, once', async () => {
    const here = await world({ events: many.slice(0, 9), finally: 'stall' }, { protocol, streamDeadlineMs: 80 });
    const { seen, error } = await converse(here);
    expect(seen).toBe(9);
    expect(error).toMatchObject({ name: 'StreamCutOff', by: 'guard' });
    expect(spent(here)).toEqual(reserved(here));
    expect(ends(here)).toEqual(['unread']);
    while (here.server.open() > 0) await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('one that was cut off before it was read is an error to a late reader', async () => {
    const here = await world({ events: many }, { protocol, streamDeadlineMs: 30 });
    const { stream } = await here.client.send(new ConverseStreamCommand(ask()));
    await new Promise((resolve) => setTimeout(resolve, 90));
    expect(await read(stream)).toMatchObject({ seen: 0, error: { name: 'StreamCutOff', by: 'guard' } });
    expect(here.ledger.settled).toHaveLength(1);
  });
});
