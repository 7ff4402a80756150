import { afterEach } from '@jest/globals';
import type { BedrockRuntimeClientConfig, ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { bedrockServer, type BedrockServer, type Received, type Reply } from './bedrock-server';
import { guarded, SMALL, type Guarded, type GuardedOptions } from './guarded-client';

export interface WorldOptions extends GuardedOptions {
  /** @default 'h2' */
  readonly protocol?: 'h1' | 'h2';
  /** Of the endpoint. @default - none */
  readonly path?: string;
  /** Of another world, which both then call. */
  readonly server?: BedrockServer;
}

export type World = Guarded & { readonly server: BedrockServer };
export type Answer = Reply | ((request: Received, index: number) => Reply);

/** Worlds of a Bedrock and a client with the guard on it, which makes one attempt; each is closed after its test. */
export function guardedWorlds(
  defaults: GuardedOptions = {},
): (answer: Answer, options?: WorldOptions) => Promise<World> {
  const servers: BedrockServer[] = [];
  afterEach(async () => {
    for (const server of servers.splice(0)) await server.stop();
  });
  return async (answer, options = {}) => {
    const { protocol = 'h2', path = '', server: given, ...rest } = options;
    const server = given ?? (await bedrockServer(typeof answer === 'function' ? answer : () => answer, protocol));
    servers.push(server);
    const client: BedrockRuntimeClientConfig = {
      maxAttempts: 1,
      ...(protocol === 'h1' ? { requestHandler: new NodeHttpHandler() } : {}),
      ...rest.client,
    };
    return { server, ...guarded(`${server.endpoint}${path}`, { ...defaults, ...rest, client }) };
  };
}

export const ask = (more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: SMALL,
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
  ...more,
});
