import { afterEach } from '@jest/globals';
import { type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { refusalIn, SpendGuardRefused } from '../../client/refusal';
import { bedrockServer, converseReply, type BedrockServer } from '../helpers/bedrock-server';
import { guarded, SMALL, type GuardedOptions } from '../helpers/guarded-client';

/** The one that was started last. */
export let server: BedrockServer;
const servers: BedrockServer[] = [];

afterEach(async () => {
  for (const one of servers.splice(0)) await one.stop();
});

/** It is stopped when the test is over. */
export function served(started: BedrockServer): BedrockServer {
  server = started;
  servers.push(started);
  return started;
}

export async function world(options: GuardedOptions = {}) {
  served(await bedrockServer(() => converseReply({ input: 10, output: 20 })));
  return { server, ...guarded(server.endpoint, options) };
}

export const ask = (more: Partial<ConverseCommandInput> = {}): ConverseCommandInput => ({
  modelId: SMALL,
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
  ...more,
});

export async function refusalOf(send: Promise<unknown>): Promise<SpendGuardRefused> {
  const error: unknown = await send.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const refusal = refusalIn(error);
  if (!refusal) throw new Error(`not refused: ${String(error)}`);
  return refusal;
}
