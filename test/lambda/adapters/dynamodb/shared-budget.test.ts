import { expect, test } from '@jest/globals';
import { exactLedger } from '../../../../client/adapters/dynamodb-ledger';
import { utcMonth } from '../../../../core/calendar';
import { usd } from '../../../../core/money';
import type { PeriodKey } from '../../../../core/shared-budgets';
import { sharedBudget } from '../../../../lambda/adapters/dynamodb/shared-budget';
import { DynamoDbFake } from '../../../helpers/dynamodb-fake';
import { MemoryTable } from '../../../helpers/memory-table';

const NOW = Date.parse('2026-11-12T10:00:00Z');
const MONTH = utcMonth(NOW);
const KEY = `BUDGET#dev#${MONTH}`;

test("reads what the plugin's own ledger writes", async () => {
  const written = new DynamoDbFake(() => NOW);
  const common = { tableName: 'leases', scope: 'dev', now: () => NOW, documents: written.documents };
  const ledger = exactLedger({ ...common, limit: usd(10) });
  for (const amount of [usd(1), usd(2)]) {
    const outcome = await ledger.reserve(amount);
    if (outcome.kind === 'reserved' && amount === usd(1)) await ledger.settle(outcome.reservation, usd('0.4'));
  }
  const table = new MemoryTable();
  const state = written.get(KEY, 'STATE') ?? {};
  const marshalled = Object.entries(state).map(([name, value]) => [
    name,
    typeof value === 'number' ? { N: String(value) } : { S: String(value) },
  ]);
  table.items.set(`${KEY}\u0000STATE`, Object.fromEntries(marshalled));
  const read = await sharedBudget('leases', 'dev', table.client).sharedBudget(MONTH);
  expect(read).toEqual({ limit: usd(10), spent: usd('0.4'), remaining: usd('7.6'), unsettled: 0 });
});

test('a budget within the environment is read of its period, with what was carried over', async () => {
  const table = new MemoryTable();
  const item = { schemaVersion: 1, limit: 9, spent: 1, remaining: 8, unsettled: 0, carried: 4 };
  await table.write({ pk: 'BUDGET#dev/search/nightly#2026-W46', sk: 'STATE', ...item });
  const { client } = table;
  const read = (path: string, period: string) =>
    sharedBudget('leases', 'dev', client).sharedBudget(period as PeriodKey, path);
  expect(await read('search/nightly', '2026-W46')).toEqual({
    limit: 9,
    spent: 1,
    remaining: 8,
    unsettled: 0,
    carried: 4,
  });
  expect(await read('search/nightly', '2026-W47')).toBeUndefined();
  expect(await read('search', '2026-W46')).toBeUndefined();
  await table.write({ pk: 'BUDGET#dev/search#2026-11', sk: 'STATE', ...item, carried: 'much' });
  await expect(read('search', '2026-11')).rejects.toThrow('BUDGET#dev/search#2026-11 cannot be read: carried');
});

test('nobody has used it', async () => {
  expect(await sharedBudget('leases', 'dev', new MemoryTable().client).sharedBudget(MONTH)).toBeUndefined();
});

test.each([
  ['of another release', { schemaVersion: { N: '2' } }],
  ['a part is missing', { spent: undefined }],
  ['no number', { remaining: { S: 'all' } }],
  ['a fraction', { spent: { N: '0.5' } }],
])('what callers wrote is not trusted: %s', async (_, wrong) => {
  const table = new MemoryTable();
  const amounts = { limit: { N: '9' }, spent: { N: '1' }, remaining: { N: '8' } };
  const item = { pk: { S: KEY }, sk: { S: 'STATE' }, schemaVersion: { N: '1' }, ...amounts, ...wrong };
  table.items.set(
    `${KEY}\u0000STATE`,
    JSON.parse(JSON.stringify(item)) as typeof table.items extends Map<string, infer I> ? I : never,
  );
  await expect(sharedBudget('leases', 'dev', table.client).sharedBudget(MONTH)).rejects.toMatchObject({
    code: 'ANSWER_INVALID',
  });
});

test("a refusal is a ServiceError with the service's own name", async () => {
  const table = new MemoryTable();
  table.failure = 'ThrottlingException';
  await expect(sharedBudget('leases', 'dev', table.client).sharedBudget(MONTH)).rejects.toMatchObject({
    errorName: 'ThrottlingException',
  });
});
