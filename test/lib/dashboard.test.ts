import type { Template } from 'aws-cdk-lib/assertions';
import { metrics } from '../../core/metrics';
import { GuardFunction } from '../../lib/guard-function';
import { environmentOf, madeFor, resourcesOf, stackOf, templateFor, templateOf, toldTo } from '../helpers/stack';

interface Widget {
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly unknown[])[];
  };
}

const widgetsOf = (template: Template): readonly Widget[] => {
  const [dashboard] = Object.values(resourcesOf(template, 'AWS::CloudWatch::Dashboard'));
  const parts = dashboard!.Properties['DashboardBody']['Fn::Join'][1] as readonly unknown[];
  const text = parts.map((part) => (typeof part === 'string' ? part : 'x')).join('');
  return (JSON.parse(text) as { widgets: readonly Widget[] }).widgets;
};

const carrying = templateOf('staging', { dashboard: true });
const widgets = widgetsOf(carrying);
const series = widgets.flatMap(({ properties }) => properties.metrics ?? []);

test.each(['dev', 'staging', 'prod'])('%s as shipped has none', (name) => {
  templateOf(name).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
});

test('an environment that is shown in another one’s has none either', () => {
  const { dashboard } = environmentOf('staging', { dashboard: true });
  templateFor({ ...environmentOf('dev'), dashboard: dashboard! }).resourceCountIs('AWS::CloudWatch::Dashboard', 0);
});

test('all environments of the account and Region: spend beside its limit, what the bill says, and every alarm', () => {
  const titles = widgets.map(({ properties: { title } }) => title);
  for (const [name, limit] of [
    ['dev', '$50.00'],
    ['staging', '$100.00'],
    ['prod', '$200.00'],
  ] as const) {
    expect(titles).toContain(`${name}: month to date (limit ${limit})`);
    const own = series.filter((one) => one.includes('SpendGuard') && one.includes(name));
    expect(own.map((one) => one[1])).toEqual(
      expect.arrayContaining([metrics.meterMonthToDateUsd.name, metrics.billMonthToDateUsd.name]),
    );
  }
  const named = Object.values(resourcesOf(carrying, 'AWS::CloudWatch::Alarm'));
  const troubles = named.filter(({ Properties }) => Properties['AlarmActions'] !== undefined);
  const { alarms = [] } = widgets[0]!.properties;
  // The activity alarm goes on and off all day, and is no trouble.
  expect(alarms).toHaveLength(3 * troubles.length);
  for (const { Properties } of troubles) {
    for (const other of ['dev', 'prod']) {
      const name = String(Properties['AlarmName']).replace('staging', other);
      expect(alarms.filter((arn) => arn.endsWith(`:alarm:${name}`))).toHaveLength(1);
    }
  }
});

test('models and functions of the one that carries it, each with its series', () => {
  const { models } = environmentOf('staging', { dashboard: true });
  for (const what of ['input', 'output']) {
    const graph = widgets.find(({ properties: { title } }) => title === `staging: ${what} tokens`);
    expect(graph!.properties.metrics).toHaveLength(models.length);
  }
  for (const what of ['runs', 'errors', 'throttles']) {
    const graph = widgets.find(({ properties: { title } }) => title === `staging: ${what} of the guard`);
    expect(graph!.properties.metrics).toHaveLength(4);
  }
});

test('every metric that only a dashboard reads is shown by it', () => {
  const shown = new Set(series.filter((one) => one.includes('SpendGuard')).map((one) => one[1]));
  const named = Object.values(metrics).map(({ name }) => name);
  expect(named.filter((name) => !shown.has(name))).toEqual([]);
});

test.each([
  ['false', {}],
  ['true', { dashboard: true }],
])('each function that records is told whether a dashboard shows the environment: %s', (told, changes) => {
  const functions = stackOf(environmentOf('dev', changes))
    .node.findAll()
    .filter((one) => one instanceof GuardFunction)
    .filter(({ feature }) => ['spend-meter', 'cost-check', 'health-check', 'auto-stop'].includes(feature));
  expect(functions.map((one) => one.told['DASHBOARD'])).toEqual([told, told, told, told]);
});

test('so are those of an environment that is shown in another one’s', () => {
  const { dashboard } = environmentOf('staging', { dashboard: true });
  const stack = madeFor({ ...environmentOf('dev'), dashboard: dashboard! });
  expect(toldTo(stack, 'cost-check')['DASHBOARD']).toBe('true');
});
