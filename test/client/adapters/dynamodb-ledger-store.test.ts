import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { dynamoDbLedgerStore } from '../../../client/adapters/dynamodb-ledger-store';
import type { UtcMonth } from '../../../core/calendar';
import { untouched } from '../../../core/ledger/budget';
import { charge, hourOf, transition, type Hold } from '../../../core/ledger/hold';
import { nanoUsd, usd, ZERO } from '../../../core/money';
import { LedgerContended, LedgerUnavailable } from '../../../core/ledger/ports';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';

const MONTH = '2026-11' as UtcMonth;
const PK = 'BUDGET#production#2026-11';
const NOW = Date.parse('2026-11-12T10:00:00Z');
const HOUR = hourOf(NOW);
/** Forty days after the month. */
const END = Date.parse('2027-02-14T00:00:00Z') / 1000;

const client = mockClient(DynamoDBDocumentClient);
const pauses: number[] = [];
const store = dynamoDbLedgerStore({
  tableName: 'leases',
  scope: 'production',
  documents: DynamoDBDocumentClient.from(new DynamoDBClient({})),
  now: () => NOW,
  random: () => 1,
  after: (ms, run) => {
    // The time of a request's budget never pass here; pauses between conflicts pass at once.
    if (ms >= 2000) return () => {};
    pauses.push(ms);
    setImmediate(run);
    return () => {};
  },
});

beforeEach(() => {
  client.reset();
  pauses.length = 0;
});

const hold: Hold = { id: 'h1', claim: 'active', amount: usd(5), expiresAtMs: NOW + 1000, writtenBy: '4' };
const grown: Hold = { ...hold, amount: usd(8), writtenBy: '5' };
const value = ({ claim, writtenBy, amount, expiresAtMs }: Hold) =>
  `${claim[0]}.${writtenBy}.${amount.toString(36)}.${expiresAtMs.toString(36)}`;
const failed = (Item?: Record<string, never>) =>
  new ConditionalCheckFailedException({ $metadata: {}, message: 'no', ...(Item ? { Item } : {}) });
const stored = { pk: PK, sk: 'STATE', schemaVersion: 1, ...untouched(usd(100)), hours: undefined, expiresAt: END };
const { hours: _, ...item } = stored;

test('a grant takes from what remains and grows its hold in one plain write, which says what is stored then', async () => {
  client.on(UpdateCommand).resolves({ Attributes: { ...item, remaining: usd(92), hh1: value(grown) } });
  const change = transition(hold, grown, { spent: usd(1), unsettled: usd('0.25'), grants: true, now: NOW });
  expect(await store.commit(MONTH, change, [HOUR - 6])).toEqual({
    done: true,
    stored: { state: { ...untouched(usd(100)), remaining: usd(92) }, holds: [grown] },
  });
  const { input } = client.commandCalls(UpdateCommand)[0]!.args[0];
  expect(input).toEqual({
    TableName: 'leases',
    Key: { pk: PK, sk: 'STATE' },
    UpdateExpression:
      'SET #hh1 = :to_hh1, #remaining = #remaining + :add_remaining, #spent = #spent + :add_spent, ' +
      `#unsettled = #unsettled + :add_unsettled ADD #k${HOUR} :count_k${HOUR}, #u${HOUR} :count_u${HOUR} ` +
      `REMOVE #k${HOUR - 6}, #u${HOUR - 6}`,
    ConditionExpression: '#schemaVersion = :is_schemaVersion AND #hh1 = :is_hh1 AND #remaining >= :least_remaining',
    ExpressionAttributeNames: expect.objectContaining({ '#hh1': 'hh1', '#remaining': 'remaining' }) as unknown,
    ExpressionAttributeValues: {
      ':is_schemaVersion': 1,
      ':is_hh1': value(hold),
      ':least_remaining': usd(4),
      ':to_hh1': value(grown),
      ':add_remaining': usd(-4),
      ':add_spent': usd(1),
      ':add_unsettled': usd('0.25'),
      [`:count_k${HOUR}`]: usd('0.75'),
      [`:count_u${HOUR}`]: usd('0.25'),
    },
    ReturnValues: 'ALL_NEW',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
});

test('a first hold is put only where none is; a settlement asks nothing of what remains, and takes its hold away', async () => {
  client.on(UpdateCommand).resolves({});
  await store.commit(MONTH, transition(undefined, grown, { spent: ZERO, grants: false, now: NOW }));
  const empty = { ...grown, amount: ZERO };
  await store.commit(MONTH, transition(grown, empty, { spent: usd(1), grants: false, now: NOW }));
  const [first, last] = client.commandCalls(UpdateCommand).map(({ args }) => args[0].input);
  expect(first!.ConditionExpression).toBe('#schemaVersion = :is_schemaVersion AND attribute_not_exists(#hh1)');
  expect(last!.ConditionExpression).toBe('#schemaVersion = :is_schemaVersion AND #hh1 = :is_hh1');
  expect(last!.UpdateExpression).toMatch(/REMOVE #hh1$/);
});

test.each([
  [HOUR - 5, true],
  [HOUR - 6, false],
])('a hold that ran out in hour %d of %#: its hour is counted: %s', async (hour, counted) => {
  client.on(UpdateCommand).resolves({});
  const out: Hold = { ...hold, expiresAtMs: hour * 3_600_000 };
  await store.commit(MONTH, charge(out, NOW), [hour]);
  const { UpdateExpression } = client.commandCalls(UpdateCommand)[0]!.args[0].input;
  expect(UpdateExpression!.includes(`ADD #u${hour} `)).toBe(counted);
  // No attribute twice in one expression, which DynamoDB refuses.
  expect(UpdateExpression!.includes(`REMOVE #k${hour}, #u${hour}`)).toBe(!counted);
});

describe('a write whose condition failed', () => {
  const commit = () => store.commit(MONTH, transition(hold, grown, { spent: ZERO, grants: true, now: NOW }));

  test('says what is stored, where the table does', async () => {
    const told = { pk: { S: PK }, sk: { S: 'STATE' }, hh1: { S: value({ ...hold, claim: 'charged' }) } };
    const amounts = { limit: 9, remaining: -1, spent: 2, raised: 0, unsettled: 0 };
    const numbers = { schemaVersion: 1, ...amounts, releases: 0, statusAsOf: 0 };
    const Item = {
      ...told,
      ...Object.fromEntries(Object.entries(numbers).map(([name, n]) => [name, { N: String(n) }])),
    };
    client.on(UpdateCommand).rejects(failed(Item as never));
    expect(await commit()).toMatchObject({
      done: false,
      stored: { state: { limit: 9, remaining: -1, spent: 2 }, holds: [{ ...hold, claim: 'charged' }] },
    });
    expect(client.commandCalls(UpdateCommand)).toHaveLength(1);
  });

  test('is refused all the same where it does not', async () => {
    client.on(UpdateCommand).rejects(failed());
    expect(await commit()).toEqual({ done: false });
  });
});

describe('a plain write that meets a transaction of somebody', () => {
  const conflict = new TransactionConflictException({ $metadata: {}, message: 'Transaction is ongoing for the item' });
  const limits = { limit: usd(10), raised: ZERO, statusAsOf: 0 };
  const writes: readonly (readonly [string, () => Promise<unknown>])[] = [
    ['adjust', () => store.adjust(MONTH, { from: limits, to: limits, remaining: ZERO, spent: ZERO })],
    ['open', () => store.open(MONTH, untouched(usd(10)))],
    ['commit', () => store.commit(MONTH, transition(hold, grown, { spent: ZERO, grants: true, now: NOW }))],
    [
      'release',
      () =>
        store.release(MONTH, {
          from: { ...limits, unsettled: ZERO, releases: 0 },
          to: { raised: ZERO, unsettled: ZERO },
          remaining: ZERO,
          spent: ZERO,
          holds: [],
        }),
    ],
  ];

  test.each(writes)('%s: is sent again, the same, later each time, and is no outage', async (_, write) => {
    client.on(UpdateCommand).rejectsOnce(conflict).rejectsOnce(conflict).resolves({});
    client.on(PutCommand).rejectsOnce(conflict).rejectsOnce(conflict).resolves({});
    await write();
    const sent = client.calls().map(({ args }) => args[0].input as unknown);
    expect(sent).toHaveLength(3);
    for (const input of sent) expect(input).toEqual(sent[0]);
    expect(pauses).toEqual([8, 16]);
  });

  test.each(writes)('%s: always, it is contended, within the time of a call', async (_, write) => {
    client.on(UpdateCommand).rejects(conflict);
    client.on(PutCommand).rejects(conflict);
    await expect(write()).rejects.toThrow(LedgerContended);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2800);
  });
});

test('an error of the table is unavailable, and the cause is kept', async () => {
  const cause = new ProvisionedThroughputExceededException({ $metadata: {}, message: 'slow down' });
  client.on(GetCommand).rejects(cause);
  await expect(store.read(MONTH)).rejects.toMatchObject({ name: 'LedgerUnavailable', cause });
});

test('a month is opened by one, and read consistently', async () => {
  client.on(PutCommand).resolvesOnce({}).rejects(failed());
  await store.open(MONTH, untouched(usd(100)));
  await store.open(MONTH, untouched(usd(100)));
  expect(client.commandCalls(PutCommand)[0]!.args[0].input).toEqual({
    TableName: 'leases',
    Item: item,
    ConditionExpression: 'attribute_not_exists(#pk)',
    ExpressionAttributeNames: { '#pk': 'pk' },
  });
  client.on(GetCommand).resolves({});
  expect(await store.read(MONTH)).toBeUndefined();
  expect(client.commandCalls(GetCommand)[0]!.args[0].input).toEqual({
    TableName: 'leases',
    Key: { pk: PK, sk: 'STATE' },
    ConsistentRead: true,
  });
});

test.each([
  ['no amount', 'a.1.x!.z'],
  ['a claim nobody makes', 'x.1.5.z'],
  ['a part missing', 'a.1.5'],
])('a hold with %s is not read as one', async (_, odd) => {
  client.on(GetCommand).resolves({ Item: { ...item, habc: odd } });
  await expect(store.read(MONTH)).rejects.toThrow(LedgerUnavailable);
});

test('all that callers write lies under BUDGET#: the rest of the table is not theirs', async () => {
  const processes = new LedgerProcesses(usd(100));
  const ledger = processes.start();
  await ledger.settle(reserved(await ledger.reserve(usd(1))), nanoUsd(1));
  await processes.start().reserve(usd(100));
  await ledger.close();
  expect([...processes.table.items.values()].map(({ pk }) => pk)).toEqual([PK]);
});

test('200 processes with a call each in flight fit into 8 KB, so that a write costs 8 units at most', async () => {
  const processes = new LedgerProcesses(usd(1000));
  for (let n = 0; n < 200; n += 1) await processes.start().reserve(usd('0.0327'));
  const before = processes.table.writeUnits;
  await processes.start().reserve(usd('0.0327'));
  // One that is refused for what it did not know of the budget would be a second.
  expect(processes.table.writeUnits - before).toBeLessThanOrEqual(8);
});
