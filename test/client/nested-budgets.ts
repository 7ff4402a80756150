import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import type { ClientConfig } from '../../core/in-path/config';
import { usd } from '../../core/money';
import { converseReply } from '../helpers/bedrock-server';
import { CONFIG } from '../helpers/guarded-client';
import { ask as asked, guardedWorlds, type WorldOptions } from '../helpers/guarded-server';

export const NESTED: ClientConfig = {
  ...CONFIG,
  budgets: [
    { path: 'search', period: 'week', limit: usd(2) },
    { path: 'search/nightly', period: 'day', limit: usd(1) },
  ],
};
export const BUDGET = 'search/nightly';
/** A Tuesday. */
export const NOW = Date.UTC(2026, 10, 10, 12);
export const DAY_MS = 86_400_000;
export const TOKENS = { input: 10, output: 20 };
export const COST = 10 * 1_000 + 20 * 4_000;

export const worlds = guardedWorlds({ config: NESTED, now: () => NOW, budget: BUDGET });
export const world = (options: WorldOptions = {}) => worlds(converseReply(TOKENS), options);
export const ask = () => new ConverseCommand(asked({ inferenceConfig: { maxTokens: 100 } }));
export const told = ({ $metadata }: { $metadata: object }) => ($metadata as { spendGuard?: unknown }).spendGuard;

/** After one call, of whose cost the rest makes the sum. */
export const tight = {
  budget: BUDGET,
  remainingUsd: 0.25,
  limitUsd: 1,
  percent: 75,
  resetsAt: '2026-11-11T00:00:00.000Z',
};

export async function tightWorld(options: WorldOptions = {}) {
  const all = await world(options);
  all.ledger.of(BUDGET).spent = usd('0.75') - COST;
  return all;
}
