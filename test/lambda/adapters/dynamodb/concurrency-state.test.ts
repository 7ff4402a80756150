import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { UtcMonth } from '../../../../core/calendar';
import type { ConcurrencyRecord } from '../../../../core/concurrency/record';
import { concurrencyState } from '../../../../lambda/adapters/dynamodb/concurrency-state';
import { FakeConcurrencyState } from '../../../../simulator/fakes/concurrency-state';
import { AWAKE, target } from '../../../helpers/concurrency-world';

const LIVE = target();

const failure = <T>(Kind: new (options: { message: string; $metadata: object }) => T) =>
  new Kind({ message: 'm', $metadata: { httpStatusCode: 404 } });

describe('state table', () => {
  const documents = mockClient(DynamoDBDocumentClient);
  mockClient(DynamoDBClient);
  beforeEach(() => documents.reset());
  const record: ConcurrencyRecord = {
    schemaVersion: 1,
    ...LIVE,
    revision: 1,
    status: 'lowering',
    loweredFor: 'stopped',
    saved: {
      value: 5,
      details: { functionVersion: '1', revisionId: 'r', memoryMb: 1024, architecture: 'x86_64' },
      scaling: { min: 1, max: 9, suspended: AWAKE },
    },
    savedAtMs: 1,
    loweredTo: 0,
    claimedUntilMs: 2,
  };

  test('records come back whole over all pages; what is none is named, and the hold is no record', async () => {
    const items = [
      { pk: 'concurrency', sk: 'hold', untilMs: 1, by: 'a' },
      { pk: 'concurrency', sk: 'models:live', ...record },
      { pk: 'concurrency', sk: 'broken:live', ...record, saved: { value: 0 } },
      { pk: 'concurrency', sk: 'other:live', ...record },
    ];
    documents
      .on(QueryCommand)
      .resolvesOnce({ Items: items.slice(0, 2), LastEvaluatedKey: { pk: 'concurrency', sk: 'models:live' } })
      .resolves({ Items: items.slice(2) });
    expect(await concurrencyState('t').records()).toEqual({
      records: [record],
      unreadable: ['broken:live', 'other:live'],
    });
    const inputs = documents.commandCalls(QueryCommand).map(({ args }) => args[0].input);
    expect(inputs.map(({ ConsistentRead }) => ConsistentRead)).toEqual([true, true]);
    expect(inputs[1]?.ExclusiveStartKey).toEqual({ pk: 'concurrency', sk: 'models:live' });
  });

  test('a first write wants nothing there, a later one the revision that was read; else it is a conflict, as in the fake', async () => {
    documents.on(PutCommand).resolves({});
    await concurrencyState('t').save(record, 0);
    await concurrencyState('t').save({ ...record, revision: 2, expiresAtMs: 1500 }, 1);
    const [first, second] = documents.commandCalls(PutCommand).map(({ args }) => args[0].input);
    expect(first?.ConditionExpression).toBe('attribute_not_exists(pk)');
    expect(first?.Item).not.toHaveProperty('expiresAt');
    expect(second?.ConditionExpression).toBe('revision = :replaces');
    expect(second?.ExpressionAttributeValues).toEqual({ ':replaces': 1 });
    expect(second?.Item?.['expiresAt']).toBe(2);

    documents.on(PutCommand).rejects(failure(ConditionalCheckFailedException));
    const fake = new FakeConcurrencyState();
    for (const state of [concurrencyState('t'), fake]) {
      await expect(state.save(record, 3)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    }
  });

  test('the meter’s word: one of three, none, or unreadable', async () => {
    const month = '2026-11' as UtcMonth;
    documents
      .on(GetCommand)
      .resolvesOnce({ Item: { desired: 'stopped' } })
      .resolvesOnce({})
      .resolves({ Item: { desired: 'paused' } });
    expect(await concurrencyState('t').desired(month)).toBe('stopped');
    expect(await concurrencyState('t').desired(month)).toBeUndefined();
    await expect(concurrencyState('t').desired(month)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
