import { setTimeout } from 'node:timers/promises';
import { afterEach, describe, expect, test } from '@jest/globals';
import { ConverseCommand, type ConverseCommandInput } from '@aws-sdk/client-bedrock-runtime';
import { dynamoDbRateLimit } from '../../client/adapters/dynamodb-rate-limit';
import { exactLedger } from '../../client/adapters/dynamodb-ledger';
import { leaseLedger } from '../../client/adapters/dynamodb-lease-ledger';
import { refusalIn } from '../../client/refusal';
import type { ClientConfig } from '../../core/in-path/config';
import { usd, type NanoUsd } from '../../core/money';
import { bedrockServer, converseReply, type BedrockServer, type Received } from '../helpers/bedrock-server';
import { DynamoDbFake } from '../helpers/dynamodb-fake';
import { CONFIG, guarded, SMALL } from '../helpers/guarded-client';

let server: BedrockServer;
afterEach(() => server.stop());

const SCOPE = 'dev';
/** $4 a million tokens of answer. */
const OUTPUT_NANO = 4_000;

/** One environment's table, a provider that counts what it bills, and as many processes as wanted. */
async function world(limit: NanoUsd, answerTokens: (request: Received) => number) {
  const table = new DynamoDbFake(Date.now);
  const bill = { nano: 0, calls: 0, noLimit: 0 };
  server = await bedrockServer((request) => {
    const { maxTokens } = (request.body['inferenceConfig'] ?? {}) as { maxTokens?: number };
    if (maxTokens === undefined) bill.noLimit += 1;
    const output = answerTokens(request);
    bill.calls += 1;
    bill.nano += 10 * 1_000 + output * OUTPUT_NANO;
    return converseReply({ input: 10, output });
  });
  const config: ClientConfig = { ...CONFIG, limit };
  const common = { tableName: 'leases', scope: SCOPE, now: Date.now, documents: table.documents };
  const process = (mode: 'exact' | 'lease') => {
    const makeLedger = mode === 'exact' ? exactLedger : leaseLedger;
    const ledger = makeLedger({ ...common, limit, status: () => undefined });
    const limits = { perHour: 1_000_000, perDay: 1_000_000 };
    const rateLimit = dynamoDbRateLimit({ ...common, limits, ahead: mode === 'lease' });
    return guarded(server.endpoint, { config, ledger, rateLimit, waitMs: 3_000 });
  };
  return { bill, process, table };
}

const ask = (maxTokens?: number): ConverseCommandInput => ({
  modelId: SMALL,
  messages: [{ role: 'user', content: [{ text: 'hello' }] }],
  ...(maxTokens === undefined ? {} : { inferenceConfig: { maxTokens } }),
});

/** Calls until the budget is used up for good, and comes back when it is told to: 200 that ask again at once leave a slow machine no time to answer. */
async function caller({ client }: ReturnType<typeof guarded>): Promise<void> {
  for (;;) {
    try {
      await client.send(new ConverseCommand(ask(500)));
    } catch (error) {
      const refusal = refusalIn(error);
      if (refusal?.code !== 'BUDGET_EXHAUSTED') throw error;
      const { retryAfterSeconds = 0 } = refusal;
      if (retryAfterSeconds > 3_600) return;
      await setTimeout(retryAfterSeconds * 1_000);
    }
  }
}

describe.each(['exact', 'lease'] as const)('at the cap, %s', (mode) => {
  test('200 parallel callers overshoot by nothing and use at least 99% of it', async () => {
    const limit = usd('0.6');
    // Of the most that each may cost: from a tenth to all.
    let calls = 0;
    const { bill, process } = await world(limit, () => 50 + ((calls++ * 97) % 451));
    const processes = [process(mode), process(mode), process(mode), process(mode)];
    await Promise.all(Array.from({ length: 200 }, (_, n) => caller(processes[n % 4] ?? processes[0]!)));
    for (const one of processes) await one.guard.close();
    expect(bill.nano).toBeLessThanOrEqual(limit);
    expect(bill.nano / limit).toBeGreaterThan(0.99);
    expect(bill.calls).toBeGreaterThan(300);
  });

  test('known failure of others: parallel calls are not admitted past the cap', async () => {
    // Room for ten: whoever checks before it counts admits all 200.
    const limit = usd('0.0205');
    const { bill, process } = await world(limit, () => 500);
    const { client } = process(mode);
    const outcomes = await Promise.allSettled(
      Array.from({ length: 200 }, () => client.send(new ConverseCommand(ask(500)))),
    );
    expect(outcomes.filter(({ status }) => status === 'fulfilled').length).toBe(bill.calls);
    expect(bill.nano).toBeLessThanOrEqual(limit);
    expect(bill.calls).toBeGreaterThanOrEqual(9);
  });

  test('known failure of others: a missing maxTokens does not reserve all that is left', async () => {
    const limit = usd(1);
    const { bill, process } = await world(limit, () => 100);
    const { client, events } = process(mode);
    await Promise.all(Array.from({ length: 50 }, () => client.send(new ConverseCommand(ask()))));
    expect(bill.calls).toBe(50);
    // Nor less than the provider may answer: it is told the limit that was reserved.
    expect(bill.noLimit).toBe(0);
    const reserved = events
      .filter(({ name }) => name === 'allowed')
      .map(({ attributes }) => attributes['spend_guard.reserved_usd'] as number);
    expect(Math.max(...reserved)).toBeLessThan(0.01);
    expect(Math.min(...reserved)).toBeGreaterThanOrEqual(0.004);
  });
});
