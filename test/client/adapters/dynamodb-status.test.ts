import { dynamoDbStatus } from '../../../client/adapters/dynamodb-status';
import { usd } from '../../../core/money';
import { LedgerUnavailable } from '../../../core/ledger/ports';
import type { Item } from '../../helpers/dynamodb-expressions';
import { DynamoDbFake } from '../../helpers/dynamodb-fake';

const STATUS: Item = {
  pk: 'STATUS',
  sk: 'STATUS',
  schemaVersion: 1,
  desired: 'degraded',
  asOf: Date.parse('2026-11-12T10:00:00Z'),
  month: '2026-11',
  spentAtLeast: usd(40),
  limit: usd(100),
  revision: 7,
};

function statusOf(item?: Item) {
  const table = new DynamoDbFake();
  if (item) table.put(item);
  return { table, status: dynamoDbStatus({ tableName: 'leases', documents: table.documents }) };
}

test('what the meter wrote is read in one request, and nothing is written', async () => {
  const { table, status } = statusOf(STATUS);
  expect(await status.read()).toEqual({
    desired: 'degraded',
    asOf: Date.parse('2026-11-12T10:00:00Z'),
    month: '2026-11',
    spentAtLeast: usd(40),
    limit: usd(100),
  });
  expect([table.readUnits, table.writeUnits]).toEqual([1, 0]);
});

test('what is complete of the month is read where the meter says it', async () => {
  const until = Date.parse('2026-11-12T08:00:00Z');
  const { status } = statusOf({ ...STATUS, completeUntil: until, completeSpent: usd(38) });
  expect((await status.read())?.complete).toEqual({ until, spent: usd(38) });
});

test('the limits of the budgets within are read where the meter says them', async () => {
  const budgets = { limits: { search: usd(20), 'search/nightly': 0 }, since: 5 };
  const { table, status } = statusOf({ ...STATUS, budgets });
  expect((await status.read())?.budgets).toEqual(budgets);
  expect(table.readUnits).toBe(1);
  expect((await statusOf({ ...STATUS, budgets: { limits: {}, since: 5 } }).status.read())?.budgets?.limits).toEqual({});
});

test('a meter that has not written yet has said nothing', async () => {
  expect(await statusOf().status.read()).toBeUndefined();
});

test.each([
  ['another release', { schemaVersion: 2 }],
  ['a state of none', { desired: 'closed' }],
  ['no state', { desired: undefined }],
  ['a month that is none', { month: '2026-13' }],
  ['no time', { asOf: 'now' }],
  ['spend that is no count of nano-dollars', { spentAtLeast: 0.5 }],
  ['a limit that is missing', { limit: undefined }],
  ['budgets that are none', { budgets: null }],
  ['budgets that are a list', { budgets: [] }],
  ['budgets without limits', { budgets: { since: 1 } }],
  ['limits that are a list', { budgets: { limits: [1], since: 1 } }],
  ['budgets of no time', { budgets: { limits: {} } }],
  ['a budget without a limit', { budgets: { limits: { search: null }, since: 1 } }],
  ['a limit of a budget as text', { budgets: { limits: { search: '5' }, since: 1 } }],
  ['a limit of a budget below zero', { budgets: { limits: { search: -1 }, since: 1 } }],
  ['a limit of a budget that no number holds', { budgets: { limits: { search: 2 ** 53 }, since: 1 } }],
  ['hours that are complete, and nothing of what was spent in them', { completeUntil: 1 }],
])('an item of %s is unavailable, never a state', async (_, odd) => {
  await expect(statusOf({ ...STATUS, ...odd }).status.read()).rejects.toThrow(LedgerUnavailable);
});

test('a table that fails or hangs is unavailable', async () => {
  const failing = { send: async () => Promise.reject(new Error('connect ECONNREFUSED')) } as never;
  await expect(dynamoDbStatus({ tableName: 'leases', documents: failing }).read()).rejects.toThrow(LedgerUnavailable);
  const hanging = { send: () => new Promise(() => {}) } as never;
  const status = dynamoDbStatus({ tableName: 'leases', documents: hanging, timeoutMs: 20 });
  await expect(status.read()).rejects.toThrow('did not answer within 20 ms');
});
