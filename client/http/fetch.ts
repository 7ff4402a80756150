import { bytesOf, type Body } from '../body';
import { exchange, type Exchange } from './exchange';
import type { HttpAnswer, HttpReceived } from './message';

type Fetch = typeof globalThis.fetch;

/** `fetch` with the guard before it, for clients that sign their requests themselves. */
export function guardedFetch(through: Exchange, inner: Fetch = (input, init) => globalThis.fetch(input, init)): Fetch {
  return async (input, init) => {
    const request = input instanceof Request ? input : undefined;
    const body = await bodyOf(request, init);
    const { hostname: host, pathname: path } = new URL(input instanceof Request ? input.url : input);
    const asked = {
      method: (init?.method ?? request?.method ?? 'GET').toUpperCase(),
      host,
      path,
      headers: Object.fromEntries(new Headers(init?.headers ?? request?.headers)),
      body: body ?? '',
    };
    const signal = init?.signal ?? request?.signal;
    const sent = body === undefined ? init : { ...init, body };
    return responseOf(await exchange(through, asked, async () => received(await inner(input, sent)), signal));
  };
}

/** Read once, so that what is sent is what was priced; undefined where there is none. */
async function bodyOf(request: Request | undefined, init: RequestInit | undefined): Promise<Body | undefined> {
  const body: unknown = init?.body;
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array || body instanceof ArrayBuffer) return bytesOf(body);
  if (body !== undefined && body !== null)
    return Buffer.from(await new Response(body as ConstructorParameters<typeof Response>[0]).arrayBuffer());
  return request?.body ? Buffer.from(await request.clone().arrayBuffer()) : undefined;
}

function received(response: Response): HttpReceived {
  const headers = Object.fromEntries(response.headers);
  // `fetch` has taken the encoding off, with which the length was another.
  if (headers['content-encoding'] !== undefined) {
    delete headers['content-encoding'];
    delete headers['content-length'];
  }
  const reader = response.body?.getReader();
  return {
    status: response.status,
    headers,
    body: reader ? read(reader) : nothing(),
    close: () => void reader?.cancel().catch(() => {}),
  };
}

async function* read(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    void reader.cancel().catch(() => {});
  }
}

async function* nothing(): AsyncGenerator<Uint8Array> {}

/** Statuses that `Response` takes no body with. */
const EMPTY = [204, 205, 304];

function responseOf({ status, headers, body }: HttpAnswer): Response {
  if (EMPTY.includes(status)) return new Response(null, { status, headers });
  return new Response(body instanceof Uint8Array ? Buffer.from(body) : streamOf(body), { status, headers });
}

function streamOf(body: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> {
  const it = body[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const step = await it.next();
        if (step.done === true) controller.close();
        else controller.enqueue(step.value);
      },
      async cancel() {
        await it.return?.();
      },
    },
    // No faster than it is read.
    { highWaterMark: 0 },
  );
}
