import { DynamoDBClient, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import * as fc from 'fast-check';
import { dynamoDbRateLimit, type DynamoDbRateLimitOptions } from '../../../client/adapters/dynamodb-rate-limit';
import { BUDGET_MS } from '../../../client/adapters/dynamodb-documents';
import { HOUR_MS } from '../../../core/calendar';
import { BUCKETS } from '../../../core/ledger/rate-window';
import { LedgerContended, LedgerUnavailable, type RateLimitPort } from '../../../core/ledger/ports';
import { DynamoDbFake } from '../../helpers/dynamodb-fake';

const NOON = Date.parse('2026-11-12T12:00:00Z');

function world(limits: DynamoDbRateLimitOptions['limits'], at = NOON) {
  const clock = { now: at };
  const table = new DynamoDbFake(() => clock.now);
  const process = (skewMs = 0, options: Partial<DynamoDbRateLimitOptions> = {}) =>
    dynamoDbRateLimit({
      tableName: 'leases',
      scope: 'production',
      limits,
      now: () => clock.now + skewMs,
      documents: table.documents,
      ...options,
    });
  return { clock, table, process };
}

async function admittedOf(limit: RateLimitPort, requests: number): Promise<number> {
  const outcomes = await Promise.all(Array.from({ length: requests }, () => limit.admit()));
  return outcomes.filter(({ kind }) => kind === 'admitted').length;
}

test.each([
  [9, 9],
  [10, 10],
  [11, 10],
])('of %d requests in an hour with a limit of 10, %d are admitted, over all processes', async (requests, admitted) => {
  const { process } = world({ perHour: 10 });
  const outcomes = await Promise.all(Array.from({ length: requests }, () => admittedOf(process(), 1)));
  expect(outcomes.reduce((sum, n) => sum + n, 0)).toBe(admitted);
});

test.each([
  ['one process', 1],
  ['many', 20],
])('parallel requests of %s are not admitted past the limit', async (_, count) => {
  const { process, table } = world({ perHour: 55, perDay: 1000 });
  const admitted = await Promise.all(Array.from({ length: count }, () => admittedOf(process(), 100 / count)));
  expect(admitted.reduce((sum, n) => sum + n, 0)).toBe(55);
  expect(table.get('RATE#production', 'STATE')).toMatchObject({ used: 55, dayUsed: 55, schemaVersion: 1 });
});

test('across the edge of an hour the same hour counts', async () => {
  const { clock, process } = world({ perHour: 10 }, NOON - 1000);
  const limit = process();
  expect(await admittedOf(limit, 10)).toBe(10);
  clock.now = NOON + 1000;
  // The minute 11:59 counts until 13:01.
  expect(await limit.admit()).toEqual({ kind: 'refused', window: 'hour', retryAfterSeconds: 3600 + 60 - 1 });
  clock.now = NOON + HOUR_MS + 60_000 - 1;
  expect((await limit.admit()).kind).toBe('refused');
  clock.now += 1;
  expect(await admittedOf(limit, 11)).toBe(10);
});

test.each([
  ['2026-11-12T23:59:59.999Z', 'refused'],
  ['2026-11-13T00:00:00.000Z', 'admitted'],
])('a day is one of UTC: at %s the next is %s', async (time, kind) => {
  const { clock, process } = world({ perDay: 10 });
  const limit = process();
  expect(await admittedOf(limit, 10)).toBe(10);
  expect(await limit.admit()).toEqual({ kind: 'refused', window: 'day', retryAfterSeconds: 12 * 3600 });
  clock.now = Date.parse(time);
  expect((await limit.admit()).kind).toBe(kind);
});

test('a refused request counts nothing', async () => {
  const { process, table } = world({ perHour: 2, perDay: 100 });
  await admittedOf(process(), 50);
  expect(table.get('RATE#production', 'STATE')).toMatchObject({ used: 2, dayUsed: 2 });
});

test('a limit changed in the config counts at once, without a write of its own', async () => {
  const { process, table } = world({ perHour: 10 });
  expect(await admittedOf(process(), 10)).toBe(10);
  expect(await admittedOf(process(0, { limits: { perHour: 12 } }), 5)).toBe(2);
  expect((await process(0, { limits: { perHour: 5 } }).admit()).kind).toBe('refused');
  expect(table.get('RATE#production', 'STATE')).toMatchObject({ used: 12 });
});

describe.each([[false], [true]])('counting ahead: %s', (ahead) => {
  test('no 60 minutes hold more than the limit, whatever clocks say', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 12 * 60_000 }), fc.nat(3), fc.integer({ min: 1, max: 60 })), {
          minLength: 20,
          maxLength: 60,
        }),
        async (steps) => {
          const { clock, process } = world({ perHour: 200 });
          const processes = [-30_000, -10_000, 0, 30_000].map((skew) => process(skew, { ahead }));
          const times: number[] = [];
          for (const [wait, which, requests] of steps) {
            clock.now += wait;
            const admitted = await admittedOf(processes[which]!, requests);
            times.push(...Array.from({ length: admitted }, () => clock.now));
          }
          // One look at all: thousands of expectations cost more than what they look at.
          const within = times.filter((time, index) => (times[index + 200] ?? Infinity) < time + HOUR_MS);
          expect(within).toEqual([]);
        },
      ),
      { numRuns: 25, endOnFailure: true },
    );
  });
});

test('at a steady rate above the limit at least 95% of it are used', async () => {
  const { clock, process } = world({ perHour: 600 });
  const limit = process();
  let admitted = 0;
  for (let second = 0; second < 6 * 3600; second += 4) {
    clock.now = NOON + second * 1000;
    admitted += await admittedOf(limit, 1);
  }
  expect(admitted).toBeLessThanOrEqual(6 * 600);
  expect(admitted).toBeGreaterThan(0.95 * 6 * 600);
  expect(BUCKETS).toBe(62);
});

test('counting ahead, most requests need no write, and at most 1% is left over each time', async () => {
  const { process, table } = world({ perHour: 10_000, perDay: 100_000 });
  const limit = process(0, { ahead: true });
  const outcomes: string[] = [];
  for (let n = 0; n < 2000; n += 1) outcomes.push((await limit.admit()).kind);
  expect(new Set(outcomes)).toEqual(new Set(['admitted']));
  expect(table.writeUnits).toBeLessThan(40);
  expect(table.get('RATE#production', 'STATE')!['used']).toBeLessThanOrEqual(2000 + 100);
});

test('what was counted ahead is not used after its minute', async () => {
  const { clock, process, table } = world({ perHour: 1000 });
  const limit = process(0, { ahead: true });
  for (let n = 0; n < 5; n += 1) await limit.admit();
  const before = table.writeUnits;
  clock.now += 60_000;
  await limit.admit();
  expect(table.writeUnits).toBeGreaterThan(before);
});

test('counting ahead, a place that is given back is for the next request, without a write', async () => {
  const { process, table } = world({ perHour: 1000 });
  const limit = process(0, { ahead: true });
  for (let n = 0; n < 5; n += 1) await limit.admit();
  const [before, used] = [table.writeUnits, table.get('RATE#production', 'STATE')!['used']];
  for (let n = 0; n < 50; n += 1) {
    await limit.giveBack!();
    await limit.admit();
  }
  expect([table.writeUnits, table.get('RATE#production', 'STATE')!['used']]).toEqual([before, used]);
});

test('the item is updated by one conditional write, with no name in clear', async () => {
  const client = mockClient(DynamoDBDocumentClient);
  client.on(UpdateCommand).resolves({});
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const limit = dynamoDbRateLimit({
    tableName: 'leases',
    scope: 'production',
    limits: { perHour: 100, perDay: 500 },
    now: () => NOON,
    documents,
  });
  await Promise.all([limit.admit(), limit.admit(), limit.admit()]);
  expect(client.commandCalls(UpdateCommand).map(({ args }) => args[0].input)).toEqual([
    {
      TableName: 'leases',
      Key: { pk: 'RATE#production', sk: 'STATE' },
      UpdateExpression:
        'SET #current = #current + :requests, #used = #used + :requests, #dayUsed = #dayUsed + :requests',
      ConditionExpression:
        '#schemaVersion = :schemaVersion AND #minute = :minute AND #used <= :hourMost AND #dayUsed <= :dayMost',
      ExpressionAttributeNames: {
        '#current': 'current',
        '#used': 'used',
        '#dayUsed': 'dayUsed',
        '#schemaVersion': 'schemaVersion',
        '#minute': 'minute',
      },
      ExpressionAttributeValues: {
        ':requests': 3,
        ':schemaVersion': 1,
        ':minute': NOON / 60_000,
        ':hourMost': 97,
        ':dayMost': 497,
      },
    },
  ]);
  client.restore();
});

test('a table that fails or hangs is unavailable', async () => {
  const failing = { send: async () => Promise.reject(new Error('connect ECONNREFUSED')) } as never;
  await expect(world({}).process(0, { documents: failing }).admit()).rejects.toThrow(LedgerUnavailable);
  const hanging = { send: () => new Promise(() => {}) } as never;
  await expect(world({}).process(0, { documents: hanging, timeoutMs: 20 }).admit()).rejects.toThrow(LedgerUnavailable);
});

test('a transaction that is in the way of a plain write is waited for, and is no outage', async () => {
  const conflict = new TransactionConflictException({ $metadata: {}, message: 'Transaction is ongoing for the item' });
  const { process, table } = world({ perHour: 10 });
  let conflicts = 2;
  const send = (...asked: unknown[]) =>
    conflicts-- > 0 ? Promise.reject(conflict) : (table.documents.send as (...args: unknown[]) => unknown)(...asked);
  const always = { send: () => Promise.reject(conflict) } as never;
  // Its pauses come to more than half a second.
  jest.useFakeTimers();
  try {
    const outcomes = Promise.allSettled([
      process(0, { documents: { send } as never }).admit(),
      world({}).process(0, { documents: always }).admit(),
    ]);
    await jest.advanceTimersByTimeAsync(BUDGET_MS - 1);
    expect(await outcomes).toEqual([
      { status: 'fulfilled', value: { kind: 'admitted' } },
      { status: 'rejected', reason: expect.any(LedgerContended) },
    ]);
  } finally {
    jest.useRealTimers();
  }
});

test('an item of another release is left alone', async () => {
  const { process, table } = world({ perHour: 10 });
  table.put({ pk: 'RATE#production', sk: 'STATE', schemaVersion: 2, used: 0 });
  await expect(process().admit()).rejects.toThrow(LedgerUnavailable);
  expect(table.get('RATE#production', 'STATE')).toEqual({
    pk: 'RATE#production',
    sk: 'STATE',
    schemaVersion: 2,
    used: 0,
  });
});
