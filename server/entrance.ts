import type { IncomingMessage } from 'node:http';
import { refusal, type Refusal } from './answers';
import type { Authorized, CallerOf, Claim } from './callers';
import { isLoopback } from './host';

export interface EntranceParts {
  readonly isOurs: (header: string | undefined) => boolean;
  readonly authorized: (claim: Claim) => Promise<Authorized>;
  /** Whether it takes no more. */
  readonly stopping: () => boolean;
  /** Whether what the server says of itself is for everybody on this machine. */
  readonly isOpenHere: boolean;
  readonly headerBytes: number;
}

/** Let in without a name, with one, or not at all. */
export type Admitted = { readonly caller: CallerOf | undefined } | { readonly refused: Refusal };

export type Door = 'bedrock' | 'health' | 'pages';

/** Node takes one of two, and what is in front of the server may have looked at the other. */
const ONCE = ['host', ':authority', 'authorization', 'content-type', 'content-encoding', 'origin'];

function isTwice({ rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>, name: string): boolean {
  return rawHeaders.filter((text, at) => at % 2 === 0 && text.toLowerCase() === name).length > 1;
}

/** Who may come in, by the head of a request: before anything of its body is read. */
export function entrance({ isOurs, authorized, stopping, isOpenHere, headerBytes }: EntranceParts) {
  return async (request: IncomingMessage, door: Door): Promise<Admitted> => {
    const { headers, url = '', socket } = request;
    const authority = headers[':authority'] as string | undefined;
    const { host = authority } = headers;
    if (!url.startsWith('/'))
      return denied(400, 'BAD_TARGET', 'this server is no proxy: ask for a path, such as /model/ID/converse.');
    // A client of HTTP/2 may send before it has heard of the limit, and is not held to it then.
    if (request.rawHeaders.reduce((sum, text) => sum + text.length, 0) > headerBytes)
      return {
        refused: refusal(
          431,
          'ValidationException',
          'HEADERS_TOO_LARGE',
          'its headers are larger than this server takes.',
        ),
      };
    const twice = ONCE.find((name) => isTwice(request, name));
    if (twice !== undefined) return denied(400, 'TWICE', `the request has two headers ${twice}: send one.`);
    if (!isOurs(host) || (authority !== undefined && authority !== host))
      return denied(
        403,
        'FOREIGN_HOST',
        'the request names another host than this server: use the address that it printed.',
      );
    // A page may ask for anything of this machine, and a key that the browser knows would come along.
    const site = headers['sec-fetch-site'];
    if (headers.origin !== undefined || (site !== undefined && site !== 'none'))
      return denied(403, 'FROM_A_PAGE', 'it comes from a page in a browser, and those are not served.');
    if (stopping() && door !== 'health')
      return {
        refused: refusal(
          503,
          'ServiceUnavailableException',
          'STOPPING',
          'this server is being stopped: ask again in a moment.',
        ),
      };
    if (door === 'health') return { caller: undefined };
    const isHere = isFromHere({ socket });
    const claim = { authorization: headers.authorization, isLoopback: isHere };
    const answer = await authorized(claim);
    if (answer.kind === 'caller') return { caller: answer.caller };
    if (answer.kind === 'anybody' || (door === 'pages' && isOpenHere && isHere && headers.authorization === undefined))
      return { caller: undefined };
    return { refused: answer.refusal };
  };
}

function denied(status: number, code: string, message: string): Admitted {
  return { refused: refusal(status, status === 403 ? 'AccessDeniedException' : 'ValidationException', code, message) };
}

/** Whether it comes from this machine. */
export function isFromHere({ socket }: Pick<IncomingMessage, 'socket'>): boolean {
  return isLoopback(socket.remoteAddress?.replace(/^::ffff:/, '') ?? '');
}
