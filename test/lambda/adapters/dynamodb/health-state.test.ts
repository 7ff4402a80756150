import { ConditionalCheckFailedException, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { UtcMonth } from '../../../../core/calendar';
import { healthDocument } from '../../../../core/health/document';
import type { HealthRecord } from '../../../../core/health/record';
import { healthState } from '../../../../lambda/adapters/dynamodb/health-state';
import { FakeHealthState } from '../../../../simulator/fakes/health-state';

const signal = new AbortController().signal;

describe('the state table', () => {
  const table = mockClient(DynamoDBDocumentClient);
  const state = healthState('state', new DynamoDBClient({}));
  beforeEach(() => table.reset());

  const record: HealthRecord = {
    schemaVersion: 1,
    revision: 4,
    scheduledAtMs: 1,
    savedAtMs: 2,
    document: healthDocument('dev', 0, { source: 'schedule', scheduledAt: '2026-11-23T09:00:00Z' }, [
      { check: 'quota', subject: 's', status: 'warning', detail: 'd', tell: 't' },
    ]),
    told: { 'quota s': 'warning: t' },
    outbox: [
      { subject: 's', body: 'b' },
      { subject: 's', body: 'b', notices: [] },
    ],
  };

  it('gives back what was saved', async () => {
    table.on(PutCommand).resolves({});
    await state.save(record, 3);
    const { Item, ConditionExpression, ExpressionAttributeValues } = table.commandCalls(PutCommand)[0]!.args[0].input;
    expect([ConditionExpression, ExpressionAttributeValues]).toEqual(['revision = :replaces', { ':replaces': 3 }]);
    table
      .on(GetCommand, { TableName: 'state', Key: { pk: 'health', sk: 'last' }, ConsistentRead: true })
      .resolves({ Item: Item! });
    expect(await state.last(signal)).toEqual(record);
  });

  it('has no last result at first, and then only one run may write', async () => {
    table.on(GetCommand).resolves({});
    expect(await state.last(signal)).toBeUndefined();
    table.on(PutCommand).rejects(new ConditionalCheckFailedException({ message: 'no', $metadata: {} }));
    await expect(state.save(record, 0)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect(table.commandCalls(PutCommand)[0]!.args[0].input.ConditionExpression).toBe('attribute_not_exists(pk)');
  });

  it('the fake keeps the same promise', async () => {
    const fake = new FakeHealthState();
    await fake.save({ ...record, revision: 1 }, 0);
    await expect(fake.save(record, 0)).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    await fake.save({ ...record, revision: 2 }, 1);
    expect((await fake.last())?.revision).toBe(2);
  });

  it.each([{}, { ...record, schemaVersion: 2 }, { ...record, told: 7 }, { ...record, document: {} }])(
    'refuses an item that is no record of version 1',
    async (Item) => {
      table.on(GetCommand).resolves({ Item });
      await expect(state.last(signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
    },
  );

  it('reads what the meter wants this month, and refuses a state that it does not know', async () => {
    const month = '2026-11' as UtcMonth;
    table
      .on(GetCommand, { TableName: 'state', Key: { pk: 'meter', sk: month } })
      .resolves({ Item: { desired: 'degraded', more: 1 } });
    expect(await state.desired(month, signal)).toBe('degraded');
    table.on(GetCommand).resolves({});
    expect(await state.desired('2026-12' as UtcMonth, signal)).toBeUndefined();
    table.on(GetCommand).resolves({ Item: { desired: 'asleep' } });
    await expect(state.desired(month, signal)).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
  });
});
