import { afterEach, jest } from '@jest/globals';
import { ConverseStreamCommand, InvokeModelWithResponseStreamCommand } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { bedrockServer, type BedrockServer, type Reply, type StreamEvent } from '../helpers/bedrock-server';
import { CLAUDE, guarded, SMALL, type GuardedOptions } from '../helpers/guarded-client';

jest.setTimeout(60_000);

const servers: BedrockServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

type Protocol = 'h1' | 'h2';

export const PROTOCOLS: readonly Protocol[] = ['h1', 'h2'];

export async function world(reply: Reply | (() => Reply), protocol: Protocol, options: GuardedOptions = {}) {
  const server = await bedrockServer(typeof reply === 'function' ? reply : () => reply, protocol);
  servers.push(server);
  const handler = protocol === 'h1' ? { requestHandler: new NodeHttpHandler() } : {};
  return { server, ...guarded(server.endpoint, { ...options, client: { maxAttempts: 1, ...handler } }) };
}

type World = Awaited<ReturnType<typeof world>>;

export const ask = { modelId: SMALL, messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }] };

export const body = JSON.stringify({ max_tokens: 50, messages: [] });

export const tokens = { input: 10, output: 20 };

export const exact = 10 * 1_000 + 20 * 4_000;

/** Up to the end, and how it ended. */
export async function read(stream: AsyncIterable<unknown> | undefined) {
  let seen = 0;
  try {
    for await (const event of stream!) seen += event === undefined ? 0 : 1;
  } catch (error) {
    return { seen, error: error as Error & { by?: string } };
  }
  return { seen, error: undefined };
}

/** The SDK reads the first event before it gives the stream: what that one fails by, `send` throws. */
const thrown = (error: unknown) => ({ seen: 0, error: error as Error & { by?: string } });

export const converse = ({ client }: World, signal?: AbortSignal) =>
  client
    .send(new ConverseStreamCommand(ask), signal ? { abortSignal: signal } : {})
    .then(({ stream }) => read(stream), thrown);

export const invoke = ({ client }: World) =>
  client
    .send(new InvokeModelWithResponseStreamCommand({ modelId: CLAUDE, body }))
    .then((sent) => read(sent.body), thrown);

export const spent = ({ ledger }: World) => ledger.settled.map((each) => each.spent as number);

export const reserved = ({ ledger }: World) => ledger.reserved.map(Number);

export const ends = ({ events }: World) =>
  events.map(({ attributes }) => attributes['spend_guard.stream_end']).filter(Boolean);

export const start: StreamEvent = ['messageStart', { role: 'assistant' }];

export const started: StreamEvent = [
  'chunk',
  { bytes: Buffer.from('{"type":"message_start","message":{}}').toString('base64') },
];

export const counted: StreamEvent = [
  'chunk',
  { bytes: Buffer.from('{"type":"message_start","message":{"usage":{"input_tokens":7}}}').toString('base64') },
];

export const throttle: StreamEvent = ['throttlingException', { message: 'slow down' }];
