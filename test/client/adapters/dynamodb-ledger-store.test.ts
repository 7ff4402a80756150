import {
  ConditionalCheckFailedException,
  DynamoDBClient,
  ProvisionedThroughputExceededException,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { dynamoDbLedgerStore } from '../../../client/adapters/dynamodb-ledger-store';
import type { UtcMonth } from '../../../core/calendar';
import { untouched } from '../../../core/ledger/budget';
import { charge, transition, type Hold } from '../../../core/ledger/hold';
import { nanoUsd, usd, ZERO } from '../../../core/money';
import { LedgerContended, LedgerUnavailable } from '../../../core/ports/ledger';
import { LedgerProcesses, reserved } from '../../helpers/ledger-processes';

const MONTH = '2026-11' as UtcMonth;
const PK = 'BUDGET#production#2026-11';
const NOW = Date.parse('2026-11-12T10:00:00Z');
const TOKEN = '11111111-2222-4333-8444-555555555555';
/** Forty days after the month. */
const END = Date.parse('2027-01-10T00:00:00Z') / 1000;

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

const hold: Hold = {
  id: 'h1',
  revision: 4,
  claim: 'active',
  amount: usd(5),
  expiresAtMs: NOW + 1000,
  writtenBy: 'before',
};
const grown: Hold = { ...hold, revision: 5, amount: usd(8), writtenBy: TOKEN };

function cancelled(...codes: readonly string[]): TransactionCanceledException {
  return new TransactionCanceledException({
    $metadata: {},
    message: 'Transaction cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
}

test('a grant takes from what remains and grows its hold, both or neither', async () => {
  client.on(TransactWriteCommand).resolves({});
  expect(await store.commit(MONTH, transition(hold, grown, { spent: usd(1), grants: true }), TOKEN)).toBe('done');
  expect(client.commandCalls(TransactWriteCommand)[0]!.args[0].input).toEqual({
    ClientRequestToken: TOKEN,
    TransactItems: [
      {
        Update: {
          TableName: 'leases',
          Key: { pk: PK, sk: 'STATE' },
          UpdateExpression: 'SET #remaining = #remaining + :remaining, #spent = #spent + :spent',
          ConditionExpression: '#schemaVersion = :schemaVersion AND #remaining >= :needs',
          ExpressionAttributeNames: { '#remaining': 'remaining', '#spent': 'spent', '#schemaVersion': 'schemaVersion' },
          ExpressionAttributeValues: { ':remaining': usd(-4), ':spent': usd(1), ':schemaVersion': 1, ':needs': usd(4) },
        },
      },
      {
        Put: {
          TableName: 'leases',
          Item: {
            pk: PK,
            sk: 'HOLD#h1',
            schemaVersion: 1,
            revision: 5,
            claim: 'active',
            amount: usd(8),
            expiresAtMs: NOW + 1000,
            writtenBy: TOKEN,
            expiresAt: END,
          },
          ConditionExpression: '#schemaVersion = :schemaVersion AND #revision = :revision',
          ExpressionAttributeNames: { '#schemaVersion': 'schemaVersion', '#revision': 'revision' },
          ExpressionAttributeValues: { ':schemaVersion': 1, ':revision': 4 },
        },
      },
    ],
  });
});

test('a first hold is put only where none is; a settlement asks nothing of what remains', async () => {
  client.on(TransactWriteCommand).resolves({});
  await store.commit(MONTH, transition(undefined, { ...grown, revision: 1 }, { spent: ZERO, grants: false }), TOKEN);
  const [first, second] = client.commandCalls(TransactWriteCommand)[0]!.args[0].input.TransactItems!;
  expect(first!.Update!.ConditionExpression).toBe('#schemaVersion = :schemaVersion');
  expect(second!.Put!.ConditionExpression).toBe('attribute_not_exists(#pk)');
});

test.each([
  ['binds money', grown, END],
  ['is empty', { ...grown, amount: ZERO }, NOW / 1000 + 86_400],
  ['is charged', charge(hold).to, NOW / 1000 + 86_400],
])('the table may delete a hold that %s', async (_, to, expiresAt) => {
  client.on(TransactWriteCommand).resolves({});
  await store.commit(MONTH, transition(hold, to, { spent: ZERO, grants: false }), TOKEN);
  const [, put] = client.commandCalls(TransactWriteCommand)[0]!.args[0].input.TransactItems!;
  expect(put!.Put!.Item!['expiresAt']).toBe(expiresAt);
});

describe('a cancelled transaction', () => {
  const commit = () => store.commit(MONTH, transition(hold, grown, { spent: ZERO, grants: true }), TOKEN);

  test.each([
    [['ConditionalCheckFailed', 'None']],
    [['None', 'ConditionalCheckFailed']],
    [['TransactionConflict', 'ConditionalCheckFailed']],
  ])('for %s is refused', async (codes) => {
    client.on(TransactWriteCommand).rejects(cancelled(...codes));
    expect(await commit()).toBe('refused');
    expect(client.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });

  test('for a conflict is sent again, the same under the same token, later each time', async () => {
    const conflict = cancelled('TransactionConflict', 'None');
    client.on(TransactWriteCommand).rejectsOnce(conflict).rejectsOnce(conflict).rejectsOnce(conflict).resolves({});
    expect(await commit()).toBe('done');
    const sent = client.commandCalls(TransactWriteCommand).map(({ args }) => args[0].input);
    expect(sent).toHaveLength(4);
    for (const input of sent) expect(input).toEqual(sent[0]);
    expect(pauses).toEqual([8, 16, 32]);
  });

  test('for conflicts without end is contended, which is no absence', async () => {
    client.on(TransactWriteCommand).rejects(cancelled('TransactionConflict', 'None'));
    await expect(commit()).rejects.toThrow(LedgerContended);
    expect(pauses.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(2800);
  });

  test('for what no repetition mends is unavailable at once', async () => {
    client.on(TransactWriteCommand).rejects(cancelled('ValidationError', 'None'));
    await expect(commit()).rejects.toThrow(LedgerUnavailable);
    expect(client.commandCalls(TransactWriteCommand)).toHaveLength(1);
  });
});

describe('a plain write that meets a transaction', () => {
  const conflict = new TransactionConflictException({ $metadata: {}, message: 'Transaction is ongoing for the item' });
  const limits = { limit: usd(10), raised: ZERO, statusAsOf: 0 };
  const adjust = () =>
    store.adjust(MONTH, { from: limits, to: { ...limits, statusAsOf: 1 }, remaining: ZERO, spent: ZERO });
  const state = { limit: usd(10), remaining: usd(10), spent: ZERO, raised: ZERO, statusAsOf: 0 };

  test('is sent again, and is no outage', async () => {
    client.on(UpdateCommand).rejectsOnce(conflict).rejectsOnce(conflict).resolves({});
    client.on(PutCommand).rejectsOnce(conflict).resolves({});
    await expect(adjust()).resolves.toBe(true);
    await store.open(MONTH, state);
    expect(client.commandCalls(UpdateCommand)).toHaveLength(3);
    expect(client.commandCalls(PutCommand)).toHaveLength(2);
  });

  test('always: is contended', async () => {
    client.on(UpdateCommand).rejects(conflict);
    client.on(PutCommand).rejects(conflict);
    await expect(adjust()).rejects.toThrow(LedgerContended);
    await expect(store.open(MONTH, state)).rejects.toThrow(LedgerContended);
  });
});

test('an error of the table is unavailable, and the cause is kept', async () => {
  const cause = new ProvisionedThroughputExceededException({ $metadata: {}, message: 'slow down' });
  client.on(GetCommand).rejects(cause);
  await expect(store.state(MONTH)).rejects.toMatchObject({ name: 'LedgerUnavailable', cause });
});

test('a month is opened by one, and read consistently', async () => {
  client
    .on(PutCommand)
    .resolvesOnce({})
    .rejects(new ConditionalCheckFailedException({ $metadata: {}, message: 'there' }));
  await store.open(MONTH, untouched(usd(100)));
  await store.open(MONTH, untouched(usd(100)));
  expect(client.commandCalls(PutCommand)[0]!.args[0].input).toEqual({
    TableName: 'leases',
    Item: {
      pk: PK,
      sk: 'STATE',
      schemaVersion: 1,
      limit: usd(100),
      remaining: usd(100),
      spent: 0,
      raised: 0,
      statusAsOf: 0,
      expiresAt: END,
    },
    ConditionExpression: 'attribute_not_exists(#pk)',
    ExpressionAttributeNames: { '#pk': 'pk' },
  });
  client.on(GetCommand).resolves({});
  expect(await store.state(MONTH)).toBeUndefined();
  expect(client.commandCalls(GetCommand)[0]!.args[0].input).toEqual({
    TableName: 'leases',
    Key: { pk: PK, sk: 'STATE' },
    ConsistentRead: true,
  });
});

test('a limit is changed only from the one it was, by what it differs', async () => {
  client
    .on(UpdateCommand)
    .resolvesOnce({})
    .rejects(new ConditionalCheckFailedException({ $metadata: {}, message: 'changed' }));
  const change = {
    from: { limit: usd(100), raised: ZERO, statusAsOf: 0 },
    to: { limit: usd(80), raised: usd(3), statusAsOf: NOW },
    remaining: usd(-23),
    spent: usd(3),
  };
  expect(await store.adjust(MONTH, change)).toBe(true);
  expect(await store.adjust(MONTH, change)).toBe(false);
  const { input } = client.commandCalls(UpdateCommand)[0]!.args[0];
  expect(input.UpdateExpression).toBe(
    'SET #limit = :limit, #raised = :raised, #statusAsOf = :statusAsOf, #remaining = #remaining + :remaining, #spent = #spent + :spent',
  );
  expect(input.ConditionExpression).toContain('#limit = :oldLimit');
  expect(input.ExpressionAttributeNames).toMatchObject({ '#limit': 'limit' });
  expect(input.ExpressionAttributeValues).toMatchObject({
    ':limit': usd(80),
    ':oldLimit': usd(100),
    ':remaining': usd(-23),
    ':spent': usd(3),
  });
});

test('all pages of expired holds are read', async () => {
  const item = {
    pk: PK,
    sk: 'HOLD#a',
    schemaVersion: 1,
    revision: 1,
    claim: 'active',
    amount: usd(1),
    expiresAtMs: 5,
    writtenBy: 't',
  };
  client
    .on(QueryCommand)
    .resolvesOnce({ Items: [item], LastEvaluatedKey: { pk: PK, sk: 'HOLD#a' } })
    .resolvesOnce({ Items: [{ ...item, sk: 'HOLD#b' }] });
  expect((await store.expiredHolds(MONTH, 10)).map(({ id }) => id)).toEqual(['a', 'b']);
  expect(client.commandCalls(QueryCommand)[1]!.args[0].input.ExclusiveStartKey).toEqual({ pk: PK, sk: 'HOLD#a' });
});

test.each([
  ['a fraction', { amount: 0.5 }],
  ['no number', { amount: 'NaN' }],
  ['a claim nobody makes', { claim: 'odd' }],
  ['another release', { schemaVersion: 2 }],
])('a hold with %s is not read as one', async (_, odd) => {
  const Item = {
    pk: PK,
    sk: 'HOLD#a',
    schemaVersion: 1,
    revision: 1,
    claim: 'active',
    amount: 1,
    expiresAtMs: 5,
    writtenBy: 't',
    ...odd,
  };
  client.on(GetCommand).resolves({ Item });
  await expect(store.hold(MONTH, 'a')).rejects.toThrow(LedgerUnavailable);
});

test('all that callers write lies under BUDGET#: the rest of the table is not theirs', async () => {
  const processes = new LedgerProcesses(usd(100));
  const ledger = processes.start();
  await ledger.settle(reserved(await ledger.reserve(usd(1))), nanoUsd(1));
  await processes.start().reserve(usd(100));
  await ledger.close();
  const keys = [...processes.table.items.values()].map(({ pk }) => pk);
  expect(keys.length).toBeGreaterThan(1);
  for (const key of keys) expect(key).toBe(PK);
});
