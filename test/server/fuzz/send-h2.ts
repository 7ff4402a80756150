import { connect as connectHttp2, constants, type OutgoingHttpHeaders } from 'node:http2';
import { connect } from 'node:net';
import type { Leave, Outcome } from './send-h1';

export type Http2Case =
  | {
      readonly protocol: 'h2';
      readonly headers: OutgoingHttpHeaders;
      readonly body: Buffer;
      /** What of the body is sent before the caller resets its stream. */
      readonly cut?: number;
      readonly leave?: Exclude<Leave, 'half'> | undefined;
      /** @default 40 */
      readonly laterMs?: number;
    }
  /** Whatever follows the preface, if it is one. */
  | { readonly protocol: 'h2'; readonly bytes: Buffer };

const LATER_MS = 40;
const HUNG_MS = 20_000;

export function sendHttp2(port: number, one: Http2Case): Promise<Outcome> {
  return 'bytes' in one ? raw(port, one.bytes) : asked(port, one);
}

function raw(port: number, bytes: Buffer): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    const later = setTimeout(() => socket.destroy(), 4 * LATER_MS);
    let answered = false;
    socket.on('error', () => {});
    socket.on('data', () => (answered = true));
    socket.on('close', () => {
      clearTimeout(later);
      resolve(answered ? 'frames' : 'closed');
    });
  });
}

function asked(port: number, one: Exclude<Http2Case, { bytes: Buffer }>): Promise<Outcome> {
  const { headers, body, cut, leave, laterMs = LATER_MS } = one;
  return new Promise((resolve) => {
    const session = connectHttp2(`http://127.0.0.1:${port}`);
    let outcome: Outcome | undefined;
    const done = (how: Outcome) => {
      outcome ??= how;
      clearTimeout(hung);
      session.destroy();
      resolve(outcome);
    };
    const hung = setTimeout(() => done('hung'), HUNG_MS);
    session.on('error', () => done('closed'));
    session.on('close', () => done('closed'));
    const stream = session.request(headers);
    stream.on('error', () => {});
    stream.on('response', (answer) => (outcome = String(answer[':status'])));
    stream.on('data', () => {
      if (leave !== 'at the first byte' || stream.closed) return;
      outcome = `left after ${outcome}`;
      stream.close(constants.NGHTTP2_CANCEL);
    });
    stream.on('close', () => done(outcome ?? 'closed'));
    if (cut !== undefined) {
      stream.write(body.subarray(0, cut), () => leaveNow());
      return;
    }
    stream.end(body);
    if (leave === 'at once') setImmediate(leaveNow);
    if (leave === 'later') setTimeout(leaveNow, laterMs);

    function leaveNow(): void {
      outcome ??= 'left';
      stream.close(constants.NGHTTP2_CANCEL);
    }
  });
}
