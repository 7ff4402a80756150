import { afterEach } from '@jest/globals';
import { bedrockServer, type BedrockServer, type Received, type Reply } from '../../helpers/bedrock-server';
import { CONFIG, guarded, SMALL, type GuardedOptions } from '../../helpers/guarded-client';

const servers: BedrockServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

export const config = { ...CONFIG, cacheMinutes: 60 };

export const NOW = Date.UTC(2026, 10, 10);

export async function world(
  answer: Reply | ((request: Received, index: number) => Reply),
  options: GuardedOptions = {},
  server?: BedrockServer,
) {
  const found = server ?? (await bedrockServer(typeof answer === 'function' ? answer : () => answer));
  servers.push(found);
  return {
    server: found,
    ...guarded(found.endpoint, { config, ...options, client: { maxAttempts: 1, ...options.client } }),
  };
}

export const ask = (text = 'hello', modelId = SMALL) => ({
  modelId,
  messages: [{ role: 'user' as const, content: [{ text }] }],
});

export const tokens = { input: 10, output: 20 };

export async function all<T>(stream: AsyncIterable<T> | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const event of stream!) found.push(event);
  return found;
}
