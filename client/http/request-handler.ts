import { Readable } from 'node:stream';
import { record } from '../../core/in-path';
import { bodyOf } from '../body';
import { exchange, type Exchange } from './exchange';
import type { HttpAnswer, HttpAsked, HttpReceived } from './message';

interface HandlerRequest {
  readonly method: string;
  readonly hostname?: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface HandlerResponse {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** As much of the SDK's `HttpHandler` as the guard sees. */
export interface RequestHandler {
  handle(request: never, options?: never): Promise<{ readonly response: object }>;
}

/** A `requestHandler` of the AWS SDK with the guard before it; each attempt of the SDK's retries passes by itself. */
export function guardedHandler<Handler extends RequestHandler>(through: Exchange, inner: Handler): Handler {
  const handle = async (request: HandlerRequest, options?: { readonly abortSignal?: AbortSignal }) => {
    const asked = {
      method: request.method,
      host: request.hostname ?? '',
      path: request.path,
      headers: lowerCase(request.headers),
      body: bodyOf(request.body),
    };
    const send = async (as: HttpAsked | undefined) => {
      const sent = as ? { ...request, path: as.path, body: as.body } : request;
      return received((await inner.handle(sent as never, options as never)).response as never);
    };
    return { response: responseOf(await exchange(through, asked, send, options?.abortSignal)) };
  };
  return new Proxy(inner, {
    get(target, name) {
      if (name === 'handle') return handle;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value;
    },
  });
}

function received({ statusCode, headers, body }: HandlerResponse): HttpReceived {
  const { destroy, cancel } = record(body);
  return {
    status: statusCode,
    headers: lowerCase(headers),
    body: iterable(body),
    close: () => {
      if (typeof destroy === 'function') (destroy as () => void).call(body);
      else if (typeof cancel === 'function') void (cancel as () => Promise<void>).call(body).catch(() => {});
    },
  };
}

async function* iterable(body: unknown): AsyncGenerator<Uint8Array> {
  if (body === undefined || body === null) return;
  if (typeof body === 'string' || body instanceof Uint8Array) yield Buffer.from(body);
  else yield* body as AsyncIterable<Uint8Array>;
}

function responseOf({ status, headers, body }: HttpAnswer): HandlerResponse {
  return {
    statusCode: status,
    headers: { ...headers },
    body: body instanceof Uint8Array ? Readable.from([body]) : readable(body),
  };
}

function readable(body: AsyncIterable<Uint8Array>): Readable {
  const it = body[Symbol.asyncIterator]();
  let ended = false;
  return new Readable({
    read() {
      it.next().then(
        (step) => {
          ended = step.done === true;
          this.push(step.done === true ? null : step.value);
        },
        (error: unknown) => this.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    },
    destroy(error, done) {
      if (!ended) void leave(it);
      done(error);
    },
  });
}

/** What was closed under it may complain; whoever has left does not want to know. */
async function leave(it: AsyncIterator<Uint8Array>): Promise<void> {
  await it.return?.().catch(() => {});
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
