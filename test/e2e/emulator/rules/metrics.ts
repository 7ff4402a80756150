import {
  CloudWatchClient,
  GetMetricDataCommand,
  ListMetricsCommand,
  PutMetricDataCommand,
  type GetMetricDataCommandInput,
} from '@aws-sdk/client-cloudwatch';
import type { Emulator } from '../../../../local/emulator';
import type { MetricPoint } from '../../../../local/control';
import { unique, type Rule } from '../support';

const DAY_S = 86_400;
const hour = () => Math.floor(Date.now() / 3_600_000) * 3600;

async function put(emulator: Emulator, bare: boolean, points: readonly MetricPoint[]): Promise<void> {
  if (!bare) return emulator.control.points(points);
  const cloudwatch = emulator.client(CloudWatchClient);
  for (const { namespace, metric, value, dimensions, at } of points) {
    const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
    await cloudwatch.send(
      new PutMetricDataCommand({
        Namespace: namespace,
        MetricData: [{ MetricName: metric, Value: value, Dimensions, Timestamp: new Date(at * 1000) }],
      }),
    );
  }
}

const get = (emulator: Emulator, namespace: string, more: Partial<GetMetricDataCommandInput> = {}) =>
  emulator.client(CloudWatchClient).send(
    new GetMetricDataCommand({
      StartTime: new Date((hour() - 30 * DAY_S) * 1000),
      EndTime: new Date((hour() + 3600) * 1000),
      MetricDataQueries: [
        { Id: 'm', MetricStat: { Metric: { Namespace: namespace, MetricName: 'Tokens' }, Period: 3600, Stat: 'Sum' } },
      ],
      ...more,
    }),
  );

const point = (namespace: string, value: number, at: number, dimensions = {}): MetricPoint => ({
  namespace,
  metric: 'Tokens',
  value,
  dimensions,
  at,
});

export const metricRules: readonly Rule[] = [
  {
    name: 'points older than 14 days count towards the month',
    aws: [7, 5],
    async observe(emulator, bare) {
      const namespace = unique('Old');
      await put(emulator, bare, [point(namespace, 5, hour() - 20 * DAY_S), point(namespace, 7, hour())]);
      return (await get(emulator, namespace)).MetricDataResults?.[0]?.Values;
    },
  },
  {
    name: 'without dimensions only the metric without dimensions is read',
    aws: [1],
    async observe(emulator, bare) {
      const namespace = unique('Dimensions');
      await put(emulator, bare, [point(namespace, 1, hour()), point(namespace, 10, hour(), { ModelId: 'x' })]);
      return (await get(emulator, namespace)).MetricDataResults?.[0]?.Values;
    },
  },
  {
    name: 'the newest comes first unless ScanBy says otherwise',
    aws: { byDefault: [2, 1], ascending: [1, 2] },
    async observe(emulator, bare) {
      const namespace = unique('ScanBy');
      await put(emulator, bare, [point(namespace, 1, hour() - 7200), point(namespace, 2, hour())]);
      const values = async (more = {}) => (await get(emulator, namespace, more)).MetricDataResults?.[0]?.Values;
      return { byDefault: await values(), ascending: await values({ ScanBy: 'TimestampAscending' }) };
    },
  },
  {
    name: 'GetMetricData pages: PartialData until the last page of a series says Complete',
    aws: [
      { status: 'PartialData', values: [1, 2], more: true },
      { status: 'Complete', values: [3], more: false },
    ],
    async observe(emulator, bare) {
      const namespace = unique('Pages');
      await put(
        emulator,
        bare,
        [1, 2, 3].map((value) => point(namespace, value, hour() - (4 - value) * 3600)),
      );
      const pages = [];
      let NextToken: string | undefined;
      do {
        const page = await get(emulator, namespace, { MaxDatapoints: 2, ScanBy: 'TimestampAscending', NextToken });
        NextToken = page.NextToken;
        const { StatusCode, Values } = page.MetricDataResults?.[0] ?? {};
        pages.push({ status: StatusCode, values: Values, more: NextToken !== undefined });
      } while (NextToken);
      return pages;
    },
  },
  {
    name: 'trap 21: a series that cannot be read says so in its StatusCode',
    aws: { inTrouble: ['InternalError', []], afterwards: ['Complete', [1]], math: 'InternalError' },
    async observe(emulator, bare) {
      const namespace = unique('Status');
      await put(emulator, bare, [point(namespace, 1, hour())]);
      const read = async (more = {}) => {
        const { StatusCode, Values } = (await get(emulator, namespace, more)).MetricDataResults?.[0] ?? {};
        return [StatusCode, Values];
      };
      await emulator.control.setMetrics({ statusCode: 'InternalError' });
      const inTrouble = await read();
      await emulator.control.setMetrics({ statusCode: '' });
      const [math] = await read({ MetricDataQueries: [{ Id: 'm', Expression: 'SEARCH("x", "Sum")' }] });
      return { inTrouble, afterwards: await read(), math };
    },
  },
  {
    name: 'ListMetrics pages by 500, a metric for each set of dimensions',
    aws: [500, 1],
    async observe(emulator, bare) {
      const namespace = unique('List');
      const points = Array.from({ length: 501 }, (_, id) => point(namespace, 1, hour(), { ModelId: String(id) }));
      await put(emulator, bare, points);
      const sizes = [];
      let NextToken: string | undefined;
      do {
        const page = await emulator
          .client(CloudWatchClient)
          .send(new ListMetricsCommand({ Namespace: namespace, NextToken }));
        NextToken = page.NextToken;
        sizes.push(page.Metrics?.length);
      } while (NextToken);
      return sizes;
    },
  },
];
