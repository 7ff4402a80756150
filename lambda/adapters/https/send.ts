import { request as overTls, type RequestOptions } from 'node:https';
import { type ClientRequest, type IncomingMessage, request as inTheClear } from 'node:http';
import { type HttpAnswer, type HttpPort, type HttpRequest, isSendable } from '../../../core/channels';

/** What is read of an answer: services say in a line what they mean. */
const MOST_BYTES = 64 * 1024;
/** Codes of Node that come before anything is sent, but for those of TLS. */
const UNSENT = ['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'EADDRNOTAVAIL'];

/**
 * Requests to services that are not AWS. No redirect is followed, and an answer ends with its deadline, however it trickles. What went
 * wrong is told by codes alone: addresses of webhooks are secrets.
 * @param mayLoopback addresses of this machine without TLS: the local AWS alone
 */
export function https(mayLoopback = false): HttpPort {
  return {
    send(request, withinMs) {
      if (!isSendable(request.url, mayLoopback))
        return Promise.resolve({ kind: 'unsent', why: 'its address is none of HTTPS' });
      return sent(request, withinMs);
    },
  };
}

function sent(request: HttpRequest, withinMs: number): Promise<HttpAnswer> {
  return new Promise((resolve) => {
    const url = new URL(request.url);
    // A connection of its own each time: one that was closed meanwhile would look as if the message may have been read.
    const options: RequestOptions = { method: request.method ?? 'POST', headers: { ...request.headers }, agent: false };
    if (request.body !== undefined) {
      options.headers = { ...request.headers, 'content-length': String(Buffer.byteLength(request.body)) };
    }
    const begun: ClientRequest = (url.protocol === 'https:' ? overTls : inTheClear)(url, options);
    let isConnected = false;
    const timer = setTimeout(() => {
      settle({ kind: isConnected ? 'unanswered' : 'unsent', why: `nothing within ${withinMs / 1000} s` });
      begun.destroy();
    }, withinMs);
    const settle = (answer: HttpAnswer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    begun.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (isConnected = true));
    });
    begun.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code ?? error.name;
      settle({ kind: isConnected && !UNSENT.includes(why) ? 'unanswered' : 'unsent', why });
    });
    begun.on('response', (response) => void read(response).then(settle));
    begun.end(request.body);
  });
}

async function read(response: IncomingMessage): Promise<HttpAnswer> {
  const { statusCode = 0, headers } = response;
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (bytes > MOST_BYTES) break;
      chunks.push(chunk);
    }
  } catch (error) {
    return { kind: 'unanswered', why: (error as NodeJS.ErrnoException).code ?? 'the answer broke off' };
  }
  const retryAfter = headers['retry-after'];
  const body = Buffer.concat(chunks).toString('utf8');
  return { kind: 'answered', status: statusCode, body, ...(retryAfter !== undefined && { retryAfter }) };
}
