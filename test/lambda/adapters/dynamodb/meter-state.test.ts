import type * as z from 'zod/mini';
import type { Alert } from '../../../../core/decision/alert-mail';
import { DAY_MS, monthStart, utcMonth } from '../../../../core/calendar';
import type { KnownSeries, MeterState, StoredCalibration } from '../../../../core/decision/meter-state';
import type { Order } from '../../../../core/stop-lines/orders';
import { usd } from '../../../../core/money';
import { alertShape } from '../../../../lambda/adapters/dynamodb/alert-shapes';
import { calibrationShape, knownSeriesShape, orderShape } from '../../../../lambda/adapters/dynamodb/meter-shapes';
import { meterStateShape } from '../../../../lambda/adapters/dynamodb/meter-state-shape';
import { meterState, orders } from '../../../../lambda/adapters/dynamodb/meter-state';
import { ALERTS, fullState, knownSeries, NOVEMBER, type Whole } from '../../../helpers/meter-states';
import { MemoryTable } from '../../../helpers/memory-table';
import { at } from '../../../helpers/meter-world';

/** DynamoDB refuses more (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html). */
const MOST_BYTES = 400 * 1024;
const EXPIRES = (monthStart(NOVEMBER) + 400 * DAY_MS) / 1000;

const stored = (table: MemoryTable, pk: string, sk: string) => table.items.get(`${pk}\u0000${sk}`);

describe('the items', () => {
  test('a month: its key, its version, and 400 days', async () => {
    const table = new MemoryTable();
    await meterState('state', table.client).save(fullState(), 0);
    expect(stored(table, 'meter', '2026-11')).toMatchObject({
      schemaVersion: { N: '1' },
      month: { S: '2026-11' },
      desired: { S: 'stopped' },
      expiresAt: { N: String(EXPIRES) },
    });
    expect(utcMonth(EXPIRES * 1000)).toBe('2027-12');
  });

  test('series: a key of their own, 400 days', async () => {
    const table = new MemoryTable();
    await meterState('state', table.client).saveSeries(knownSeries());
    expect(stored(table, 'meter', 'series#2026-11')).toMatchObject({
      schemaVersion: { N: '1' },
      expiresAt: { N: String(EXPIRES) },
    });
  });

  test('an order and its audit, which never expire', async () => {
    const table = new MemoryTable();
    const since = at('2026-11-10T12:00:00.123Z');
    const override = { since, by: 'ann', reason: 'launch', limit: usd(200), until: since + DAY_MS };
    await orders('state', table.client).give({ kind: 'override', override });
    expect(table.requests.map(({ operation }) => operation)).toEqual(['TransactWriteItems']);
    expect(stored(table, 'meter', 'order')).toEqual({
      ...{ pk: { S: 'meter' }, sk: { S: 'order' }, schemaVersion: { N: '1' }, kind: { S: 'override' } },
      override: {
        M: {
          since: { N: String(since) },
          by: { S: 'ann' },
          reason: { S: 'launch' },
          limit: { N: '200000000000' },
          until: { N: String(since + DAY_MS) },
        },
      },
    });
    expect(stored(table, 'audit', '2026-11-10T12:00:00.123Z')).toEqual({
      ...{ pk: { S: 'audit' }, sk: { S: '2026-11-10T12:00:00.123Z' }, schemaVersion: { N: '1' } },
      ...{ kind: { S: 'override' }, since: { N: String(since) }, by: { S: 'ann' }, reason: { S: 'launch' } },
      ...{ limit: { N: '200000000000' }, until: { N: String(since + DAY_MS) } },
    });
  });

  test('every order stays in the audit', async () => {
    const table = new MemoryTable();
    const { client } = table;
    for (const since of [1, 2, 3])
      await orders('state', client).give({ kind: 'stop', stop: { since, by: 'ann', reason: 'r' } });
    const audited = [...table.items.values()].filter(({ pk }) => pk?.['S'] === 'audit');
    expect(audited.map(({ since }) => since)).toEqual([{ N: '1' }, { N: '2' }, { N: '3' }]);
  });
});

test('every read is consistent, and the latest month is one item of one page', async () => {
  const table = new MemoryTable();
  const state = meterState('state', table.client);
  await state.latest(NOVEMBER);
  await state.series(NOVEMBER);
  await state.order();
  await state.budgetOrders();
  await state.calibration();
  await state.canaries(0, 1);
  expect(table.requests.map(({ body }) => body.ConsistentRead)).toEqual([true, true, true, true, true, true]);
  expect(table.requests[0]?.body).toMatchObject({ Limit: 1, ScanIndexForward: false });
});

test('canaries over all pages', async () => {
  const table = new MemoryTable();
  table.pageSize = 2;
  for (const minute of ['00', '01', '02', '03', '04']) await table.write(canaryItem({}, minute));
  const found = await meterState('state', table.client).canaries(at('2026-11-10T12:00'), at('2026-11-10T12:05'));
  expect(found.map(({ atMs }) => new Date(atMs).getUTCMinutes())).toEqual([0, 1, 2, 3, 4]);
  expect(table.requests.filter(({ operation }) => operation === 'Query')).toHaveLength(3);
});

test('somebody else’s order at the same moment is a conflict; another cancellation is a refusal', async () => {
  const conflict = orders('state', cancelling('TransactionConflict').client);
  await expect(conflict.give(STOP)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
  const other = orders('state', cancelling('ItemCollectionSizeLimitExceeded').client);
  await expect(other.give(STOP)).rejects.toMatchObject({
    name: 'ServiceError',
    errorName: 'TransactionCanceledException',
  });
});

describe('an item that is broken is refused by name, never read as a default', () => {
  const item = (): Record<string, unknown> => ({ pk: 'meter', sk: '2026-11', ...fullState(), expiresAt: EXPIRES });

  test.each(Object.keys(fullState()))('every value within %s', async (field) => {
    const table = new MemoryTable();
    const state = meterState('state', table.client);
    for (const path of paths(fullState()).filter((one) => one.split('.')[0] === field)) {
      await table.write(holed(item(), path.split('.')));
      const refused = await state.latest(NOVEMBER).catch((error: unknown) => error);
      expect(refused).toMatchObject({ code: 'ANSWER_INVALID' });
      expect(String(refused)).toContain('item meter/2026-11 of state');
      expect(String(refused)).toContain(`wrong: ${path};`);
    }
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['spend below zero', { memory: { ...fullState().memory, monthToDate: -1 } }, 'memory.monthToDate'],
    ['a fraction of a nano-dollar', { memory: { ...fullState().memory, today: 0.5 } }, 'memory.today'],
    ['a month that is none', { bill: { appliedMonth: '2026-13' } }, 'bill.appliedMonth'],
    ['a day that is none', { memory: { ...fullState().memory, day: '2026-11-10T00:00Z' } }, 'memory.day'],
    ['the month of another key', { month: '2026-12' }, 'month'],
    ['a state that nobody knows', { desired: 'closed' }, 'desired'],
    ['no revision', { revision: 0 }, 'revision'],
    ['an alert that nobody knows', { outbox: [{ kind: 'joke', key: 'k' }] }, 'outbox.0'],
    ['a number as text', { claimedUntil: '0' }, 'claimedUntil'],
    ['a later version', { schemaVersion: 2 }, 'schemaVersion'],
  ])('%s', async (_what, wrong, field) => {
    const table = new MemoryTable();
    await table.write({ ...item(), ...wrong });
    await expect(meterState('state', table.client).latest(NOVEMBER)).rejects.toThrow(new RegExp(`wrong: ${field}`));
  });

  test.each<[string, Record<string, unknown>, string]>([
    ['meter/order of no kind', { sk: 'order', schemaVersion: 1 }, 'kind'],
    ['meter/order without its override', { sk: 'order', schemaVersion: 1, kind: 'override' }, 'override'],
    [
      'meter/order by nobody',
      { sk: 'order', schemaVersion: 1, kind: 'stop', stop: { since: 1, by: '', reason: 'r' } },
      'stop.by',
    ],
    ['meter/order of a later version', { sk: 'order', ...{ kind: 'stop' }, schemaVersion: 2 }, 'schemaVersion'],
    ['calibration/meter of 0', { pk: 'calibration', sk: 'meter', schemaVersion: 1, factor: 0, at: 1 }, 'factor'],
    ['calibration/meter without a version', { pk: 'calibration', sk: 'meter', factor: 1, at: 1 }, 'schemaVersion'],
    [
      'meter/series#2026-11 of another month',
      { sk: 'series#2026-11', schemaVersion: 1, ...knownSeries('2026-12' as never) },
      'month',
    ],
    [
      'meter/series#2026-11 without profiles',
      { sk: 'series#2026-11', schemaVersion: 1, month: NOVEMBER, series: [] },
      'profiles',
    ],
  ])('%s', async (name, broken, field) => {
    const table = new MemoryTable();
    await table.write({ pk: 'meter', ...broken });
    const state = meterState('state', table.client);
    const read = { order: () => state.order(), meter: () => state.calibration() }[String(broken['sk'])];
    const message = new RegExp(`${name.split(' ')[0]!.replace('#', '.')} of state .* wrong: ${field}`);
    await expect(read ? read() : state.series(NOVEMBER)).rejects.toThrow(message);
  });

  test.each<[Record<string, unknown>, string]>([
    [{ at: 'yesterday' }, 'at'],
    [{ inputTokens: -1 }, 'inputTokens'],
    [{ outputTokens: 0.5 }, 'outputTokens'],
    [{ profileId: '' }, 'profileId'],
    [{ schemaVersion: 2 }, 'schemaVersion'],
  ])('a canary with %p', async (wrong, field) => {
    const table = new MemoryTable();
    await table.write(canaryItem(wrong));
    const read = meterState('state', table.client).canaries(at('2026-11-10T12:00'), at('2026-11-10T12:05'));
    await expect(read).rejects.toThrow(new RegExp(`canary/2026-11-10T12:00Z of state .* wrong: ${field}`));
  });
});

describe('items stay under what DynamoDB takes', () => {
  test('the state with 60 models, as many unattributed as can be, and 120 ids of neighbours', async () => {
    const size = { models: 60, uncounted: 60, findings: 0 };
    expect(await bytesOf(fullState(NOVEMBER, 1, size))).toBeLessThan(MOST_BYTES / 4);
  });

  test('the state when every one of 500 series has a finding', async () => {
    const size = { models: 60, uncounted: 60, findings: 500 };
    const state = fullState(NOVEMBER, 1, size);
    const findings = { ...ALERTS.findings, findings: state.reading!.known!.findings };
    expect(await bytesOf({ ...state, outbox: [findings] })).toBeLessThan(MOST_BYTES);
  });

  test('500 series with long ids and three dimensions', async () => {
    const table = new MemoryTable();
    await meterState('state', table.client).saveSeries(knownSeries(NOVEMBER, 500));
    expect(JSON.stringify(stored(table, 'meter', 'series#2026-11')).length).toBeLessThan(MOST_BYTES);
  });
});

/** More than DynamoDB counts, which is the names and values without the quotes and types of JSON. */
async function bytesOf(state: MeterState): Promise<number> {
  const table = new MemoryTable();
  await meterState('state', table.client).save(state, 0);
  return Buffer.byteLength(JSON.stringify(stored(table, 'meter', NOVEMBER)));
}

function canaryItem(wrong: object, minute = '00'): Record<string, unknown> {
  return {
    ...{ pk: 'canary', sk: `2026-11-10T12:${minute}Z`, schemaVersion: 1, at: `2026-11-10T12:${minute}:07.000Z` },
    ...{ profileId: 'p', profileArn: 'arn', modelId: 'm', inputTokens: 7, outputTokens: 1, expiresAt: 9 },
    ...wrong,
  };
}

const STOP: Order = { kind: 'stop', stop: { since: 1, by: 'ann', reason: 'r' } };

function cancelling(code: string): MemoryTable {
  const table = new MemoryTable();
  table.cancellation = code;
  return table;
}

/** Of every value that is no list and no object; of a list the first element, but every alert. */
function paths(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [path.join('.')];
  const all = Object.entries(value);
  const some = Array.isArray(value) && path.join('.') !== 'outbox' ? all.slice(0, 1) : all;
  return some.flatMap(([name, inner]) => paths(inner, [...path, name]));
}

/** The item with null in one place. */
function holed(item: object, path: readonly string[]): Record<string, unknown> {
  return withNull(item, path) as Record<string, unknown>;
}

function withNull(item: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return null;
  if (Array.isArray(item)) return item.map((inner, at) => (String(at) === name ? withNull(inner, rest) : inner));
  const fields = item as Record<string, unknown>;
  return { ...fields, [name]: withNull(fields[name], rest) };
}

/** A shape drops what it does not know: no optional field of a type may be missing in its shape, nor the other way round. */
type Same<Shape extends z.ZodMiniType, Type> = [Whole<z.output<Shape>>] extends [Whole<Type>]
  ? [Whole<Type>] extends [Whole<z.output<Shape>>]
    ? true
    : 'the type lacks a field'
  : 'the shape lacks a field';

test('shapes have the fields of their types, as the compiler says', () => {
  const same: [
    Same<typeof meterStateShape, MeterState>,
    Same<typeof alertShape, Alert>,
    Same<typeof knownSeriesShape, KnownSeries>,
    Same<typeof orderShape, Order>,
    Same<typeof calibrationShape, StoredCalibration>,
  ] = [true, true, true, true, true];
  expect(same).not.toContain(false);
});
