import { afterEach, expect } from '@jest/globals';
import { type BedrockRuntimeClientConfig } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { usageCost, type TokenUsage } from '../../core/prices';
import { bedrockServer, type BedrockServer, type Received, type Reply } from '../helpers/bedrock-server';
import { CONFIG, guarded, SMALL, type GuardedOptions } from '../helpers/guarded-client';

const servers: BedrockServer[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) await server.stop();
});

export async function world(
  answer: Reply | ((request: Received, index: number) => Reply),
  options: GuardedOptions & { readonly protocol?: 'h1' | 'h2' } = {},
) {
  const { protocol = 'h2', ...rest } = options;
  const server = await bedrockServer(typeof answer === 'function' ? answer : () => answer, protocol);
  servers.push(server);
  const client: BedrockRuntimeClientConfig = {
    maxAttempts: 1,
    ...(protocol === 'h1' ? { requestHandler: new NodeHttpHandler() } : {}),
    ...rest.client,
  };
  return { server, ...guarded(server.endpoint, { ...rest, client }) };
}

export const ask = (text = 'hello', maxTokens?: number) => ({
  modelId: SMALL,
  messages: [{ role: 'user' as const, content: [{ text }] }],
  ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
});

const price = CONFIG.models[0]!.price;

export const claudePrice = CONFIG.models[1]!.price;

export const cost = (usage: Partial<TokenUsage>, of = price) =>
  usageCost({ input: 0, output: 0, cacheRead: 0, cacheWrite: 0, ...usage }, of);

export const soon = async (check: () => boolean) => {
  for (let waited = 0; waited < 2_000 && !check(); waited += 5) await new Promise((resolve) => setTimeout(resolve, 5));
  expect(check()).toBe(true);
};
