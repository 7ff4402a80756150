import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { ReportDay } from '../../../../core/report/ports';
import { ReportStateAdapter } from '../../../../lambda/adapters/dynamodb/report-state';

const client = mockClient(DynamoDBDocumentClient);
const adapter = new ReportStateAdapter('state');
const due = '2026-11-23 Europe/Berlin' as ReportDay;

beforeEach(() => client.reset());

function conditionFailed(status: string): Error {
  return new ConditionalCheckFailedException({ message: 'x', $metadata: {}, Item: { status: { S: status } } });
}

test('a claim is one conditional write that only an absent or stale one lets through', async () => {
  client.on(UpdateCommand).resolves({ Attributes: { attempts: 2 } });
  expect(await adapter.claim(due, 1000, 900)).toEqual({ kind: 'claimed', attempt: 2 });
  const { input } = client.commandCalls(UpdateCommand)[0]!.args[0];
  expect(input).toMatchObject({
    TableName: 'state',
    Key: { pk: 'report', sk: '2026-11-23 Europe/Berlin' },
    ConditionExpression: 'attribute_not_exists(pk) OR (#status = :claimed AND claimedAt <= :stale)',
  });
  expect(input.ExpressionAttributeValues).toMatchObject({ ':stale': 900, ':version': 1 });
  expect(input.ExpressionAttributeValues?.[':expires']).toBe(1 + 400 * 86_400);
});

test.each([
  ['sent', 'sent'],
  ['claimed', 'busy'],
])('a report that is %s answers %s', async (status, kind) => {
  client.on(UpdateCommand).rejects(conditionFailed(status));
  expect(await adapter.claim(due, 1000, 900)).toEqual({ kind });
});

test('another failure is thrown: a report is not skipped for it', async () => {
  client.on(UpdateCommand).rejects(Object.assign(new Error('x'), { name: 'ProvisionedThroughputExceededException' }));
  await expect(adapter.claim(due, 1000, 900)).rejects.toThrow();
});
