import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import type { UtcDay } from '../../../../core/calendar';
import { spendersState } from '../../../../lambda/adapters/dynamodb/spenders';

const day = (of: string) => of as UtcDay;
const ITEM = {
  ...{
    pk: 'spenders',
    sk: '2026-11-22',
    schemaVersion: 1,
    day: '2026-11-22',
    logGroup: 'g',
    readAt: 1,
    bytesScanned: 0,
  },
  ...{ usage: [], unknown: [], apart: [], expiresAt: 5 },
};

describe('days of who spent it', () => {
  const table = mockClient(DynamoDBDocumentClient);
  const port = spendersState('state', new DynamoDBClient({}));
  beforeEach(() => table.reset());

  test('a day is kept for 400 days under its own key, and says its day once', async () => {
    table.on(PutCommand).resolves({});
    const readAt = Date.parse('2026-11-23T11:00:00Z');
    const tokens = { input: 1, output: 0, cacheRead: 0, cacheWrite: 0 };
    const usage = [{ day: day('2026-11-22'), arn: 'a', modelId: 'm', calls: 1, tokens }];
    await port.keepDay({
      day: day('2026-11-22'),
      logGroup: 'g',
      readAt,
      bytesScanned: 0,
      usage,
      unknown: [],
      apart: [],
    });
    expect(table.commandCalls(PutCommand)[0]!.args[0].input.Item).toMatchObject({
      ...{ pk: 'spenders', sk: '2026-11-22', schemaVersion: 1 },
      usage: [{ arn: 'a', modelId: 'm', calls: 1, tokens }],
      expiresAt: Date.parse('2027-12-28T11:00:00Z') / 1000,
    });
    expect(table.commandCalls(PutCommand)[0]!.args[0].input.Item!['usage'][0]).not.toHaveProperty('day');
  });

  test('all pages of a month come', async () => {
    table
      .on(QueryCommand, { ExclusiveStartKey: undefined })
      .resolves({ Items: [ITEM], LastEvaluatedKey: { pk: 'spenders', sk: '2026-11-22' } })
      .on(QueryCommand, { ExclusiveStartKey: { pk: 'spenders', sk: '2026-11-22' } })
      .resolves({ Items: [{ ...ITEM, sk: '2026-11-23', day: '2026-11-23' }] });
    const days = await port.days(day('2026-11-01'), day('2026-12-01'));
    expect(days.map((one) => one.day)).toEqual(['2026-11-22', '2026-11-23']);
  });

  test.each([
    ['of another version', { schemaVersion: 2 }],
    ['of another day than its key', { day: '2026-11-21' }],
    ['with an amount below zero', { usage: [{ arn: 'a', modelId: 'm', calls: 1, tokens: {}, amount: -1 }] }],
    ['without its usage', { usage: undefined }],
  ])('an item %s is no empty day: it is named, with what to do', async (_what, over) => {
    table.on(QueryCommand).resolves({ Items: [{ ...ITEM, ...over }] });
    await expect(port.days(day('2026-11-01'), day('2026-12-01'))).rejects.toMatchObject({
      code: 'ANSWER_INVALID',
      message: expect.stringMatching(/spenders\/2026-11-22.*delete it/),
    });
  });
});
