import { metrics } from '../../../../core/metrics';
import { EmfMetrics } from '../../../../lambda/adapters/cloudwatch/emf';

test('a metric is one JSON line with its own description', () => {
  const lines: string[] = [];
  new EmfMetrics(
    { onDashboard: true },
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

test('what only a dashboard reads is in the line, and no metric, where there is none', () => {
  const lines: string[] = [];
  const values = [
    { metric: metrics.meterBlind, value: 1 },
    { metric: metrics.findings, value: 1 },
  ];
  const emf = new EmfMetrics(
    { onDashboard: false },
    (line) => lines.push(line),
    () => 1_000,
  );
  emf.record('dev', values, { event: 'x' });
  emf.record('dev', values.slice(0, 1), { event: 'y' });
  const [both, quiet] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(both).toMatchObject({ MeterBlind: 1, Findings: 1 });
  expect(both).toHaveProperty('_aws.CloudWatchMetrics.0.Metrics', [{ Name: 'Findings', Unit: 'Count' }]);
  expect(quiet).toEqual({ event: 'y', Environment: 'dev', MeterBlind: 1 });
});

test('a metric that an app has asked for is sent without a dashboard, and no other with it', () => {
  const lines: string[] = [];
  const emf = new EmfMetrics({ onDashboard: false, asked: ['MeterMonthToDateUsd'] }, (line) => lines.push(line));
  const values = [
    { metric: metrics.meterMonthToDateUsd, value: 12.5 },
    { metric: metrics.meterBlind, value: 1 },
  ];
  emf.record('dev', values, {});
  expect(JSON.parse(lines[0]!)).toHaveProperty('_aws.CloudWatchMetrics.0.Metrics', [
    { Name: 'MeterMonthToDateUsd', Unit: 'None' },
  ]);
});
