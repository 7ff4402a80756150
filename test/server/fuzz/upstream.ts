import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { httpRoute, record } from '../../../core/in-path';
import { converseEvents, encoded, EVENT_STREAM, invokeEvents, type Tokens } from '../../helpers/bedrock-server';
import { cost } from '../../helpers/guarded-client';
import type { ClientConfig } from '../../../core/in-path';

/** How the upstream behaves to a request: it is named by the request's own header. */
export const FAULTS = ['500', '429', 'reset', 'cut', 'garbage', 'stall'] as const;
export type Fault = (typeof FAULTS)[number];

export interface FuzzUpstream {
  readonly endpoint: string;
  /** Of those that cost something, what they may cost at most: by the id of the case, more than one where it asked twice. */
  readonly billed: Map<string, number[]>;
  readonly free: string[];
  /** What must never come: whatever no price was found for. */
  readonly unpriced: string[];
  stop(): Promise<void>;
}

/**
 * Bedrock for what may be anything: it reads each request for itself, bills as many tokens of answer as the request allows,
 * and takes note of what is unknown, without a limit, or came before it was reserved. @param reserved so far
 */
export async function fuzzUpstream(config: ClientConfig, reserved: () => number): Promise<FuzzUpstream> {
  const billed = new Map<string, number[]>();
  const free: string[] = [];
  const unpriced: string[] = [];
  const sockets = new Set<Socket>();
  let count = 0;
  const priceOf = new Map(config.models.flatMap((model) => idsOf(model).map((id) => [id, model.price] as const)));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('error', () => {});
    response.on('error', () => {});
    request.on('end', () => {
      const id = String(request.headers['x-fuzz-id'] ?? '');
      const what = `${request.method} ${request.url}`;
      const text = Buffer.concat(chunks).toString('utf8');
      const wrong = (why: string) => {
        unpriced.push(`${id}: ${why}: ${what} ${text.slice(0, 200)}`);
        response.writeHead(400).end();
      };
      const route = httpRoute(request.method ?? '', (request.url ?? '').split('?')[0] ?? '');
      if (!route || !(request.headers.authorization ?? '').startsWith('AWS4-HMAC-SHA256 ')) return wrong('unknown');
      if (request.headers.host !== new URL(`http://${address()}`).host) return wrong('the host of somebody else');
      if (route.modelId === undefined || route.operation === 'CountTokens') {
        free.push(id);
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"inputTokens":3}');
        return;
      }
      const price = priceOf.get(route.modelId);
      const most = mostTokens(text);
      if (!price || most === undefined) return wrong('without a price or a limit');
      count += 1;
      if (count > reserved()) return wrong('before it was reserved');
      const tokens: Tokens = { input: 3, output: most };
      billed.set(id, [...(billed.get(id) ?? []), cost(tokens, price)]);
      answer(response, route.operation, tokens, request.headers['x-fuzz-fault'] as Fault | undefined);
    });
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = () => `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    endpoint: `http://${address()}`,
    ...{ billed, free, unpriced },
    stop: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

function idsOf({ id, calledId, profile }: ClientConfig['models'][number]): readonly string[] {
  return [id, calledId, ...(typeof profile === 'string' ? [profile] : [])];
}

/** Undefined: none that Bedrock would take. */
function mostTokens(text: string): number | undefined {
  try {
    const body = record(JSON.parse(text));
    const most = record(body['inferenceConfig'])['maxTokens'] ?? body['max_tokens'];
    return typeof most === 'number' && Number.isSafeInteger(most) && most > 0 ? most : undefined;
  } catch {
    return undefined;
  }
}

function answer(response: ServerResponse, operation: string, tokens: Tokens, fault: Fault | undefined): void {
  if (fault === 'reset') {
    response.socket?.resetAndDestroy();
    return;
  }
  if (fault === '500' || fault === '429') {
    const type = fault === '500' ? 'InternalServerException' : 'ThrottlingException';
    response.writeHead(Number(fault), { 'x-amzn-errortype': type }).end('{"message":"no"}');
    return;
  }
  if (!operation.endsWith('Stream')) {
    const json = fault === 'garbage' ? '{"usage":' : JSON.stringify(whole(tokens));
    response.writeHead(200, {
      'content-type': 'application/json',
      'x-amzn-bedrock-input-token-count': String(tokens.input),
      'x-amzn-bedrock-output-token-count': String(tokens.output),
      ...(fault === 'cut' ? { 'content-length': String(json.length + 9) } : {}),
    });
    if (fault === 'stall') response.write(json.slice(0, 5));
    else if (fault === 'cut') response.write(json, () => response.destroy());
    else response.end(json);
    return;
  }
  void stream(response, operation, tokens, fault);
}

async function stream(response: ServerResponse, operation: string, tokens: Tokens, fault?: Fault): Promise<void> {
  response.writeHead(200, { 'content-type': EVENT_STREAM });
  const events = operation === 'ConverseStream' ? converseEvents(tokens) : invokeEvents(tokens);
  for (const [at, [type, payload]] of events.entries()) {
    const bytes = encoded(type, payload);
    if (fault !== undefined && at === events.length - 2) {
      if (fault === 'stall') return;
      if (fault === 'garbage') bytes.writeUInt32BE(0xfffffff0, 0);
      if (fault === 'cut') {
        response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
        return;
      }
    }
    response.write(bytes);
    await new Promise((resolve) => setImmediate(resolve));
    if (response.destroyed) return;
  }
  response.end();
}

function whole({ input, output }: Tokens): object {
  return {
    output: { message: { role: 'assistant', content: [{ text: 'yes' }] } },
    stopReason: 'end_turn',
    usage: { inputTokens: input, outputTokens: output, totalTokens: input + output },
  };
}
