import { formatUsd, usd } from '../../../core/money';
import {
  busyInSmallCalls,
  guardItself,
  selfCost,
  selfCostLines,
  selfCostTotal,
  type SelfCostCounts,
} from '../../../core/estimates/self-cost';
import { countsOf } from '../../helpers/counts';
import { environmentOf } from '../../helpers/stack';

const nothing: SelfCostCounts = {
  alarmMetrics: 0,
  customMetricHours: 0,
  metricQueries: { idle: 0, busy: 0, smallCalls: 0 },
  stateWrites: { idle: 0, busy: 0 },
  dashboards: 0,
  budgetsWithAction: 0,
  costExplorerRequests: 0,
  sesMails: 0,
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
  [{ metricQueries: { idle: 44_640, busy: 500_000, smallCalls: 500_000 } }, /GetMetricData/, ['$0.45', '$0.45']],
  [{ stateWrites: { idle: 1_000_000, busy: 2_000_000 } }, /DynamoDB/, ['$0.63', '$0.63']],
  [{ dashboards: 2 }, /dashboard/, ['$0.00', '$6.00']],
  [{ dashboards: 3 }, /dashboard/, ['$0.00', '$9.00']],
  [{ dashboards: 4 }, /dashboard/, ['$3.00', '$12.00']],
  [{ budgetsWithAction: 1 }, /budgets action/, ['$0.00', '$3.10']],
  [{ budgetsWithAction: 2 }, /budgets action/, ['$0.00', '$6.20']],
  [{ budgetsWithAction: 3 }, /budgets action/, ['$3.10', '$9.30']],
  [{ costExplorerRequests: 62 }, /Cost Explorer/, ['$0.62', '$0.62']],
  [{ sesMails: 62 }, /SES \(62 mails\)/, ['<$0.01', '<$0.01']],
  [{ functionRuns: 1_000_000 }, /requests \(1000000\)/, ['$0.00', '$0.20']],
  [{ functionRuns: 2_000_000 }, /requests \(2000000\)/, ['$0.20', '$0.40']],
  [{ functionGbSeconds: 400_000 }, /Lambda time/, ['$0.00', '$5.33']],
  [{ schedulerRuns: 14_000_000 }, /Scheduler/, ['$0.00', '$14.00']],
  [{ schedulerRuns: 15_000_000 }, /Scheduler/, ['$1.00', '$15.00']],
  [{ functionGbSeconds: 400_001 }, /Lambda time/, ['<$0.01', '$5.33']],
])('%p: %p costs %p', (counts, what, expected) => {
  expect(costs(counts, what)).toEqual(expected);
});

test('the table adds up, with what is left out by a switch on a line of its own, and says what it rests on', () => {
  const lines = selfCostLines({ ...nothing, dashboards: 1, budgetsWithAction: 1 });
  const cells = (what: string) =>
    lines
      .find((line) => line.startsWith(what))
      ?.slice(what.length)
      .trim()
      .split(/ {2,}/);
  expect(cells('total')).toEqual(['$0.00', '$3.00', '$3.00']);
  expect(cells('at most')).toEqual(['$1.00', '$3.00', '$5.00']);
  expect(cells("apart: budgets action (1), unless billAction: 'none'")).toEqual(['$0.00', '$3.10', '$3.10']);
  expect(lines.join('\n')).toMatch(/unknown, not in the total: .*assumes list prices/s);
  expect(lines.join('\n')).not.toMatch(/Scheduler|alarms/);
});

test.each<[Partial<SelfCostCounts>, readonly string[]]>([
  [{ metricQueries: { idle: 100_000, busy: 500_000, smallCalls: 500_000 } }, ['$1.00', '$3.00', '$5.00']],
  [{ metricQueries: { idle: 100_001, busy: 500_001, smallCalls: 500_001 } }, ['MISSED $1.00', '$3.00', 'MISSED $5.00']],
  [{ metricQueries: { idle: 300_001, busy: 300_001, smallCalls: 300_001 } }, ['MISSED $1.00', 'MISSED $3.00', '$5.00']],
])('a goal is missed from the first nano-dollar above it: %p', (counts, expected) => {
  const goals = selfCostLines({ ...nothing, ...counts }).find((line) => line.startsWith('at most'));
  expect(goals?.slice('at most'.length).trim().split(/ {2,}/)).toEqual(expected);
});

test('what small calls come to is all but the budgets action, with their reads in place of those of calls that are not', () => {
  const counts = {
    ...nothing,
    budgetsWithAction: 3,
    alarmMetrics: 8,
    metricQueries: { idle: 1, busy: 100_000, smallCalls: 900_000 },
  };
  expect(busyInSmallCalls(counts)).toBe(usd('9.8'));
  expect(selfCostLines(counts).at(-1)).toMatch(/up to each minute: \$9\.80 in all$/);
});

test('the budgets action is in none of the totals that are held against a goal', () => {
  const items = selfCost({ ...nothing, budgetsWithAction: 3, alarmMetrics: 8 });
  expect(selfCostTotal(guardItself(items))).toEqual({ freeTierLeft: 0, freeTierUsedUp: usd('0.8'), busy: usd('0.8') });
  expect(selfCostTotal(items).freeTierUsedUp).toBe(usd('10.1'));
});

describe('what the user switches on stands apart, a line each, and misses no goal of the guard itself', () => {
  const linesOf = (more: Readonly<Record<string, unknown>>) =>
    selfCostLines(countsOf(environmentOf('dev', more))).map((line) => line.split(/ {2,}/));
  const lineOf = (lines: readonly string[][], what: string) => lines.find(([first]) => first?.startsWith(what));
  const plain = linesOf({});

  test('a tag of IAM principals', () => {
    const lines = linesOf({ spenders: { principalTag: 'team' } });
    const apart = 'apart: Cost Explorer by tag (31 requests), unless spenders.principalTag is left out';
    expect(lineOf(lines, apart)?.slice(1)).toEqual(['$0.31', '$0.31', '$0.31']);
    for (const what of ['Cost Explorer (62 requests)', 'total', 'at most']) {
      expect(lineOf(lines, what)).toEqual(lineOf(plain, what));
    }
    expect(lineOf(plain, 'at most')?.join()).not.toContain('MISSED');
    expect(lineOf(plain, 'apart: Cost Explorer')).toBeUndefined();
  });

  test('mails by SES', () => {
    const report = { at: '08:00', timeZone: 'UTC', html: { from: 'spend@example.com' } };
    const lines = linesOf({ report });
    expect(lines.map(([first]) => first)).toContainEqual(
      expect.stringMatching(/^apart: SES \(\d+ mails\), unless report\.html is left out$/),
    );
    expect(lineOf(lines, 'total')).toEqual(lineOf(plain, 'total'));
    expect(lineOf(plain, 'apart: SES')).toBeUndefined();
  });
});
