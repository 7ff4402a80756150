import { BedrockRuntimeClient, ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import type { SpendGuardRun } from '../../client/plugin';
import type { ClientConfig } from '../../core/in-path/config';
import { usd } from '../../core/money';
import { converseReply } from '../helpers/bedrock-server';
import { CONFIG } from '../helpers/guarded-client';
import { ask as asked, guardedWorlds, type Answer, type World, type WorldOptions } from '../helpers/guarded-server';

export const CONFIGURED: ClientConfig = {
  ...CONFIG,
  budgets: [{ path: 'jobs', period: 'day', limit: usd(1) }],
};
export const TOKENS = { input: 10, output: 20 };
export const COST = 10 * 1_000 + 20 * 4_000;
export const DOLLARS = 1_000_000_000;

export const worlds = guardedWorlds({ config: CONFIGURED });
export const world = (options: WorldOptions = {}, answer: Answer = converseReply(TOKENS)) => worlds(answer, options);
export const ask = () => new ConverseCommand(asked({ inferenceConfig: { maxTokens: 100 } }));

/** Of the same Bedrock, and in no run yet. */
export function clientOf({ server }: World): BedrockRuntimeClient {
  const credentials = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' };
  return new BedrockRuntimeClient({ region: 'us-east-1', endpoint: server.endpoint, credentials, maxAttempts: 1 });
}

/** The most that a call of these tests may cost, by what the ledger was asked for. */
export async function bound(): Promise<number> {
  const { client, ledger } = await world();
  await client.send(ask());
  return ledger.reserved[0]!;
}

export const figures = (run: SpendGuardRun) => [run.spent(), run.remaining()].map((usd) => Math.round(usd * DOLLARS));
