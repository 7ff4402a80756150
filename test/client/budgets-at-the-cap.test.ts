import { expect, test } from '@jest/globals';
import { ConverseCommand } from '@aws-sdk/client-bedrock-runtime';
import { exactLedger } from '../../client/adapters/dynamodb-ledger';
import { leaseLedger } from '../../client/adapters/dynamodb-lease-ledger';
import { callOf } from '../../client/call';
import { withGuard } from '../../client/call-options';
import { loadConfig } from '../../client/config';
import type { SpendGuardEvent } from '../../client/events';
import { Guard } from '../../client/guard';
import { refusalIn } from '../../client/refusal';
import { stores } from '../../client/stores';
import type { ClientConfig } from '../../core/in-path/config';
import { usd } from '../../core/money';
import { converseReply } from '../helpers/bedrock-server';
import { DynamoDbFake } from '../helpers/dynamodb-fake';
import { CONFIG, openStatus } from '../helpers/guarded-client';
import { ask, guardedWorlds } from '../helpers/guarded-server';

const TOKENS = { input: 10, output: 90 };
const COST = 10 * 1_000 + 90 * 4_000;
/** From the middle of a week and a day on. */
const BEGUN = Date.now();
const now = () => Date.UTC(2026, 10, 11, 12) + Date.now() - BEGUN;
const budgets: ClientConfig['budgets'] = [
  { path: 'search', period: 'week', limit: usd('0.03') },
  { path: 'search/nightly', period: 'day', limit: usd('0.02') },
];
const config: ClientConfig = { ...CONFIG, budgets };

const worlds = guardedWorlds({ config, now });
const command = () => new ConverseCommand(ask({ inferenceConfig: { maxTokens: 100 } }));

test.each([
  ['exact', exactLedger],
  ['lease', leaseLedger],
] as const)(
  '200 parallel callers of a budget of the third level overshoot none of the three, %s',
  async (_, makeLedger) => {
    const table = new DynamoDbFake(now);
    const options = { tableName: 'leases', scope: 'dev', now, documents: table.documents };
    const bill = { nano: 0 };
    const { client, guard, events } = await worlds(
      () => {
        bill.nano += COST;
        return converseReply(TOKENS);
      },
      { ledger: makeLedger({ ...options, limit: config.limit, budgets }), waitMs: 0 },
    );
    /** Calls until the budget is used up for good, and not only held. */
    const useUp = async (budget: string): Promise<string> => {
      for (;;) {
        const calls = Array.from({ length: 200 }, () => client.send(withGuard(command(), { budget })));
        const refusals = (await Promise.allSettled(calls)).flatMap((call) =>
          call.status === 'rejected' ? [refusalIn(call.reason)!] : [],
        );
        const [first] = refusals;
        if (first && refusals.length === 200 && (first.retryAfterSeconds ?? 0) > 60) return first.message;
      }
    };
    expect(await useUp('search/nightly')).toContain(
      "budget 'search/nightly' has <$0.01 left of $0.02 for the day, which ends at 2026-11-12T00:00Z",
    );
    const most = 1e9 * Math.max(...events.map(({ attributes }) => Number(attributes['spend_guard.reserved_usd'] ?? 0)));
    const nightly = bill.nano;
    // What it has not used its parent still has, and no more.
    expect(await useUp('search')).toContain("budget 'search' has <$0.01 left of $0.03 for the week");
    for (const left of [usd('0.02') - nightly, usd('0.03') - bill.nano]) {
      expect(left).toBeGreaterThanOrEqual(0);
      expect(left).toBeLessThan(most);
    }
    await guard.close();
    const figures = await guard.remaining('search/nightly');
    expect(figures.map(({ budget, spentUsd, heldUsd }) => [budget, spentUsd, heldUsd])).toEqual([
      ['', bill.nano / 1e9, 0],
      ['search', bill.nano / 1e9, 0],
      ['search/nightly', nightly / 1e9, 0],
    ]);
  },
  60_000,
);

test.each(['exact', 'lease'] as const)('the leases table is told of the budgets that the config has, %s', (mode) => {
  const inPath = { ...CONFIG.inPath, mode };
  const ledger = stores(loadConfig({ config: { ...config, inPath } }), {}).ledger(
    () => undefined,
    () => {},
  );
  expect(ledger.known?.('search/nightly')).toEqual([]);
});

test('a budget whose item somebody deleted is warned of by name', async () => {
  const table = new DynamoDbFake(now);
  const events: SpendGuardEvent[] = [];
  const guard = new Guard({
    config: loadConfig({ config }),
    options: { onEvent: (event) => events.push(event) },
    ledger: (status, lost) =>
      exactLedger({
        tableName: 'leases',
        scope: 'dev',
        now,
        documents: table.documents,
        limit: config.limit,
        budgets,
        status,
        lost,
      }),
    rateLimit: { admit: async () => ({ kind: 'admitted' }) },
    status: { read: async () => openStatus(now()) },
    now,
  });
  const next = async (args: object) => {
    await callOf(args)!.charge.hold(usd('0.001'));
    return { response: undefined, output: { usage: { inputTokens: 10, outputTokens: 90 } } };
  };
  const call = () =>
    guard.send('Converse', { input: command().input }, next, undefined, { budget: 'search', run: undefined });
  const messages = () => events.map(({ attributes }) => String(attributes['spend_guard.message'])).join();
  await call();
  expect(messages()).not.toContain('is gone from the leases table');
  for (const key of table.items.keys()) if (key.includes('dev/search')) table.items.delete(key);
  await call();
  expect(messages()).toContain("the item of budget 'search' for 2026-W46 is gone from the leases table");
});
