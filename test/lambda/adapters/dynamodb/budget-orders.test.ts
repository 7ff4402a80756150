import { isDeepStrictEqual } from 'node:util';
import { DAY_MS } from '../../../../core/calendar';
import { usd } from '../../../../core/money';
import { meterState, orders } from '../../../../lambda/adapters/dynamodb/meter-state';
import { MemoryTable } from '../../../helpers/memory-table';
import { at } from '../../../helpers/meter-world';

const ORDER = { limit: usd(30), by: 'ann', reason: 'launch', at: at('2026-11-10T12:00:00.123Z') };

const stored = (table: MemoryTable, pk: string, sk: string) => table.items.get(`${pk}\u0000${sk}`);
const asked = (table: MemoryTable, operation: string) => table.requests.filter((one) => one.operation === operation);

test('all orders are one item, and the audit of each another, which never expires', async () => {
  const table = new MemoryTable();
  const give = orders('state', table.client);
  await give.giveBudgetOrder('search', ORDER);
  await give.giveBudgetOrder('search/nightly', { ...ORDER, until: ORDER.at + DAY_MS });
  expect(table.requests.map(({ operation }) => operation)).toEqual([
    ...['GetItem', 'TransactWriteItems', 'GetItem', 'TransactWriteItems'],
  ]);
  expect(table.requests[0]?.body.ConsistentRead).toBe(true);
  const written = { limit: { N: '30000000000' }, by: { S: 'ann' }, reason: { S: 'launch' }, at: { N: `${ORDER.at}` } };
  const until = { N: String(ORDER.at + DAY_MS) };
  expect(stored(table, 'meter', 'budget-orders')).toEqual({
    ...{ pk: { S: 'meter' }, sk: { S: 'budget-orders' }, schemaVersion: { N: '1' }, revision: { N: '2' } },
    orders: { M: { search: { M: written }, 'search/nightly': { M: { ...written, until } } } },
  });
  expect(stored(table, 'audit', '2026-11-10T12:00:00.123Z#search')).toEqual({
    ...{ pk: { S: 'audit' }, sk: { S: '2026-11-10T12:00:00.123Z#search' }, schemaVersion: { N: '1' } },
    ...{ kind: { S: 'budget' }, budget: { S: 'search' }, ...written },
  });
  expect(stored(table, 'audit', '2026-11-10T12:00:00.123Z#search/nightly')).toMatchObject({ until });
});

test('who orders while others do reads and writes again, and is told when it was of no use', async () => {
  const table = new MemoryTable();
  table.cancellation = 'TransactionConflict';
  const giving = orders('state', table.client).giveBudgetOrder('search', ORDER);
  await expect(giving).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  await expect(giving).rejects.toThrow("at each of 10 attempts, and the one for budget 'search' was not written");
  expect(asked(table, 'GetItem')).toHaveLength(10);
  expect(table.items.size).toBe(0);
});

test('a transaction that is cancelled for another reason is a refusal, at once', async () => {
  const table = new MemoryTable();
  table.cancellation = 'ItemCollectionSizeLimitExceeded';
  await expect(orders('state', table.client).giveBudgetOrder('search', ORDER)).rejects.toMatchObject({
    name: 'ServiceError',
    errorName: 'TransactionCanceledException',
  });
  expect(asked(table, 'GetItem')).toHaveLength(1);
});

test.each<[string, object, string]>([
  ['without a revision', { revision: undefined }, 'revision'],
  ['without orders', { orders: undefined }, 'orders'],
  ['of no budget', { orders: { '': ORDER } }, 'orders'],
  ['without a limit', { orders: { search: { ...ORDER, limit: undefined } } }, 'orders.search.limit'],
  ['of half a nano-dollar', { orders: { search: { ...ORDER, limit: 0.5 } } }, 'orders.search.limit'],
  ['below zero', { orders: { search: { ...ORDER, limit: -1 } } }, 'orders.search.limit'],
  ['until whenever', { orders: { search: { ...ORDER, until: 'noon' } } }, 'orders.search.until'],
  ['by nobody', { orders: { search: { ...ORDER, by: '' } } }, 'orders.search.by'],
  ['for no reason', { orders: { search: { ...ORDER, reason: '' } } }, 'orders.search.reason'],
  ['of a later version', { schemaVersion: 2 }, 'schemaVersion'],
])('orders %s are refused by name, and not replaced', async (_, wrong, field) => {
  const table = new MemoryTable();
  const whole = { pk: 'meter', sk: 'budget-orders', schemaVersion: 1, revision: 1, orders: { search: ORDER } };
  await table.write(JSON.parse(JSON.stringify({ ...whole, ...wrong })) as Record<string, unknown>);
  const message = new RegExp(`item meter/budget-orders of state .* wrong: ${field}`);
  await expect(meterState('state', table.client).budgetOrders()).rejects.toThrow(message);
  await expect(orders('state', table.client).giveBudgetOrder('ads', ORDER)).rejects.toThrow(message);
  expect(asked(table, 'TransactWriteItems')).toEqual([]);
});

test('what is read is equal to what is made of a configuration, also where the kind of object counts', async () => {
  const table = new MemoryTable();
  await orders('state', table.client).giveBudgetOrder('search', ORDER);
  const read = await meterState('state', table.client).budgetOrders();
  expect(isDeepStrictEqual(read, { search: { ...ORDER } })).toBe(true);
});
