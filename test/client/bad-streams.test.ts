import { describe, expect, jest, test } from '@jest/globals';
import { InvokeModelCommand } from '@aws-sdk/client-bedrock-runtime';
import fc from 'fast-check';
import { converseEvents, encoded, EVENT_STREAM, type Reply, type StreamEvent } from '../helpers/bedrock-server';
import { CLAUDE } from '../helpers/guarded-client';
import { guardedWorlds } from '../helpers/guarded-server';
import { body, converse, exact, invoke, PROTOCOLS, reserved, spent, tokens } from './streamed';

jest.setTimeout(60_000);

const world = guardedWorlds();

describe('bad input', () => {
  const chunk = (json: object | string): StreamEvent => [
    'chunk',
    { bytes: Buffer.from(typeof json === 'string' ? json : JSON.stringify(json)).toString('base64') },
  ];
  const count = fc.oneof(
    fc.integer({ min: 0, max: 3_000 }),
    fc.constantFrom(-1, 1.5, 1e9 + 1, 1e15, 1e300, null, 'many', undefined),
  );
  const usage = fc.record({ input_tokens: count, output_tokens: count }, { requiredKeys: [] });
  const good = (value: unknown) =>
    typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 1e9 ? value : undefined;
  const chunkOf = fc.oneof(
    usage.map((each) => ({ type: 'message_start', message: { usage: each } })),
    usage.map((each) => ({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: each })),
    fc.constantFrom<object | string>(
      { type: 'content_block_delta', delta: { text: 'x' } },
      { type: 'new' },
      'no JSON',
      '[]',
      '7',
    ),
    fc
      .record({ inputTokenCount: count, outputTokenCount: count }, { requiredKeys: [] })
      .map((each) => ({ type: 'message_stop', 'amazon-bedrock-invocationMetrics': each })),
  );

  /** By another way than the product: every count that stands somewhere, the largest of each. */
  function proved(chunks: readonly (object | string)[]): number {
    const most = { input: 0, output: 0 };
    const visit = (value: unknown) => {
      if (typeof value !== 'object' || value === null) return;
      for (const [name, inner] of Object.entries(value)) {
        if (name.startsWith('input')) most.input = Math.max(most.input, good(inner) ?? 0);
        if (name.startsWith('output')) most.output = Math.max(most.output, good(inner) ?? 0);
        visit(inner);
      }
    };
    chunks.forEach(visit);
    return most.input * 1_000 + most.output * 4_000;
  }

  test('counts of any kind and order: charged once, never below what they prove, and given on as they are', async () => {
    let reply: Reply = { hang: true };
    const here = await world(() => reply);
    const property = fc.asyncProperty(fc.array(chunkOf, { maxLength: 6 }), async (chunks) => {
      const before = here.ledger.settled.length;
      reply = { events: chunks.map(chunk) };
      const { seen } = await invoke(here);
      expect(seen).toBe(chunks.length);
      const settled = here.ledger.settled.slice(before);
      expect(settled).toHaveLength(1);
      expect(settled[0]!.spent).toBeGreaterThanOrEqual(proved(chunks));
      expect([proved(chunks), Math.max(proved(chunks), settled[0]!.amount)]).toContain(settled[0]!.spent);
      expect(here.ledger.active).toBe(0);
    });
    await fc.assert(property, { numRuns: 150 });
  });

  test.each(PROTOCOLS)(
    'a stream cut off after any byte, over %s: charged once, an error, never read',
    async (protocol) => {
      const all = Buffer.concat([...converseEvents(tokens)].map(([type, payload]) => encoded(type, payload)));
      let reply: Reply = { hang: true };
      const here = await world(() => reply, { protocol });
      const cuts = [...Array.from({ length: 40 }, (_, at) => Math.floor((at * all.length) / 40)), all.length - 1];
      for (const finish of ['end', 'reset'] as const) {
        for (const cut of cuts) {
          const before = here.ledger.settled.length;
          reply = { bytes: all.subarray(0, cut), contentType: EVENT_STREAM, finally: finish };
          const { error } = await converse(here);
          expect({ cut, error: error !== undefined }).toEqual({ cut, error: true });
          expect(here.ledger.settled.slice(before)).toHaveLength(1);
          expect(here.ledger.settled.at(-1)!.spent).toBe(here.ledger.settled.at(-1)!.amount);
        }
      }
      reply = { bytes: all, contentType: EVENT_STREAM };
      expect((await converse(here)).error).toBeUndefined();
      expect(here.ledger.settled.at(-1)!.spent).toBe(exact);
    },
  );

  test('events of unknown types are given on, and two usages are the dearer of both', async () => {
    const events: readonly StreamEvent[] = [
      ...converseEvents({ input: 11, output: 20 }),
      ['somethingNew', { usage: { inputTokens: 99 } }],
      ...converseEvents({ input: 10, output: 21 }).slice(-1),
    ];
    const here = await world({ events });
    expect((await converse(here)).error).toBeUndefined();
    expect(spent(here)).toEqual([11 * 1_000 + 21 * 4_000]);
  });

  test.each(['no JSON', ' ', '[]', 'null', '{"usage":"none"}', '{"usage":[{"input_tokens":1}]}'])(
    'a body of %j is given on as it is, and charged in full',
    async (text) => {
      const here = await world({ bytes: Buffer.from(text), contentType: 'application/json' });
      const answer = await here.client.send(new InvokeModelCommand({ modelId: CLAUDE, body }));
      expect(answer.body.transformToString()).toBe(text);
      expect(spent(here)).toEqual(reserved(here));
    },
  );

  test('a body that proves more than was reserved is charged what it proves, though not all is told', async () => {
    const text = '{"usage":{"output_tokens":5000}}';
    const here = await world({ bytes: Buffer.from(text), contentType: 'application/json' });
    await here.client.send(new InvokeModelCommand({ modelId: CLAUDE, body }));
    expect(spent(here)).toEqual([5_000 * 4_000]);
    expect(reserved(here)[0]).toBeLessThan(5_000 * 4_000);
  });
});
