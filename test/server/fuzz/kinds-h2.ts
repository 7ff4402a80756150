import { between, type Random } from '../../../simulator/random';
import type { Kind } from './case';
import { oneOf, plain, type Plain } from './requests';
import type { Http2Case } from './send-h2';

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const SETTINGS = frame(4, 0, 0, Buffer.alloc(0));

type Asked = Exclude<Http2Case, { bytes: Buffer }>;

function asked({ method, path, headers, body }: Plain, host: string, more: Partial<Asked> = {}): Asked {
  return {
    protocol: 'h2',
    headers: { ':method': method, ':path': path, ':authority': host, ...Object.fromEntries(headers), ...more.headers },
    body: more.body ?? body,
    ...(more.cut === undefined ? {} : { cut: more.cut }),
    leave: more.leave,
    ...(more.laterMs === undefined ? {} : { laterMs: more.laterMs }),
  };
}

export const kindsOfHttp2: Readonly<Record<string, Kind>> = {
  'h2: whole': { reaches: 'always', make: (random, id, host) => asked(plain(random, id), host) },
  'h2: somebody else, another path or method': {
    reaches: 'never',
    make: (random, id, host) =>
      asked(plain(random, id), host, {
        headers: oneOf<Asked['headers']>(random, [
          { ':authority': 'evil.example' },
          { ':path': '/x/../model/a/converse' },
          { ':path': `//${host}/` },
          { ':path': 'model' },
          { ':method': 'PUT' },
          { ':method': 'post' },
          { 'content-encoding': 'br' },
          { 'x-large': 'a'.repeat(50_000) },
        ]),
      }),
  },
  'h2: a length that is not the body’s': {
    reaches: 'maybe',
    make: (random, id, host) => {
      const whole = plain(random, id);
      const length = between(random, 0, 2 * whole.body.length);
      return asked(whole, host, { headers: { 'content-length': length } });
    },
  },
  'h2: a body that is none': {
    reaches: 'never',
    make: (random, id, host) => {
      const whole = plain(random, id);
      const body = oneOf(random, [Buffer.alloc(0), whole.body.subarray(1), Buffer.concat([whole.body, whole.body])]);
      return asked(whole, host, { body });
    },
  },
  'h2: reset within the body': {
    reaches: 'never',
    make: (random, id, host) => {
      const whole = plain(random, id);
      return asked(whole, host, { cut: between(random, 1, whole.body.length - 1) });
    },
  },
  'h2: left before the answer': {
    reaches: 'maybe',
    make: (random, id, host) =>
      asked(plain(random, id), host, {
        leave: oneOf(random, ['at once', 'later'] as const),
        laterMs: between(random, 0, 200),
      }),
  },
  'h2: left within the stream': {
    reaches: 'always',
    make: (random, id, host) =>
      asked(
        plain(random, id, {
          operation: oneOf(random, ['converse-stream', 'invoke-with-response-stream'] as const),
          ...(random() < 0.5 ? { fault: 'stall' } : {}),
        }),
        host,
        { leave: 'at the first byte' },
      ),
  },
  'h2: frames of chance': {
    reaches: 'never',
    make: (random) => ({ protocol: 'h2', bytes: Buffer.concat([PREFACE, SETTINGS, ...frames(random)]) }),
  },
  'h2: a part of its preface': {
    reaches: 'never',
    make: (random) => ({
      protocol: 'h2',
      bytes: Buffer.concat([
        PREFACE.subarray(0, between(random, 1, PREFACE.length)),
        Buffer.from(oneOf(random, ['', 'X', '\r\n\r\n', '\u0000'])),
      ]),
    }),
  },
};

function frames(random: Random): readonly Buffer[] {
  return Array.from({ length: between(random, 1, 6) }, () => {
    const payload = Buffer.from(Array.from({ length: between(random, 0, 60) }, () => between(random, 0, 255)));
    return frame(between(random, 0, 12), between(random, 0, 255), between(random, 0, 5), payload);
  });
}

/** RFC 9113, 4.1. */
function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}
