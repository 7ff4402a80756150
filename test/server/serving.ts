import { afterEach } from '@jest/globals';
import { startServer, type ServeOptions, type Serving } from '../../server';
import type { RateLimitPort } from '../../core/ledger';
import type { SpendGuardEvent } from '../../client';
import { bedrockServer, type BedrockServer, type Received, type Reply } from '../helpers/bedrock-server';
import { CONFIG, MemoryLedger, openStatus } from '../helpers/guarded-client';

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
