import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  type ConverseCommandInput,
} from '@aws-sdk/client-bedrock-runtime';
import { exactLedger, leaseLedger, dynamoDbRateLimit } from '../client/adapters';
import { spendGuard } from '../client';
import type { GuardStatus } from '../core/ledger';
import { usd } from '../core/money';
import { type BudgetNode, type BudgetPath, limitsInForce } from '../core/shared-budgets';
import { DynamoDbFake } from '../test/helpers/dynamodb-fake';
import { CONFIG, openStatus, SMALL } from '../test/helpers/guarded-client';
import { median } from './measure';

export const KB = 1024;

export function question(bytes: number, n: number): ConverseCommandInput {
  const text = `${'The quick brown fox jumps over the lazy dog. '.repeat(Math.ceil(bytes / 45)).slice(0, bytes - 12)}${String(n).padStart(12)}`;
  return { modelId: SMALL, messages: [{ role: 'user', content: [{ text }] }], inferenceConfig: { maxTokens: 500 } };
}

export function bareClient(text: () => string = () => 'yes'): BedrockRuntimeClient {
  const handle = async () => {
    const json = JSON.stringify({
      output: { message: { role: 'assistant', content: [{ text: text() }] } },
      stopReason: 'end_turn',
      usage: { inputTokens: 300, outputTokens: 100, totalTokens: 400 },
      metrics: { latencyMs: 1 },
    });
    const headers = { 'content-type': 'application/json' };
    return { response: { statusCode: 200, headers, body: Buffer.from(json) } };
  };
  return new BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'example' },
    requestHandler: { handle } as unknown as NonNullable<BedrockRuntimeClientConfig['requestHandler']>,
  });
}

export interface GuardedOptions {
  /** @default 60 */
  readonly cacheMinutes?: number;
  /** Of each answer. */
  readonly text?: () => string;
  /** Within the environment's own. */
  readonly budgets?: readonly BudgetNode[];
  /** What each call is charged to. @default - the environment's own alone */
  readonly budget?: BudgetPath;
}

/** Its table is in memory, the request limits' counts apart, and the meter's word is what it is in an open month. */
export function guardedClient(mode: 'exact' | 'lease', options: GuardedOptions = {}) {
  const { cacheMinutes = 60, text, budgets, budget } = options;
  const [budgetTable, countsTable] = [new DynamoDbFake(Date.now), new DynamoDbFake(Date.now)];
  const limit = usd(1_000_000);
  const common = { tableName: 'leases', scope: 'dev', now: Date.now };
  const within = budgets ? { budgets } : {};
  const word = budgets && { limits: limitsInForce(budgets, {}, Date.now()), since: Date.now() };
  let status: GuardStatus | undefined;
  const guard = spendGuard(
    { config: { ...CONFIG, limit, cacheMinutes, ...within } },
    {
      ledger: (mode === 'exact' ? exactLedger : leaseLedger)({
        ...common,
        ...within,
        limit,
        status: () => status,
        documents: budgetTable.documents,
      }),
      rateLimit: dynamoDbRateLimit({
        ...common,
        documents: countsTable.documents,
        limits: { perHour: 10_000_000, perDay: 10_000_000 },
        ahead: mode === 'lease',
      }),
      status: { read: async () => (status = openStatus(Date.now(), { limit, ...(word && { budgets: word }) })) },
      ...(budget === undefined ? {} : { budget }),
    },
  );
  return { client: guard.applyTo(bareClient(text)), budgetTable, countsTable, close: () => guard.close() };
}

export function shown(samples: readonly number[]): string {
  return `p50 ${median(samples).toFixed(3)} ms, p99 ${p99(samples).toFixed(3)} ms`;
}

function p99(samples: readonly number[]): number {
  return [...samples].sort((a, b) => a - b)[Math.ceil(samples.length * 0.99) - 1] ?? Number.NaN;
}
