import { metrics } from '../../../../core/metrics';
import { EmfMetrics } from '../../../../lambda/adapters/cloudwatch/emf';

test('a metric is one JSON line with its own description', () => {
  const lines: string[] = [];
  new EmfMetrics(
    (line) => lines.push(line),
    () => 1_000,
  ).record('dev', [{ metric: metrics.billPercentOfLimit, value: 62 }], { event: 'x' });
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    {
      event: 'x',
      Environment: 'dev',
      BillPercentOfLimit: 62,
      _aws: {
        Timestamp: 1_000,
        CloudWatchMetrics: [
          {
            Namespace: 'SpendGuard',
            Dimensions: [['Environment']],
            Metrics: [{ Name: 'BillPercentOfLimit', Unit: 'Percent' }],
          },
        ],
      },
    },
  ]);
});
