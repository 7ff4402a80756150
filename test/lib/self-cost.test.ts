import { runsPerMonth } from '../../lib/self-cost';
import { countsOf } from '../helpers/counts';
import { ALONE, environmentOf } from '../helpers/stack';

const dev = environmentOf('dev');
const counts = countsOf(dev);

test('counts what is in the stack', () => {
  expect(counts).toMatchObject({
    dashboards: 0,
    customMetricHours: 0,
    budgetsWithAction: 1,
    costExplorerRequests: 62,
    sesMails: 0,
  });
  // Eight of the guard's own health, and the one that tells the meter of activity; whoever adds one says why here.
  expect(counts.alarmMetrics).toBe(8 + 1);
  expect(counts.functionRuns).toBe(counts.schedulerRuns);
  // Three figures a day and two an hour.
  const shown = { dashboards: 1, customMetricHours: 3 * 31 + 2 * 744 };
  expect(countsOf(environmentOf('dev', { dashboard: true }))).toMatchObject(shown);
  expect(countsOf(environmentOf('dev', { billAction: 'none' })).budgetsWithAction).toBe(0);
});

test('trap 46: what the meter asks for by name is counted: five series a model and two of the canary, and nine once they are used', () => {
  const { length: models } = dev.models;
  expect(counts.metricQueries).toEqual({
    idle: 744 * (17 + 5 * models + 2),
    busy: 744 * (60 + 4 * (9 * models + 2)),
    smallCalls: 744 * (60 + 60 * (9 * models + 2)),
  });
  // Of several Regions each is asked each minute.
  const gates = (more: Readonly<Record<string, unknown>>) => countsOf(environmentOf('dev', more)).metricQueries.idle;
  const [one, two] = [['us-east-1'], ['us-east-1', 'us-west-2']].map((meterRegions) => ({ meterRegions }));
  expect(gates({ ...one, activityAlarm: false }) - gates({ ...one })).toBe(744 * 43);
  expect(gates({ ...two, activityAlarm: false }) - gates({ ...two })).toBe(0);
});

test.each(['dev', 'staging', 'prod'])(
  '%s has one budget with an action: the one whose action denies its own principals',
  (name) => {
    expect(countsOf(environmentOf(name)).budgetsWithAction).toBe(1);
  },
);

test('Cost Explorer is asked two questions a day, with profiles and without', () => {
  expect(countsOf(environmentOf('dev', ALONE)).costExplorerRequests).toBe(62);
});

test('and one more with a tag of IAM principals; an invocation log is asked elsewhere', () => {
  const requests = (spenders: object) => countsOf(environmentOf('dev', { spenders })).costExplorerRequests;
  expect(requests({ principalTag: 'team' })).toBe(93);
  expect(requests({ invocationLogs: { logGroup: '/bedrock' } })).toBe(62);
});

test('where what a call can cost is not known, the meter reads each minute while there are any', () => {
  const direct = environmentOf('dev', { ...ALONE, metering: 'account' });
  const { idle, busy } = countsOf(direct).metricQueries;
  const most = counts.metricQueries;
  expect(busy).toBeGreaterThan(10 * most.busy);
  expect(idle).toBeGreaterThan(4 * most.idle);
});

test('a word of the meter every four minutes, and what its looks at the activity alarm leave', () => {
  const writes = (activityAlarm: boolean) => countsOf(environmentOf('dev', { activityAlarm })).stateWrites;
  expect(writes(false)).toEqual({ idle: 744 * 15 * 5, busy: 744 * 16 * 5 });
  expect(writes(true)).toEqual({ idle: 744 * 19 * 5, busy: 744 * 16 * 5 });
});

test.each([
  ['rate(1 minute)', 44_640],
  ['rate(15 minutes)', 2_976],
  ['rate(1 hour)', 744],
  ['rate(2 days)', 16],
  ['cron(0 8 * * ? *)', 31],
])('%s runs %i times in 31 days', (expression, runs) => {
  expect(runsPerMonth(expression)).toBe(runs);
});

test('a schedule it cannot count is an error, not free', () => {
  expect(() => runsPerMonth('cron(0/5 * * * ? *)')).toThrow(/cannot count the runs/);
});
