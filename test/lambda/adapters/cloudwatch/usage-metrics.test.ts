import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  type GetMetricDataCommandInput,
  type GetMetricDataCommandOutput,
} from '@aws-sdk/client-cloudwatch';
import type { SeriesId } from '../../../../core/meter/types';
import { usageMetrics } from '../../../../lambda/adapters/cloudwatch/usage-metrics';
import { query, refusal, REGION, result, seriesId, seriesIds } from '../../../helpers/cloudwatch';
import { at } from '../../../helpers/meter-world';
import { asked, client, pages, FROM, TO } from './usage-answers';

beforeEach(() => client.reset());

const hourly = (series: readonly SeriesId[]) => usageMetrics().hourly(REGION, series, FROM, TO);

describe('GetMetricData by the hour', () => {
  test('asks for sums by hour of [from, to), the oldest first, in whatever unit they are', async () => {
    const strange = seriesId({
      dimensions: { ModelId: 'arn:aws:bedrock:us-east-1:1:application-inference-profile/a b"c' },
    });
    pages({ MetricDataResults: [result('s0', 'Complete'), result('s1', 'Complete')] });
    await hourly([seriesId({ dimensions: {} }), strange]);
    const { MetricDataQueries, ...window } = asked();
    expect(window).toEqual({ StartTime: new Date(FROM), EndTime: new Date(TO), ScanBy: 'TimestampAscending' });
    expect(MetricDataQueries).toEqual([
      query('s0', []),
      query('s1', [{ Name: 'ModelId', Value: strange.dimensions['ModelId'] }]),
    ]);
    for (const { Id } of MetricDataQueries!) expect(Id).toMatch(/^[a-z][a-zA-Z0-9_]*$/);
  });

  test('an answer comes with its series, without a unit, which it does not name', async () => {
    pages({
      MetricDataResults: [
        // Not in the order asked for.
        result('s1', 'Complete', ['2026-11-02T05:00', 7]),
        result('s0', 'Complete', ['2026-11-01T00:00', 1], ['2026-11-10T12:00', 2.5]),
        result('s2', 'Complete'),
      ],
    });
    const [a, b, c] = [seriesId(), seriesId({ metric: 'OutputTokenCount' }), seriesId({ dimensions: {} })];
    expect(await hourly([a, b, c])).toStrictEqual({
      kind: 'complete',
      series: [
        {
          id: a,
          points: [
            { at: FROM, value: 1 },
            { at: at('2026-11-10T12:00'), value: 2.5 },
          ],
        },
        { id: b, points: [{ at: at('2026-11-02T05:00'), value: 7 }] },
        { id: c, points: [] },
      ],
    });
  });

  test.each([
    [1, [1]],
    [499, [499]],
    [500, [500]],
    [501, [500, 1]],
    [1000, [500, 500]],
    [1001, [500, 500, 1]],
  ])('%i series go in requests of %p', async (count, sizes) => {
    client.on(GetMetricDataCommand).callsFake(async ({ MetricDataQueries = [] }: GetMetricDataCommandInput) => ({
      MetricDataResults: MetricDataQueries.map(({ Id, MetricStat }) => ({
        ...{ Id, StatusCode: 'Complete', Timestamps: [new Date(FROM)] },
        Values: [Number(MetricStat!.Metric!.Dimensions![0]!.Value!.slice(1))],
      })),
    }));
    const answer = await hourly(seriesIds(count));
    expect(client.commandCalls(GetMetricDataCommand).map((_, call) => asked(call).MetricDataQueries?.length)).toEqual(
      sizes,
    );
    // Each value still stands by its own series.
    expect(answer).toEqual({
      kind: 'complete',
      series: seriesIds(count).map((one, value) => ({ id: one, points: [{ at: FROM, value }] })),
    });
  });

  test('nothing asked for is complete, and asks nothing', async () => {
    expect(await hourly([])).toEqual({ kind: 'complete', series: [] });
    expect(client.calls()).toHaveLength(0);
  });

  test('a series that goes on over pages: PartialData, then Complete', async () => {
    pages(
      { MetricDataResults: [result('s0', 'PartialData', ['2026-11-01T00:00', 1]), result('s1', 'Complete')] },
      { MetricDataResults: [] },
      { MetricDataResults: [result('s0', 'Complete', ['2026-11-01T01:00', 2], ['2026-11-01T02:00', 3])] },
    );
    expect(await hourly(seriesIds(2))).toMatchObject({
      kind: 'complete',
      series: [{ points: [{ value: 1 }, { value: 2 }, { value: 3 }] }, { points: [] }],
    });
    expect([0, 1, 2].map((call) => asked(call).NextToken)).toEqual([undefined, '1', '2']);
  });

  const fine = result('s0', 'Complete', ['2026-11-01T00:00', 1]);
  test.each<[string, readonly Partial<GetMetricDataCommandOutput>[], RegExp]>([
    ['PartialData and nothing after it', [{ MetricDataResults: [fine, result('s1', 'PartialData')] }], /PartialData/],
    [
      'Complete, and PartialData after it',
      [{ MetricDataResults: [fine, result('s1', 'Complete')] }, { MetricDataResults: [result('s1', 'PartialData')] }],
      /PartialData/,
    ],
    ['InternalError', [{ MetricDataResults: [fine, result('s1', 'InternalError')] }], /InternalError/],
    ['Forbidden', [{ MetricDataResults: [fine, result('s1', 'Forbidden')] }], /Forbidden/],
    ['a status that nobody knows', [{ MetricDataResults: [fine, result('s1', 'Fine')] }], /Fine/],
    ['no status', [{ MetricDataResults: [fine, { Id: 's1' }] }], /no answer/],
    ['a series that is missing', [{ MetricDataResults: [fine] }], /no answer for .*ModelId=m1/],
    ['no results at all', [{}], /no answer/],
    [
      'a message about the whole request',
      [{ MetricDataResults: [fine, result('s1', 'Complete')], Messages: [{ Code: 'Limit', Value: 'too many' }] }],
      /Limit \(too many\)/,
    ],
    [
      'a message about one series',
      [{ MetricDataResults: [fine, { ...result('s1', 'Complete'), Messages: [{ Code: 'Dropped' }] }] }],
      /Dropped for .*ModelId=m1/,
    ],
    [
      'a result that nobody asked for',
      [{ MetricDataResults: [fine, result('s1', 'Complete'), result('s2', 'Complete')] }],
      /nobody asked for/,
    ],
    [
      'a value without a time',
      [{ MetricDataResults: [fine, { ...result('s1', 'Complete'), Values: [1] }] }],
      /without a time/,
    ],
    [
      'the same hour twice',
      [
        { MetricDataResults: [result('s1', 'Complete'), result('s0', 'PartialData', ['2026-11-01T00:00', 1])] },
        { MetricDataResults: [fine] },
      ],
      /the same time twice/,
    ],
  ])('trap 21: %s is incomplete, and nothing of it is used', async (_what, all, why) => {
    pages(...all);
    expect(await hourly(seriesIds(2))).toEqual({ kind: 'incomplete', why: expect.stringMatching(why) });
  });

  test('InternalError, then Complete on the next page, is complete', async () => {
    pages(
      { MetricDataResults: [result('s0', 'InternalError')] },
      { MetricDataResults: [result('s0', 'Complete', ['2026-11-01T00:00', 1])] },
    );
    expect(await hourly(seriesIds(1))).toMatchObject({ kind: 'complete', series: [{ points: [{ value: 1 }] }] });
  });

  test('one request of two is incomplete: so is the whole answer', async () => {
    client.on(GetMetricDataCommand).callsFake(async ({ MetricDataQueries = [] }: GetMetricDataCommandInput) => ({
      MetricDataResults: MetricDataQueries.map(({ Id }) =>
        result(Id!, MetricDataQueries.length === 1 ? 'PartialData' : 'Complete'),
      ),
    }));
    expect(await hourly(seriesIds(501))).toMatchObject({ kind: 'incomplete' });
  });

  test.each([
    ['Throttling', 400, 'throttled'],
    ['ThrottlingException', 400, 'throttled'],
    ['AccessDenied', 403, 'accessDenied'],
    ['InternalServiceFault', 500, 'unavailable'],
    ['InvalidParameterValueException', 400, 'invalid'],
  ])('%s is a ServiceError, whichever page it comes on', async (name, status, expected) => {
    const first = { MetricDataResults: [result('s0', 'PartialData')], NextToken: 'two' };
    client.on(GetMetricDataCommand).resolvesOnce(first).rejects(refusal(name, status));
    await expect(hourly(seriesIds(1))).rejects.toMatchObject({
      name: 'ServiceError',
      refusal: expected,
      errorName: name,
    });
  });

  test('no answer in time is a ServiceError: the request is given a signal', async () => {
    client.on(GetMetricDataCommand).rejects(Object.assign(new Error('aborted'), { name: 'AbortError' }));
    await expect(hourly(seriesIds(1))).rejects.toMatchObject({ refusal: 'timedOut' });
    expect((client.commandCalls(GetMetricDataCommand)[0]!.args as unknown[])[1]).toMatchObject({
      abortSignal: expect.any(AbortSignal),
    });
  });
});

test('trap 21: metrics are regional: one client a Region, made once and kept', async () => {
  client.on(ListMetricsCommand).resolves({});
  client.on(GetMetricDataCommand).resolves({ MetricDataResults: [result('s0', 'Complete')] });
  const made: string[] = [];
  const usage = usageMetrics((region) => {
    made.push(region);
    return new CloudWatchClient({ region });
  });
  for (const region of ['us-east-1', 'eu-west-1', 'us-east-1']) {
    await usage.list(region);
    await usage.hourly(region, [seriesId({ region })], FROM, TO);
  }
  expect(made).toEqual(['us-east-1', 'eu-west-1']);
});
