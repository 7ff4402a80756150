import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { StoredCaller } from '../../../../core/callers/caller';
import { callerKeys } from '../../../../lambda/adapters/dynamodb/caller-keys';
import { DynamoDbFake } from '../../../helpers/dynamodb-fake';

const NOON = Date.parse('2026-11-12T12:00:00Z');
const TABLES = { leases: 'leases', state: 'state' };
const caller = (id: string): StoredCaller => ({
  ...{ id, hash: '0'.repeat(64), budget: 'search', person: 'alex' },
  ...{ createdAt: NOON, createdBy: 'ana', expiresAt: NOON + 1000 },
});
const ids = Array.from({ length: 7 }, (_, at) => `abcdef012${at}`);

test.each([1, 2, 3, 100])('all are listed over pages of %d items, of which some have none', async (size) => {
  const table = new DynamoDbFake();
  const keys = callerKeys(TABLES, table.documents);
  for (const id of ids) {
    table.put({ pk: `BUDGET#dev/${id}#2026-11`, sk: 'STATE' });
    await keys.add(caller(id));
  }
  table.pageSize = size;
  expect((await keys.list()).map(({ id }) => id)).toEqual(ids);
});

test('the key is in the one table and its audit in the other, in one transaction', async () => {
  const sent: unknown[] = [];
  const table = new DynamoDbFake();
  const documents = {
    send: (command: { readonly input: unknown }) => {
      sent.push(command);
      return table.documents.send(command as TransactWriteCommand);
    },
  } as unknown as DynamoDBDocumentClient;
  await callerKeys(TABLES, documents).add(caller(ids[0]!));
  expect(sent).toHaveLength(1);
  const { TransactItems = [] } = (sent[0] as TransactWriteCommand).input;
  expect(TransactItems.map(({ Put }) => [Put?.TableName, Put?.Item?.['pk']])).toEqual([
    ['leases', 'CALLER#abcdef0120'],
    ['state', 'audit'],
  ]);
});

test.each([
  ['another transaction on the key', ['TransactionConflict', 'None'], { code: 'STATE_CONFLICT' }],
  ['another in the same millisecond', ['None', 'ConditionalCheckFailed'], { code: 'STATE_CONFLICT' }],
  ['a busy table', ['None', 'ThrottlingError'], { name: 'ServiceError' }],
])('%s: said, and never taken for done', async (_what, codes, error) => {
  const documents = {
    send: async () => {
      const CancellationReasons = codes.map((Code) => ({ Code }));
      throw new TransactionCanceledException({ $metadata: {}, message: 'cancelled', CancellationReasons });
    },
  } as unknown as DynamoDBDocumentClient;
  const keys = callerKeys(TABLES, documents);
  await expect(keys.add(caller(ids[0]!))).rejects.toMatchObject(error);
  await expect(keys.revoke(ids[0]!, 'bo', NOON)).rejects.toMatchObject(error);
});
