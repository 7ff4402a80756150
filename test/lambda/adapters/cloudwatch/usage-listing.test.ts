import { ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { HOUR_MS, MINUTE_MS } from '../../../../core/calendar';
import type { MinuteCalls } from '../../../../core/meter/ports';
import { usageMetrics } from '../../../../lambda/adapters/cloudwatch/usage-metrics';
import { query, refusal, REGION, result, seriesId } from '../../../helpers/cloudwatch';
import { asked, client, pages, FROM } from './usage-answers';

beforeEach(() => client.reset());

describe('ListMetrics', () => {
  const metric = (Namespace: string, MetricName: string, dimensions: Record<string, string>) => ({
    Namespace,
    MetricName,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
  });

  test('trap 21: both namespaces, all pages, every dimension set; metrics that cost nothing are left out', async () => {
    const tiers = { ModelId: 'abc123', ServiceTier: 'flex', ResolvedServiceTier: 'default' };
    client
      .on(ListMetricsCommand, { Namespace: 'AWS/Bedrock', NextToken: undefined })
      .resolves({
        Metrics: [
          metric('AWS/Bedrock', 'InputTokenCount', { ModelId: 'abc123' }),
          metric('AWS/Bedrock', 'Invocations', { ModelId: 'abc123' }),
          metric('AWS/Bedrock', 'CacheReadInputTokens', tiers),
        ],
        NextToken: 'two',
      })
      .on(ListMetricsCommand, { Namespace: 'AWS/Bedrock', NextToken: 'two' })
      .resolves({
        Metrics: [
          metric('AWS/Bedrock', 'CacheReadInputTokenCount', tiers),
          metric('AWS/Bedrock', 'OutputImageCount', { ModelId: 'abc123' }),
          metric('AWS/Bedrock', 'OutputTokenCount', {}),
        ],
      })
      .on(ListMetricsCommand, { Namespace: 'AWS/BedrockMantle' })
      .resolves({ Metrics: [metric('AWS/BedrockMantle', 'TotalInputTokens', { Model: 'm', Project: 'p' })] });
    expect(await usageMetrics().list(REGION)).toEqual([
      seriesId(),
      seriesId({ metric: 'CacheReadInputTokens', dimensions: tiers }),
      seriesId({ metric: 'CacheReadInputTokenCount', dimensions: tiers }),
      seriesId({ metric: 'OutputImageCount' }),
      seriesId({ metric: 'OutputTokenCount', dimensions: {} }),
      seriesId({
        namespace: 'AWS/BedrockMantle',
        metric: 'TotalInputTokens',
        dimensions: { Model: 'm', Project: 'p' },
      }),
    ]);
  });

  test('one namespace refused: nothing is listed, rather than half of it', async () => {
    client
      .on(ListMetricsCommand)
      .resolves({ Metrics: [] })
      .on(ListMetricsCommand, { Namespace: 'AWS/BedrockMantle' })
      .rejects(refusal('Throttling', 400));
    await expect(usageMetrics().list(REGION)).rejects.toMatchObject({ refusal: 'throttled', errorName: 'Throttling' });
  });

  test('the same page for ever is the service’s fault, not an endless loop', async () => {
    client.on(ListMetricsCommand).resolves({ NextToken: 'again' });
    await expect(usageMetrics().list(REGION)).rejects.toMatchObject({ name: 'ServiceError', refusal: 'unavailable' });
  });
});

describe('the gate', () => {
  const gate = (from = FROM, to = FROM + HOUR_MS) => usageMetrics().activity(REGION, from, to);

  test('asks for one series without dimensions, by minute', async () => {
    pages({ MetricDataResults: [result('s0', 'Complete')] });
    await gate();
    expect(asked()).toMatchObject({ StartTime: new Date(FROM), EndTime: new Date(FROM + HOUR_MS) });
    expect(asked().MetricDataQueries).toEqual([query('s0', [], 'Invocations', 60)]);
  });

  test.each<[string, readonly (readonly [string, number])[], readonly MinuteCalls[]]>([
    ['no points', [], []],
    ['points of zero', [['2026-11-01T00:03', 0]], []],
    [
      'each minute with calls, oldest first',
      [
        ['2026-11-01T00:05', 1],
        ['2026-11-01T00:03', 2],
        ['2026-11-01T00:07', 0],
      ],
      [
        { at: FROM + 3 * MINUTE_MS, calls: 2 },
        { at: FROM + 5 * MINUTE_MS, calls: 1 },
      ],
    ],
  ])('%s', async (_what, points, expected) => {
    pages({ MetricDataResults: [result('s0', 'Complete', ...points)] });
    expect(await gate()).toEqual(expected);
  });

  test.each(['PartialData', 'InternalError', 'Forbidden'])('%s is no answer, not a quiet minute', async (status) => {
    pages({ MetricDataResults: [result('s0', status, ['2026-11-01T00:03', 1])] });
    await expect(gate()).rejects.toMatchObject({ name: 'ServiceError', text: expect.stringContaining(status) });
  });
});
