import { Readable } from 'node:stream';
import { afterEach, describe, expect, jest, test } from '@jest/globals';
import {
  ConverseStreamCommand,
  InvokeModelWithResponseStreamCommand,
  type BedrockRuntimeClientConfig,
} from '@aws-sdk/client-bedrock-runtime';
import { encoded, EVENT_STREAM, type StreamEvent } from '../helpers/bedrock-server';
import { CLAUDE, guarded, SMALL, PROFILE, type Guarded } from '../helpers/guarded-client';

jest.setTimeout(120_000);
afterEach(() => void jest.restoreAllMocks());

/** What becomes of the connection after the last byte: a quiet end, or an error of the socket. */
type Ending = 'end' | 'reset';
interface Sent {
  readonly pieces: readonly Buffer[];
  readonly ending: Ending;
}
interface Got {
  /** Where the way gives bytes. */
  readonly bytes?: Buffer;
  readonly events?: number;
  readonly error: unknown;
}

const chunk = (json: object): StreamEvent => ['chunk', { bytes: Buffer.from(JSON.stringify(json)).toString('base64') }];
const KINDS = {
  ConverseStream: [
    ['messageStart', { role: 'assistant' }],
    ['contentBlockDelta', { contentBlockIndex: 0, delta: { text: 'y' } }],
    ['messageStop', { stopReason: 'end_turn' }],
    ['metadata', { usage: { inputTokens: 10, outputTokens: 20 } }],
  ],
  InvokeModelWithResponseStream: [
    chunk({ type: 'message_start', message: { usage: { input_tokens: 10, output_tokens: 1 } } }),
    chunk({ delta: { text: 'y' } }),
    chunk({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 20 } }),
    chunk({ type: 'message_stop', 'amazon-bedrock-invocationMetrics': { inputTokenCount: 10, outputTokenCount: 20 } }),
  ],
} as const satisfies Record<string, readonly StreamEvent[]>;
type Kind = keyof typeof KINDS;

const EXACT = 10 * 1_000 + 20 * 4_000;
/** By the events that came whole. */
const PROVED: Record<Kind, readonly number[]> = {
  ConverseStream: [0, 0, 0, 0, EXACT],
  InvokeModelWithResponseStream: [0, 14_000, 14_000, EXACT, EXACT],
};
const CALLED: Record<Kind, string> = { ConverseStream: PROFILE, InvokeModelWithResponseStream: `us.${CLAUDE}` };
const ASKED: Record<Kind, object> = {
  ConverseStream: { messages: [{ role: 'user', content: [{ text: 'hello' }] }], inferenceConfig: { maxTokens: 50 } },
  InvokeModelWithResponseStream: { max_tokens: 50, messages: [] },
};

const headers = { 'content-type': EVENT_STREAM };
const gone = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });

async function* flow({ pieces, ending }: Sent): AsyncGenerator<Buffer> {
  yield* pieces;
  if (ending === 'reset') throw gone();
}

async function collected(stream: AsyncIterable<unknown>): Promise<{ found: unknown[]; error: unknown }> {
  const found: unknown[] = [];
  try {
    for await (const each of stream) found.push(each);
    return { found, error: undefined };
  } catch (error) {
    return { found, error };
  }
}

type Way = (kind: Kind) => Guarded & { send: (sent: Sent) => Promise<Got> };

const handler = (sent: () => Sent) => ({
  handle: async () => ({
    response: { statusCode: 200, headers, body: Readable.from(flow(sent()), { objectMode: false }) },
  }),
});

const WAYS: Record<string, Way> = {
  'the plugin': (kind) => {
    let now: Sent;
    const requestHandler = handler(() => now) as unknown as NonNullable<BedrockRuntimeClientConfig['requestHandler']>;
    const all = guarded('http://127.0.0.1:9', { client: { maxAttempts: 1, requestHandler } });
    const send = async (sent: Sent): Promise<Got> => {
      now = sent;
      try {
        const stream =
          kind === 'ConverseStream'
            ? (await all.client.send(new ConverseStreamCommand({ modelId: SMALL, ...ASKED[kind] }))).stream
            : (
                await all.client.send(
                  new InvokeModelWithResponseStreamCommand({ modelId: CLAUDE, body: JSON.stringify(ASKED[kind]) }),
                )
              ).body;
        const { found, error } = await collected(stream!);
        return { events: found.length, error };
      } catch (error) {
        return { error };
      }
    };
    return { ...all, send };
  },
  'guard.fetch': (kind) => {
    let now: Sent;
    const all = guarded('http://127.0.0.1:9');
    const path = kind === 'ConverseStream' ? 'converse-stream' : 'invoke-with-response-stream';
    const url = `http://127.0.0.1:9/model/${encodeURIComponent(CALLED[kind])}/${path}`;
    jest.spyOn(globalThis, 'fetch').mockImplementation(async () => {
      const body = ReadableStream.from(flow(now)) as ReadableStream<Uint8Array>;
      return new Response(body, { headers });
    });
    const send = async (sent: Sent): Promise<Got> => {
      now = sent;
      const response = await all.guard.fetch(url, { method: 'POST', body: JSON.stringify(ASKED[kind]) });
      const { found, error } = await collected(response.body!);
      return { bytes: Buffer.concat(found as Buffer[]), error };
    };
    return { ...all, send };
  },
  'guard.requestHandler': (kind) => {
    let now: Sent;
    const all = guarded('http://127.0.0.1:9');
    const path = kind === 'ConverseStream' ? 'converse-stream' : 'invoke-with-response-stream';
    const inner = all.guard.requestHandler(handler(() => now));
    const request = {
      method: 'POST',
      path: `/model/${encodeURIComponent(CALLED[kind])}/${path}`,
      headers: {},
      body: JSON.stringify(ASKED[kind]),
    };
    const send = async (sent: Sent): Promise<Got> => {
      now = sent;
      const { response } = await (inner.handle as (request: unknown) => Promise<{ response: { body: Readable } }>)(
        request,
      );
      const { found, error } = await collected(response.body);
      return { bytes: Buffer.concat(found as Buffer[]), error };
    };
    return { ...all, send };
  },
};

describe.each(Object.keys(WAYS))('through %s', (name) => {
  describe.each(Object.keys(KINDS) as Kind[])('%s', (kind) => {
    const frames = KINDS[kind].map(([type, payload]) => encoded(type, payload));
    const all = Buffer.concat(frames);
    const ends = frames.map((_, at) => Buffer.concat(frames.slice(0, at + 1)).length);
    const whole = (cut: number) => ends.filter((end) => end <= cut).length;

    test.each<Ending>(['end', 'reset'])(
      'cut off after each of its bytes (%s): charged once, never below what came proves, given on as it is',
      async (ending) => {
        const { send, ledger } = WAYS[name]!(kind);
        const wrong: object[] = [];
        for (let cut = 0; cut < all.length; cut += 1) {
          // The SDK is slow: of its two endings the one after even and the other after odd bytes, both around an event.
          const around = [0, ...ends].some((end) => Math.abs(end - cut) <= 1);
          if (name === 'the plugin' && !around && (cut % 2 === 0) === (ending === 'end')) continue;
          const before = ledger.settled.length;
          const { error, bytes, events } = await send({ pieces: cut === 0 ? [] : [all.subarray(0, cut)], ending });
          const [settled, ...more] = ledger.settled.slice(before);
          const proved = PROVED[kind][whole(cut)]!;
          const spent = proved === EXACT ? EXACT : Math.max(proved, Number(settled?.amount));
          const right =
            settled?.spent === spent &&
            more.length === 0 &&
            ledger.active === 0 &&
            // An answer without its end never looks like one that is complete.
            error !== undefined &&
            (bytes?.equals(all.subarray(0, cut)) ?? events ?? 0) === (bytes ? true : whole(cut));
          if (!right) wrong.push({ cut, settled, more, active: ledger.active, error, bytes: bytes?.length, events });
        }
        expect(wrong).toEqual([]);
      },
    );

    test('in two pieces, parted after each of its bytes: whole, and charged by its usage', async () => {
      const { send, ledger } = WAYS[name]!(kind);
      const wrong: object[] = [];
      for (let part = 1; part < all.length; part += 1) {
        const { error, bytes, events } = await send({
          pieces: [all.subarray(0, part), all.subarray(part)],
          ending: 'end',
        });
        const spent = ledger.settled.at(-1)?.spent;
        const given = bytes ? bytes.equals(all) : events === frames.length;
        if (error !== undefined || spent !== EXACT || !given) wrong.push({ part, error, spent, events });
      }
      expect(wrong).toEqual([]);
      expect(ledger.settled).toHaveLength(all.length - 1);
    });
  });
});
