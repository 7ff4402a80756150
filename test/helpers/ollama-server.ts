import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** Body of POST /api/chat as it came. */
export interface AskedLocally {
  readonly model: string;
  readonly messages: readonly Record<string, unknown>[];
  readonly tools?: readonly unknown[];
  readonly stream?: boolean;
  readonly options?: Readonly<Record<string, unknown>>;
}

export type LocalReply =
  | { readonly status?: number; readonly json: object }
  | { readonly status?: number; readonly text: string }
  /** `finally`: `cut` resets the connection, `stall` never ends. */
  | { readonly status?: number; readonly chunks: readonly Uint8Array[]; readonly finally?: 'end' | 'cut' | 'stall' }
  | { readonly location: string }
  | { readonly hang: true };

export interface OllamaServer {
  readonly endpoint: string;
  readonly received: AskedLocally[];
  /** Answers that the caller has not closed. */
  open(): number;
  stop(): Promise<void>;
}

/**
 * A server that answers as Ollama does, by https://github.com/ollama/ollama/blob/main/docs/api.md ("Generate a chat completion", read
 * 2026-11-23): one JSON object, or one a line where `stream` is not false, which is the default; errors as `{"error": "…"}`.
 */
export async function ollamaServer(answer: (asked: AskedLocally) => LocalReply): Promise<OllamaServer> {
  const received: AskedLocally[] = [];
  const sockets = new Set<Socket>();
  const live = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    const body: Buffer[] = [];
    request.on('data', (chunk: Buffer) => body.push(chunk));
    request.on('end', () => {
      if (request.method !== 'POST' || request.url !== '/api/chat') {
        response.writeHead(404).end('404 page not found');
        return;
      }
      const asked = JSON.parse(Buffer.concat(body).toString('utf8')) as AskedLocally;
      received.push(asked);
      live.add(response);
      response.on('close', () => live.delete(response));
      void send(answer(asked), response);
    });
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    open: () => live.size,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

async function send(reply: LocalReply, response: ServerResponse): Promise<void> {
  if ('hang' in reply) return;
  if ('location' in reply) {
    response.writeHead(307, { location: reply.location }).end();
    return;
  }
  if (!('chunks' in reply)) {
    const type = 'json' in reply ? 'application/json' : 'text/plain';
    response.writeHead(reply.status ?? 200, { 'content-type': type });
    response.end('json' in reply ? JSON.stringify(reply.json) : reply.text);
    return;
  }
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/x-ndjson' });
  response.flushHeaders();
  for (const chunk of reply.chunks) {
    response.write(chunk);
    // Each arrives by itself.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (reply.finally === 'cut') setTimeout(() => response.socket?.resetAndDestroy(), 20);
  else if (reply.finally !== 'stall') response.end();
}

const at = { model: 'llama3.1:8b', created_at: '2026-11-23T10:00:00Z' };
const ENDED = { total_duration: 1_500_000_000, load_duration: 1, prompt_eval_count: 26, eval_count: 12 };

/** The answer to a request without a stream. */
export function chatAnswer(message: object, more: object = {}): LocalReply {
  return {
    json: {
      ...at,
      message: { role: 'assistant', content: '', ...message },
      ...ENDED,
      done_reason: 'stop',
      done: true,
      ...more,
    },
  };
}

/** A stream's lines as bytes: a line for each word, one for each call of a tool, and the last one with the counts. */
export function chatLines(words: readonly string[], more: { calls?: readonly object[]; last?: object } = {}): Buffer {
  const line = (message: object, rest: object) => ({
    ...at,
    message: { role: 'assistant', content: '', ...message },
    ...rest,
  });
  const lines = [
    ...words.map((content) => line({ content }, { done: false })),
    ...(more.calls ?? []).map((call) => line({ tool_calls: [call] }, { done: false })),
    line({}, { ...ENDED, done_reason: 'stop', done: true, ...more.last }),
  ];
  return Buffer.from(lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
}
