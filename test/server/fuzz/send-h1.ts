import { connect } from 'node:net';

/** After what a caller goes: at once after its last byte, a while later, with the first byte of an answer, or by closing its half. */
export type Leave = 'at once' | 'later' | 'at the first byte' | 'half';

export interface Http1Case {
  readonly protocol: 'h1';
  readonly pieces: readonly Buffer[];
  readonly leave?: Leave | undefined;
  /** @default 40 */
  readonly laterMs?: number;
}

/** Of each answer its status; `left` by the caller, `closed` by the server without a word, or `hung`. */
export type Outcome = string;

const LATER_MS = 40;
/** A server that still holds the connection by then has forgotten it. */
const HUNG_MS = 20_000;

export function sendHttp1(port: number, { pieces, leave, laterMs = LATER_MS }: Http1Case): Promise<Outcome> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: leave === 'half' });
    const chunks: Buffer[] = [];
    let end: Outcome | undefined;
    const go = (why: Outcome) => {
      end ??= why;
      socket.destroy();
    };
    const hung = setTimeout(() => go('hung'), HUNG_MS);
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (leave === 'at the first byte') go(`left after ${statuses(chunks)[0]}`);
    });
    socket.on('end', () => socket.end());
    socket.on('close', () => {
      clearTimeout(hung);
      const all = statuses(chunks);
      resolve(end ?? (all.length > 0 ? all.join('+') : 'closed'));
    });
    void write();

    async function write(): Promise<void> {
      for (const piece of pieces) {
        socket.write(piece);
        // Each in a packet of its own, as far as one may have that.
        if (pieces.length > 1) await new Promise((next) => setImmediate(next));
      }
      if (leave === 'half') socket.end();
      if (leave === 'at once') socket.end(() => go('left'));
      if (leave === 'later') setTimeout(() => go('left'), laterMs);
    }
  });
}

function statuses(chunks: readonly Buffer[]): readonly string[] {
  const text = Buffer.concat(chunks).toString('latin1');
  return [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)]
    .map(([, status]) => String(status))
    .filter((status) => status !== '100');
}
