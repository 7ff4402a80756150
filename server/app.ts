import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { bodyOf, failureOf, headersOf, type Refusal, refusal } from './answers';
import type { GuardedBedrock } from './bedrock';
import type { CallerOf } from './callers';
import { type Admitted, type Door, isFromHere } from './entrance';
import type { Page, Pages } from './health';
import type { Limits } from './limits';
import type { Observed } from './observed';

export interface AppParts {
  readonly bedrock: Pick<GuardedBedrock, 'ask'>;
  readonly pages: Pick<Pages, 'healthz' | 'metrics' | 'budget'>;
  readonly limits: Limits;
  readonly observed: Observed;
  readonly listener: (handler: (request: IncomingMessage, response: ServerResponse) => void) => Server;
  readonly admit: (request: IncomingMessage, door: Door) => Promise<Admitted>;
  readonly stopping: () => boolean;
}

export interface App {
  readonly fastify: FastifyInstance;
  /** Breaks off what is in flight: its answers end, and are charged. */
  breakOff(): void;
}

const DOORS: Readonly<Record<string, Door>> = { '/healthz': 'health', '/metrics': 'pages', '/budget': 'pages' };

/** The HTTP of the server: what is asked passes as bytes, and every answer of its own is in Bedrock's shape. */
export function appOf({ bedrock, pages, limits, observed, listener, admit, stopping }: AppParts): App {
  const inFlight = new Set<AbortController>();
  const servers: Server[] = [];
  const callers = new WeakMap<IncomingMessage, CallerOf>();
  const fastify = Fastify({
    serverFactory: (handler) => {
      const server = listener(handler);
      servers.push(server);
      return server;
    },
    bodyLimit: limits.bodyBytes,
    // The door says so, in Bedrock's shape.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => void refuse(reply, failureOf(error)),
    clientErrorHandler: (error, socket) => notHttp(error, socket),
    exposeHeadRoutes: false,
    logger: false,
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', async ({ raw }, reply) => {
    const [path = ''] = (raw.url ?? '').split('?');
    const admitted = await admit(raw, (Object.hasOwn(DOORS, path) && DOORS[path]) || 'bedrock');
    if ('refused' in admitted) {
      observed.request('none', 'refused');
      observed.refusal(admitted.refused.code);
      return refuse(reply, admitted.refused);
    }
    // As Bedrock takes it; without a type Fastify would leave a body over HTTP/2 unread.
    if (raw.method === 'POST') raw.headers['content-type'] ??= 'application/json';
    if (admitted.caller) callers.set(raw, admitted.caller);
    inTime(raw, limits.requestMs);
  });
  fastify.addHook('onResponse', async () => {
    // Else the connection of an answer that had begun before the stop is kept for the client's next request.
    if (stopping()) setImmediate(() => servers.forEach((server) => server.closeIdleConnections()));
  });
  fastify.setErrorHandler((error: FastifyError, _request, reply) => refuse(reply, failureOf(error)));
  fastify.setNotFoundHandler((request, reply) => forward(request, reply));
  fastify.get('/healthz', ({ raw }, reply) => show(reply, pages.healthz(stopping(), isFromHere(raw))));
  fastify.get('/metrics', async (_request, reply) => show(reply, await pages.metrics()));
  fastify.get('/budget', async ({ raw, query }, reply) => {
    const { budget } = query as { readonly budget?: unknown };
    const answer = await pages.budget(callers.get(raw), typeof budget === 'string' ? budget : undefined);
    return 'code' in answer ? refuse(reply, answer) : show(reply, answer);
  });
  fastify.all('/*', (request, reply) => forward(request, reply));

  async function forward(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const controller = new AbortController();
    inFlight.add(controller);
    observed.inFlight = inFlight.size;
    const { raw } = request;
    reply.raw.once('close', () => {
      inFlight.delete(controller);
      observed.inFlight = inFlight.size;
      // An answer that has ended has nothing left to break off, and an abort is dear.
      if (!reply.raw.writableEnded) controller.abort();
    });
    const answer = await bedrock.ask({
      method: raw.method ?? '',
      url: raw.url ?? '',
      headers: raw.headers,
      body: request.body instanceof Buffer ? request.body : Buffer.alloc(0),
      caller: callers.get(raw),
      signal: controller.signal,
    });
    if ('code' in answer) return refuse(reply, answer);
    const { status, headers, body } = answer;
    if ('destroy' in body) {
      if (controller.signal.aborted) body.destroy();
      controller.signal.addEventListener('abort', () => body.destroy());
    }
    return reply.code(status).headers(headers).send(body);
  }

  return {
    fastify,
    breakOff: () => {
      for (const controller of inFlight) controller.abort();
    },
  };
}

function refuse(reply: FastifyReply, said: Refusal): FastifyReply {
  return reply.code(said.status).headers(headersOf(said)).send(bodyOf(said));
}

function show(reply: FastifyReply, { status, type, text }: Page): FastifyReply {
  return reply.code(status).headers({ 'content-type': type, 'cache-control': 'no-store' }).send(text);
}

/** A body over HTTP/2 must come in its time too; over HTTP/1.1 Node sees to that. */
function inTime(request: IncomingMessage, ms: number): void {
  const { stream } = request as { readonly stream?: { close(code: number): void } };
  if (!stream) return;
  const timer = setTimeout(() => stream.close(CANCEL), ms);
  timer.unref();
  request.once('end', () => clearTimeout(timer));
  request.once('close', () => clearTimeout(timer));
}

/** RFC 9113, 7. */
const CANCEL = 8;

const NOT_HTTP: Readonly<Record<string, readonly [status: string, message: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'the request took too long to arrive.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'its headers are larger than this server takes.'],
};

/** What is no HTTP, or two requests in the form of one, is not answered on that connection any further. */
function notHttp({ code }: { readonly code?: string | undefined }, socket: Socket): void {
  if (socket.destroyed || code === 'ECONNRESET') return;
  const [status, message] = NOT_HTTP[code ?? ''] ?? ['400 Bad Request', 'the request is not well formed.'];
  const said = refusal(400, 'ValidationException', 'BAD_REQUEST', message);
  const body = bodyOf(said);
  const headers = { ...headersOf(said), 'content-length': String(Buffer.byteLength(body)), connection: 'close' };
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (socket.writable) socket.write([`HTTP/1.1 ${status}`, ...head, '', body].join('\r\n'));
  socket.destroySoon();
}
