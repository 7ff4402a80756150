import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { invocations } from '../../../../lambda/adapters/cloudwatch/invocations';

describe('traffic', () => {
  const cloudwatch = mockClient(CloudWatchClient);
  beforeEach(() => cloudwatch.reset());
  const window = (functionName: string, minutes = 30) => ({
    functionName,
    fromMs: 1_000_000_000 - minutes * 60_000,
    toMs: 1_000_000_000,
  });

  test.each([
    [
      'no points of a complete answer are no calls',
      [{ StatusCode: 'Complete', Values: [] }],
      { kind: 'known', value: 0 },
    ],
    ['points are summed', [{ StatusCode: 'Complete', Values: [1, 2] }], { kind: 'known', value: 3 }],
    ['trap 21: a partial answer is unknown', [{ StatusCode: 'PartialData', Values: [] }], { kind: 'unavailable' }],
    ['trap 21: so is an error', [{ StatusCode: 'InternalError', Values: [] }], { kind: 'unavailable' }],
    ['trap 21: and no answer', [], { kind: 'unavailable' }],
    ['and a count below zero', [{ StatusCode: 'Complete', Values: [-1] }], { kind: 'unavailable' }],
  ])('%s', async (_what, results, expected) => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolves({ MetricDataResults: results.map((one) => ({ Id: 'f0', ...one })) } as never);
    expect((await invocations().invocations([window('models')])).get('models')).toMatchObject(expected);
  });

  test('over pages the last word counts; windows of one length go together', async () => {
    cloudwatch
      .on(GetMetricDataCommand)
      .resolvesOnce({ MetricDataResults: [{ Id: 'f0', StatusCode: 'PartialData', Values: [1] }], NextToken: 'n' })
      .resolvesOnce({
        MetricDataResults: [
          { Id: 'f0', StatusCode: 'Complete', Values: [1] },
          { Id: 'f1', StatusCode: 'Complete', Values: [] },
        ],
      })
      .resolves({ MetricDataResults: [{ Id: 'f0', StatusCode: 'Complete', Values: [7] }] });
    const found = await invocations().invocations([window('a'), window('b'), window('c', 60)]);
    expect([...found]).toEqual([
      ['a', { kind: 'known', value: 2 }],
      ['b', { kind: 'known', value: 0 }],
      ['c', { kind: 'known', value: 7 }],
    ]);
  });
});
