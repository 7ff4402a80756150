import * as http from 'node:http';
import * as http2 from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { EventStreamCodec } from '@smithy/core/event-streams';

/** A request as the provider has it. */
export interface Received {
  readonly operation: string;
  readonly modelId: string;
  readonly body: Record<string, unknown>;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly size: number;
  /** As it came. */
  readonly raw: Buffer;
}

export type StreamEvent = readonly [type: string, payload: object];

export type Reply =
  | { readonly status?: number; readonly headers?: Record<string, string>; readonly json: object }
  /** `finally`: what follows the events; `stall` never ends, `reset` cuts the connection off, `exception` is an event of that type. */
  | { readonly events: readonly StreamEvent[]; readonly finally?: 'end' | 'stall' | 'reset'; readonly everyMs?: number }
  /** As they are, whole or not. */
  | { readonly bytes: Uint8Array; readonly contentType: string; readonly finally?: 'end' | 'reset' }
  | { readonly hang: true }
  | { readonly reset: true };

export interface BedrockServer {
  readonly endpoint: string;
  readonly received: Received[];
  /** Of each request, as it came. */
  readonly paths: string[];
  /** Streams that the caller has not closed. */
  open(): number;
  stop(): Promise<void>;
}

const OPERATIONS: Record<string, string> = {
  converse: 'Converse',
  'converse-stream': 'ConverseStream',
  invoke: 'InvokeModel',
  'invoke-with-response-stream': 'InvokeModelWithResponseStream',
  'count-tokens': 'CountTokens',
};

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes).toString('utf8'),
  (text) => Buffer.from(text),
);

/**
 * A server that speaks Bedrock's protocol, over HTTP/2 without TLS (what the SDK's own handler wants) or HTTP/1. Wire formats
 * by the SDK's schemas and https://docs.aws.amazon.com/AmazonS3/latest/API/RESTSelectObjectAppendix.html (event streams).
 */
export async function bedrockServer(
  answer: (request: Received, index: number) => Reply,
  protocol: 'h1' | 'h2' = 'h2',
): Promise<BedrockServer> {
  const received: Received[] = [];
  const paths: string[] = [];
  const sockets = new Set<Socket>();
  const live = new Set<object>();
  const handle = (request: http.IncomingMessage | http2.Http2ServerRequest, response: Response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    request.on('end', () => {
      paths.push(request.url ?? '');
      const [model = '', operation = ''] = (request.url ?? '').split('/').slice(-2);
      const text = Buffer.concat(chunks);
      const one: Received = {
        operation: OPERATIONS[operation] ?? operation,
        modelId: decodeURIComponent(model),
        body: text.length > 0 ? (JSON.parse(text.toString('utf8')) as Record<string, unknown>) : {},
        headers: request.headers,
        size: text.length,
        raw: text,
      };
      received.push(one);
      live.add(response);
      response.on('close', () => live.delete(response));
      void send(answer(one, received.length - 1), response, request);
    });
  };
  const server =
    protocol === 'h2'
      ? http2.createServer((request, response) => handle(request, response as unknown as Response))
      : http.createServer((request, response) => handle(request, response));
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    paths,
    open: () => live.size,
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

type Response = http.ServerResponse;

async function send(reply: Reply, response: Response, request: object): Promise<void> {
  if ('hang' in reply) return;
  if ('reset' in reply) return reset(response, request);
  if ('json' in reply) {
    response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
    response.end(JSON.stringify(reply.json));
    return;
  }
  if ('bytes' in reply) {
    response.writeHead(200, { 'content-type': reply.contentType });
    response.write(reply.bytes);
    if (reply.finally === 'reset') setTimeout(() => reset(response, request), 5);
    else response.end();
    return;
  }
  response.writeHead(200, { 'content-type': EVENT_STREAM });
  for (const [type, payload] of reply.events) {
    if (reply.everyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, reply.everyMs));
    if (response.destroyed) return;
    response.write(encoded(type, payload));
  }
  if (reply.finally === 'stall') return;
  if (reply.finally === 'reset') {
    // What was written arrives first.
    setTimeout(() => reset(response, request), 30);
    return;
  }
  response.end();
}

export const EVENT_STREAM = 'application/vnd.amazon.eventstream';

function reset(response: Response, request: object): void {
  const { stream } = request as { stream?: http2.ServerHttp2Stream };
  if (stream) stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
  else response.socket?.resetAndDestroy();
}

/** One event as it goes over the wire. */
export function encoded(type: string, payload: object): Buffer {
  const exception = type.endsWith('Exception');
  const text = (value: string) => ({ type: 'string' as const, value });
  return Buffer.from(
    codec.encode({
      headers: {
        ':message-type': text(exception ? 'exception' : 'event'),
        [exception ? ':exception-type' : ':event-type']: text(type),
        ':content-type': text('application/json'),
      },
      body: Buffer.from(JSON.stringify(payload)),
    }),
  );
}

export interface Tokens {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

function usage({ input, output, cacheRead = 0, cacheWrite = 0 }: Tokens) {
  return {
    inputTokens: input,
    outputTokens: output,
    totalTokens: input + output,
    cacheReadInputTokens: cacheRead,
    cacheWriteInputTokens: cacheWrite,
  };
}

export function converseReply(tokens: Tokens, text = 'yes'): Reply {
  return {
    json: {
      output: { message: { role: 'assistant', content: [{ text }] } },
      stopReason: 'end_turn',
      usage: usage(tokens),
      metrics: { latencyMs: 1 },
    },
  };
}

export function converseEvents(
  tokens: Tokens | undefined,
  words: readonly string[] = ['y', 'es'],
): readonly StreamEvent[] {
  return [
    ['messageStart', { role: 'assistant' }],
    ...words.map((text): StreamEvent => ['contentBlockDelta', { contentBlockIndex: 0, delta: { text } }]),
    ['contentBlockStop', { contentBlockIndex: 0 }],
    ['messageStop', { stopReason: 'end_turn' }],
    ...(tokens ? [['metadata', { usage: usage(tokens), metrics: { latencyMs: 1 } }] satisfies StreamEvent] : []),
  ];
}

export function invokeReply(
  { input, output, cacheRead, cacheWrite }: Tokens,
  body: object = { completion: 'yes' },
): Reply {
  return {
    json: body,
    headers: {
      'x-amzn-bedrock-input-token-count': String(input),
      'x-amzn-bedrock-output-token-count': String(output),
      ...(cacheRead === undefined ? {} : { 'x-amzn-bedrock-cache-read-input-token-count': String(cacheRead) }),
      ...(cacheWrite === undefined ? {} : { 'x-amzn-bedrock-cache-write-input-token-count': String(cacheWrite) }),
    },
  };
}

export function invokeEvents(
  tokens: Tokens | undefined,
  words: readonly string[] = ['y', 'es'],
): readonly StreamEvent[] {
  const chunk = (json: object): StreamEvent => [
    'chunk',
    { bytes: Buffer.from(JSON.stringify(json)).toString('base64') },
  ];
  return [
    ...words.map((text) => chunk({ delta: { text } })),
    ...(tokens
      ? [
          chunk({
            type: 'message_stop',
            'amazon-bedrock-invocationMetrics': { inputTokenCount: tokens.input, outputTokenCount: tokens.output },
          }),
        ]
      : []),
  ];
}

export function failure(status: number, code: string, message = code): Reply {
  return { status, headers: { 'x-amzn-errortype': code }, json: { message } };
}
