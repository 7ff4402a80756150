import { connect } from 'node:net';
import { afterEach } from '@jest/globals';
import { startServer, type ServeOptions, type Serving } from '../../server';
import type { RateLimitPort } from '../../core/ledger';
import type { SpendGuardEvent } from '../../client/events';
import { bedrockServer, type BedrockServer, type Received, type Reply } from '../helpers/bedrock-server';
import { CONFIG, MemoryLedger, openStatus, PROFILE } from '../helpers/guarded-client';

export interface ServingWorld {
  readonly serving: Serving;
  readonly bedrock: BedrockServer;
  readonly ledger: MemoryLedger;
  readonly events: SpendGuardEvent[];
}

/** Servers before a Bedrock, each stopped after its test. */
export function servingWorlds(): (
  answer: Reply | ((request: Received, index: number) => Reply),
  options?: Partial<ServeOptions>,
) => Promise<ServingWorld> {
  const worlds: ServingWorld[] = [];
  afterEach(async () => {
    for (const { serving, bedrock } of worlds.splice(0)) {
      await bedrock.stop();
      await serving.stop();
    }
  });
  return async (answer, { guard, config = { config: CONFIG }, ...options } = {}) => {
    const bedrock = await bedrockServer(typeof answer === 'function' ? answer : () => answer, 'h1');
    const { limit, budgets } = config.config as typeof CONFIG;
    const ledger = new MemoryLedger(limit, budgets);
    const events: SpendGuardEvent[] = [];
    const admitted: RateLimitPort = { admit: async () => ({ kind: 'admitted' }) };
    const serving = await startServer({
      config,
      host: '127.0.0.1',
      port: 0,
      requireKey: false,
      behindTls: false,
      upstream: { endpoint: bedrock.endpoint },
      credentials: { accessKeyId: 'AKIDOFTHESERVER', secretAccessKey: 'example' },
      onEvent: (event) => events.push(event),
      guard: {
        ledger,
        rateLimit: admitted,
        status: { read: async () => openStatus(Date.now()) },
        waitMs: 0,
        ...guard,
      },
      ...options,
    });
    const world = { serving, bedrock, ledger, events };
    worlds.push(world);
    return world;
  };
}

/** What comes back for bytes that no client would send, until the connection is closed or nothing has come for a while. */
export async function raw(url: string, text: string | readonly string[], quietMs = 300): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let got = '';
  socket.on('error', () => {});
  for (const part of typeof text === 'string' ? [text] : text) socket.write(part, 'latin1');
  return new Promise((resolve) => {
    const end = () => {
      socket.destroy();
      resolve(got);
    };
    let quiet = setTimeout(end, 5_000);
    socket.on('data', (bytes) => {
      got += bytes.toString('latin1');
      clearTimeout(quiet);
      quiet = setTimeout(end, quietMs);
    });
    socket.on('close', () => {
      clearTimeout(quiet);
      resolve(got);
    });
  });
}

export const CONVERSE = {
  messages: [{ role: 'user' as const, content: [{ text: 'hello' }] }],
  inferenceConfig: { maxTokens: 100 },
};
export const TOKENS = { input: 10, output: 20 };
/** Of `TOKENS`. */
export const COST = 10 * 1_000 + 20 * 4_000;

export const conversePath = `/model/${encodeURIComponent(PROFILE)}/converse`;
export const streamPath = `${conversePath}-stream`;

/** Converse, as curl asks. */
export function post(
  { serving }: Pick<ServingWorld, 'serving'>,
  path: string = conversePath,
  body: unknown = CONVERSE,
  headers: Record<string, string> = {},
): Promise<Response> {
  return fetch(`${serving.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
