import { type CallerOf } from './options';
import { httpRoute, kindOf } from '../core/in-path';
import type { SpendGuard } from '../client';
import { refusal, type Refusal } from './answers';
import { answered, forwarded } from './forwarded';
import type { Unsigned, Upstream } from './upstream';
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';

export interface Asked {
  readonly method: string;
  /** As it was sent, with its query. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly caller: CallerOf | undefined;
  readonly signal: AbortSignal;
}

export interface Answered {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readable;
}

interface Handler {
  handle(
    request: Unsigned & { readonly hostname: string },
    options: { readonly abortSignal: AbortSignal },
  ): Promise<{ response: { statusCode: number; headers: Record<string, string>; body: Readable } }>;
}

const ROUTES =
  'It serves Converse, ConverseStream, InvokeModel, InvokeModelWithResponseStream, CountTokens and the reading of async ' +
  'invocations of bedrock-runtime, at the root of its address';

/** Bedrock's routes with the guard before them. */
export class GuardedBedrock {
  private readonly handlers = new Map<string | undefined, Handler>();

  constructor(
    private readonly guard: Pick<SpendGuard, 'requestHandler'>,
    private readonly upstream: Upstream,
  ) {}

  /** @throws what the connection to Bedrock throws */
  async ask({ method, url, headers, body, caller, signal }: Asked): Promise<Answered | Refusal> {
    const [path, search] = split(url);
    const route = httpRoute(method, path);
    if (!route || route.base !== '') {
      const what = `${method} ${path.slice(0, 200)} is no operation that this server knows`;
      const code = 'UNKNOWN_OPERATION';
      return refusal(404, 'UnknownOperationException', code, `${what}, and unknown is never free. ${ROUTES}.`);
    }
    if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity') {
      const message = 'a body that is encoded cannot be priced: send it without Content-Encoding.';
      return refusal(400, 'ValidationException', 'ENCODED_BODY', message);
    }
    if (kindOf(route.operation) !== 'unmetered') await this.upstream.credentials();
    const request = {
      method,
      hostname: this.upstream.hostname,
      // As the SDK writes it, of whatever way to write the same.
      path: route.modelId === undefined ? path : modelPath(route.modelId, path),
      query: queryOf(search),
      headers: forwarded(headers),
      body,
    };
    const { response } = await this.handlerFor(caller?.budget).handle(request, { abortSignal: signal });
    return { status: response.statusCode, headers: answered(response.headers), body: response.body };
  }

  /** @throws TypeError on a budget that the config does not have */
  private handlerFor(budget: string | undefined): Handler {
    const there = this.handlers.get(budget);
    if (there) return there;
    const options = budget === undefined ? {} : { budget };
    const made = this.guard.requestHandler(this.upstream as never, options) as unknown as Handler;
    this.handlers.set(budget, made);
    return made;
  }
}

function split(url: string): readonly [string, string] {
  const at = url.indexOf('?');
  return at < 0 ? [url, ''] : [url.slice(0, at), url.slice(at + 1)];
}

function modelPath(modelId: string, path: string): string {
  return `/model/${encodeURIComponent(modelId)}/${path.slice(path.lastIndexOf('/') + 1)}`;
}

function queryOf(search: string): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(search)) {
    const before = query[name];
    query[name] = before === undefined ? value : [...(Array.isArray(before) ? before : [before]), value];
  }
  return query;
}
