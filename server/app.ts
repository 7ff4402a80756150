import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import Fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { bodyOf, headersOf, type Refusal, refusal } from './answers';
import type { GuardedBedrock } from './bedrock';
import type { Limits } from './limits';
import type { CallerOf } from './options';

export interface AppParts {
  readonly bedrock: Pick<GuardedBedrock, 'ask'>;
  readonly limits: Limits;
  readonly listener: (handler: (request: IncomingMessage, response: ServerResponse) => void) => Server;
  /** Who asks, or why nobody may; known before anything of the body is read. */
  readonly admit: (request: IncomingMessage) => Promise<CallerOf | Refusal | undefined>;
}

export interface App {
  readonly fastify: FastifyInstance;
  /** Breaks off what is in flight: its answers end, and are charged. */
  breakOff(): void;
}

/** The HTTP of the server: what is asked passes as bytes, and every answer of its own is in Bedrock's shape. */
export function appOf({ bedrock, limits, listener, admit }: AppParts): App {
  const inFlight = new Set<AbortController>();
  const callers = new WeakMap<IncomingMessage, CallerOf>();
  const fastify = Fastify({
    serverFactory: (handler) => listener(handler),
    bodyLimit: limits.bodyBytes,
    // Answered below, in Bedrock's shape.
    return503OnClosing: false,
    frameworkErrors: (error, _request, reply) => void refuse(reply, ofError(error)),
    exposeHeadRoutes: false,
    logger: false,
  });
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  fastify.addHook('onRequest', async ({ raw }, reply) => {
    const admitted = await admit(raw);
    if (admitted === undefined) return;
    if ('status' in admitted) return refuse(reply, admitted);
    callers.set(raw, admitted);
  });
  fastify.setErrorHandler((error: FastifyError, _request, reply) => refuse(reply, ofError(error)));
  fastify.setNotFoundHandler((request, reply) => forward(request, reply));
  fastify.all('/*', (request, reply) => forward(request, reply));

  async function forward(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const controller = new AbortController();
    inFlight.add(controller);
    const { raw } = request;
    reply.raw.once('close', () => {
      inFlight.delete(controller);
      controller.abort();
    });
    const answer = await bedrock.ask({
      method: raw.method ?? '',
      url: raw.url ?? '',
      headers: raw.headers,
      body: request.body instanceof Buffer ? request.body : Buffer.alloc(0),
      caller: callers.get(raw),
      signal: controller.signal,
    });
    if ('type' in answer) return refuse(reply, answer);
    const { status, headers, body } = answer;
    controller.signal.addEventListener('abort', () => body.destroy());
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

function ofError(error: FastifyError): Refusal {
  const { statusCode, code } = error;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return refusal(413, 'ValidationException', 'BODY_TOO_LARGE', 'the body is larger than this server takes.');
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return refusal(statusCode, 'ValidationException', 'BAD_REQUEST', 'the request is not well formed.');
  return refusal(502, 'InternalServerException', 'UPSTREAM_FAILED', 'the connection to Bedrock failed.');
}
