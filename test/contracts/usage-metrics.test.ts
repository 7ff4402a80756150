import { CloudWatchClient, GetMetricDataCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { HOUR_MS, MINUTE_MS } from '../../core/calendar';
import type { SeriesId } from '../../core/meter/types';
import type { UsageMetricsPort } from '../../core/ports/usage-metrics';
import { usageMetrics } from '../../lambda/adapters/usage-metrics';
import { FakeUsageMetrics, type UsageFailure } from '../../simulator/fakes/usage-metrics';
import { REGION, seriesId } from '../helpers/cloudwatch';
import { at } from '../helpers/meter-world';

const FROM = at('2026-11-10T00:00');

interface Subject {
  readonly port: UsageMetricsPort;
  readonly record: (id: SeriesId, at: number, value: number) => void;
  readonly recordCall: (region: string, at: number) => void;
  readonly fail: (failure: UsageFailure) => void;
}

const subjects: readonly (readonly [string, () => Subject])[] = [
  [
    'the fake',
    () => {
      const fake = new FakeUsageMetrics();
      return {
        port: fake,
        record: (id, when, value) => fake.record(id, when, value),
        recordCall: (region, when) => fake.recordCall(region, when),
        fail: (failure) => void fake.failures.set(REGION, failure),
      };
    },
  ],
  ['CloudWatch', cloudWatch],
];

describe.each(subjects)('%s shows what was used', (_name, make) => {
  const input = seriesId();
  const output = seriesId({ metric: 'OutputTokenCount', dimensions: { ModelId: 'abc123', ServiceTier: 'flex' } });

  test('trap 21: lists what costs, of its own Region, with all dimensions', async () => {
    const { port, record } = make();
    const mantle = seriesId({ namespace: 'AWS/BedrockMantle', metric: 'TotalInputTokens', dimensions: { Model: 'm' } });
    const others = [seriesId({ metric: 'Invocations' }), seriesId({ region: 'eu-west-1' })];
    for (const one of [input, output, mantle, ...others]) record(one, FROM, 1);
    expect(new Set(await port.list(REGION))).toEqual(new Set([input, output, mantle]));
    expect(await port.list('ap-south-1')).toEqual([]);
  });

  test('sums whole hours of [from, to), in the order asked for, oldest first', async () => {
    const { port, record } = make();
    for (const [when, value] of [
      [FROM + HOUR_MS + MINUTE_MS, 4],
      [FROM - 1, 100],
      [FROM, 1],
      [FROM + 59 * MINUTE_MS, 2],
      [FROM + 2 * HOUR_MS, 100],
    ] as const) {
      record(input, when, value);
    }
    expect(await port.hourly(REGION, [output, input], FROM, FROM + 2 * HOUR_MS)).toEqual({
      kind: 'complete',
      series: [
        { id: output, points: [] },
        {
          id: input,
          points: [
            { at: FROM, value: 3 },
            { at: FROM + HOUR_MS, value: 4 },
          ],
        },
      ],
    });
  });

  test('one dimension more is another series', async () => {
    const { port, record } = make();
    record(seriesId({ dimensions: { ModelId: 'abc123', ServiceTier: 'flex' } }), FROM, 5);
    const answer = await port.hourly(REGION, [input], FROM, FROM + HOUR_MS);
    expect(answer).toEqual({ kind: 'complete', series: [{ id: input, points: [] }] });
  });

  test('nothing asked for is complete', async () => {
    expect(await make().port.hourly(REGION, [], FROM, FROM + HOUR_MS)).toEqual({ kind: 'complete', series: [] });
  });

  test('the gate says the last minute with calls of [from, to)', async () => {
    const { port, recordCall } = make();
    const gate = () => port.lastActivity(REGION, FROM, FROM + 10 * MINUTE_MS);
    expect(await gate()).toBeUndefined();
    for (const minute of [-1, 10]) recordCall(REGION, FROM + minute * MINUTE_MS);
    recordCall('eu-west-1', FROM + 9 * MINUTE_MS);
    expect(await gate()).toBeUndefined();
    for (const minute of [0, 7.5, 3]) recordCall(REGION, FROM + minute * MINUTE_MS);
    expect(await gate()).toBe(FROM + 7 * MINUTE_MS);
  });

  test.each([
    ['throttled', 'throttled'],
    ['down', 'unavailable'],
    ['accessDenied', 'accessDenied'],
  ] as const)('%s: every question is refused', async (failure, refusal) => {
    const { port, record, fail } = make();
    record(input, FROM, 1);
    fail(failure);
    await expect(port.list(REGION)).rejects.toMatchObject({ name: 'ServiceError', refusal });
    await expect(port.hourly(REGION, [input], FROM, FROM + HOUR_MS)).rejects.toMatchObject({ refusal });
    await expect(port.lastActivity(REGION, FROM, FROM + HOUR_MS)).rejects.toMatchObject({ refusal });
  });

  test('incomplete: lists go on, a read gives nothing, the gate is refused', async () => {
    const { port, record, fail } = make();
    record(input, FROM, 1);
    fail('incomplete');
    expect(await port.list(REGION)).toEqual([input]);
    const read = await port.hourly(REGION, [input], FROM, FROM + HOUR_MS);
    expect(read).toEqual({ kind: 'incomplete', why: expect.stringContaining('PartialData') });
    await expect(port.lastActivity(REGION, FROM, FROM + HOUR_MS)).rejects.toMatchObject({ name: 'ServiceError' });
  });
});

test('the fake forgets in lists only: what is asked for by name is still read', async () => {
  const fake = new FakeUsageMetrics();
  fake.record(seriesId(), FROM, 1);
  fake.forgotten.add('us-east-1 AWS/Bedrock InputTokenCount ModelId=abc123');
  expect(await fake.list(REGION)).toEqual([]);
  const read = await fake.hourly(REGION, [seriesId()], FROM, FROM + HOUR_MS);
  expect(read).toMatchObject({ series: [{ points: [{ value: 1 }] }] });
});

/** CloudWatch's own rules, two series and two points a page, behind the SDK's client. */
function cloudWatch(): Subject {
  const points: { readonly id: SeriesId; readonly at: number; readonly value: number }[] = [];
  let failure: UsageFailure | undefined;
  const refusals = {
    throttled: ['Throttling', 400],
    down: ['InternalServiceFault', 500],
    accessDenied: ['AccessDenied', 403],
  };
  const refuse = () => {
    if (failure === undefined || failure === 'incomplete') return;
    const [name, httpStatusCode] = refusals[failure];
    throw Object.assign(new Error('x'), { name, $metadata: { httpStatusCode } });
  };
  const sameSeries = (one: SeriesId, other: SeriesId) => JSON.stringify(one) === JSON.stringify(other);
  const paged = <T>(all: readonly T[], token: string | undefined, size: number) => {
    const from = Number(token ?? 0);
    return { page: all.slice(from, from + size), ...(from + size < all.length && { NextToken: String(from + size) }) };
  };
  const dimensionsOf = (Dimensions: { Name?: string; Value?: string }[] = []) =>
    Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value])) as Record<string, string>;

  const port = usageMetrics((region) => {
    const client = new CloudWatchClient({ region });
    const mock = mockClient(client);
    mock.on(ListMetricsCommand).callsFake(async ({ Namespace, NextToken }) => {
      refuse();
      const shown = points
        .map((point) => point.id)
        .filter((one) => one.region === region && one.namespace === Namespace);
      const distinct = shown.filter((one, index) => shown.findIndex((other) => sameSeries(one, other)) === index);
      const { page, ...more } = paged(distinct, NextToken, 2);
      const Metrics = page.map(({ namespace, metric, dimensions }) => ({
        ...{ Namespace: namespace, MetricName: metric },
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      }));
      return { Metrics, ...more };
    });
    mock.on(GetMetricDataCommand).callsFake(async ({ MetricDataQueries, StartTime, EndTime, NextToken }) => {
      refuse();
      const parts = MetricDataQueries.flatMap(({ Id, MetricStat: { Metric, Period } }: any) => {
        const asked = { namespace: Metric.Namespace, region, metric: Metric.MetricName };
        const wanted: SeriesId = { ...asked, dimensions: dimensionsOf(Metric.Dimensions) };
        const sums = new Map<number, number>();
        for (const point of points.filter((one) => sameSeries(one.id, wanted))) {
          const start = Math.floor(point.at / (Period * 1000)) * Period * 1000;
          if (start < StartTime.getTime() || start >= EndTime.getTime()) continue;
          sums.set(start, (sums.get(start) ?? 0) + point.value);
        }
        const all = [...sums].sort(([a], [b]) => a - b);
        const chunks = all.length === 0 ? [[]] : all.map((one) => [one]);
        return chunks.map((chunk, index) => ({
          Id,
          StatusCode: failure === 'incomplete' || index < chunks.length - 1 ? 'PartialData' : 'Complete',
          Timestamps: chunk.map(([when]) => new Date(when!)),
          Values: chunk.map(([, value]) => value),
        }));
      });
      const { page, ...more } = paged(parts, NextToken, 2);
      return { MetricDataResults: page as never, ...more };
    });
    return client;
  });
  const calls = (region: string) => seriesId({ region, metric: 'Invocations', dimensions: {} });
  return {
    port,
    record: (one, when, value) => void points.push({ id: one, at: when, value }),
    recordCall: (region, when) => void points.push({ id: calls(region), at: when, value: 1 }),
    fail: (what) => void (failure = what),
  };
}
