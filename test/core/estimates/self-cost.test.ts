import { formatUsd } from '../../../core/money';
import { selfCost, selfCostLines, type SelfCostCounts } from '../../../core/estimates/self-cost';

const nothing: SelfCostCounts = {
  alarmMetrics: 0,
  customMetricHours: 0,
  metricQueries: { idle: 0, busy: 0 },
  stateWrites: { idle: 0, busy: 0 },
  dashboards: 0,
  budgetsWithAction: 0,
  costExplorerRequests: 0,
  functionRuns: 0,
  functionGbSeconds: 0,
  schedulerRuns: 0,
};

const costs = (counts: Partial<SelfCostCounts>, what: RegExp) => {
  const found = selfCost({ ...nothing, ...counts }).find((item) => what.test(item.what))!;
  return [formatUsd(found.freeTierLeft), formatUsd(found.freeTierUsedUp)];
};

test.each<[Partial<SelfCostCounts>, RegExp, [string, string]]>([
  [{ alarmMetrics: 9 }, /alarms/, ['$0.00', '$0.90']],
  [{ alarmMetrics: 10 }, /alarms/, ['$0.00', '$1.00']],
  [{ alarmMetrics: 11 }, /alarms/, ['$0.10', '$1.10']],
  [{ customMetricHours: 9 * 744 }, /custom/, ['$0.00', '$2.70']],
  [{ customMetricHours: 10 * 744 }, /custom/, ['$0.00', '$3.00']],
  [{ customMetricHours: 11 * 744 }, /custom/, ['$0.30', '$3.30']],
  [{ customMetricHours: 31 }, /custom/, ['$0.00', '$0.01']],
  [{ metricQueries: { idle: 44_640, busy: 500_000 } }, /GetMetricData/, ['$0.45', '$0.45']],
  [{ stateWrites: { idle: 1_000_000, busy: 2_000_000 } }, /DynamoDB/, ['$0.63', '$0.63']],
  [{ dashboards: 2 }, /dashboard/, ['$0.00', '$6.00']],
  [{ dashboards: 3 }, /dashboard/, ['$0.00', '$9.00']],
  [{ dashboards: 4 }, /dashboard/, ['$3.00', '$12.00']],
  [{ budgetsWithAction: 1 }, /budgets action/, ['$0.00', '$3.10']],
  [{ budgetsWithAction: 2 }, /budgets action/, ['$0.00', '$6.20']],
  [{ budgetsWithAction: 3 }, /budgets action/, ['$3.10', '$9.30']],
  [{ costExplorerRequests: 62 }, /Cost Explorer/, ['$0.62', '$0.62']],
  [{ functionRuns: 1_000_000 }, /requests \(1000000\)/, ['$0.00', '$0.20']],
  [{ functionRuns: 2_000_000 }, /requests \(2000000\)/, ['$0.20', '$0.40']],
  [{ functionGbSeconds: 400_000 }, /Lambda time/, ['$0.00', '$5.33']],
  [{ schedulerRuns: 14_000_000 }, /Scheduler/, ['$0.00', '$14.00']],
  [{ schedulerRuns: 15_000_000 }, /Scheduler/, ['$1.00', '$15.00']],
  [{ functionGbSeconds: 400_001 }, /Lambda time/, ['<$0.01', '$5.33']],
])('%p: %p costs %p', (counts, what, expected) => {
  expect(costs(counts, what)).toEqual(expected);
});

test('the table adds up, and says what it rests on', () => {
  const lines = selfCostLines({ ...nothing, dashboards: 1, budgetsWithAction: 1 });
  expect(lines.find((line) => line.startsWith('total'))).toMatch(/\$0\.00\s+\$6\.10\s+\$6\.10$/);
  expect(lines.join('\n')).toMatch(/unknown, not in the total: .*assumes list prices/s);
});
