import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { alarmName, dashboardName, type ShownEnvironment } from '../config';
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, metrics, type MetricDefinition } from '../core/metrics';
import { NANO_PER_USD, formatUsd } from '../core/money';
import type { Alerts } from './alerts';
import type { GuardFunction } from './guard-function';

export interface DashboardProps {
  /** Whose stack it is in: its models and functions are shown too. */
  readonly environment: string;
  /** All of the account and Region, this one among them. */
  readonly shown: readonly ShownEnvironment[];
  /** What CloudWatch's ModelId dimension holds for each model: the profile's id, or the id that is called. */
  readonly models: readonly { readonly name: string; readonly metricId: string }[];
  readonly functions: readonly GuardFunction[];
  readonly alerts: Alerts;
}

const FULL_WIDTH = 24;
const HALF_WIDTH = 12;
const THIRD_WIDTH = 8;
const GRAPH_HEIGHT = 6;
/** The bill comes once a day. */
const BILL_PERIOD = Duration.days(1);
/** The meter reads every 15 minutes at the latest. */
const METER_PERIOD = Duration.minutes(15);
const HOUR = Duration.hours(1);

/**
 * What a person on call looks at first, over all environments of an account and Region; of the one that carries it also its models
 * and functions, whose names no other stack knows.
 */
export class Dashboard extends Construct {
  private readonly environment: string;

  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    this.environment = props.environment;
    const dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: dashboardName(props.environment, Stack.of(this).region),
      defaultInterval: Duration.days(14),
    });
    dashboard.addWidgets(this.alarmStatus(props));
    for (const one of props.shown) dashboard.addWidgets(...this.spend(one));
    dashboard.addWidgets(...this.tokens(props.models));
    dashboard.addWidgets(...this.findings());
    dashboard.addWidgets(...this.runs(props.functions));
  }

  /** Those of the other environments by name: each has the alarms of this one. */
  private alarmStatus({ environment, shown, alerts }: DashboardProps): cloudwatch.AlarmStatusWidget {
    const stack = Stack.of(this);
    const others = shown.filter(({ name }) => name !== environment);
    const theirs = others.flatMap(({ name }) =>
      alerts.named.map((what) => {
        const resourceName = alarmName(name, what);
        const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
        const arn = stack.formatArn({ service: 'cloudwatch', resource: 'alarm', resourceName, arnFormat });
        return cloudwatch.Alarm.fromAlarmArn(this, resourceName, arn);
      }),
    );
    const alarms = [...alerts.alarms, ...theirs];
    return new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms, width: FULL_WIDTH, height: 4 });
  }

  private spend({ name, limit: nanoUsd, thresholds }: ShownEnvironment): readonly cloudwatch.IWidget[] {
    const limit = nanoUsd / NANO_PER_USD;
    return [
      new cloudwatch.GraphWidget({
        title: `${name}: month to date (limit ${formatUsd(nanoUsd)})`,
        left: [
          own(metrics.meterMonthToDateUsd, 'meter, US dollars', METER_PERIOD, name),
          own(metrics.billMonthToDateUsd, 'bill, US dollars', BILL_PERIOD, name),
        ],
        leftYAxis: { min: 0, showUnits: false, label: 'US dollars' },
        leftAnnotations: [
          { value: limit, label: 'limit' },
          ...thresholds
            .filter(({ effect, basis }) => basis === 'actual' && effect !== 'notify')
            .map(({ effect, atPercent }) => ({ value: (limit * atPercent) / 100, label: `${effect} ${atPercent}%` })),
        ],
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      }),
      new cloudwatch.SingleValueWidget({
        title: `${name}: now`,
        metrics: [
          own(metrics.billPercentOfLimit, 'Percent of the limit', BILL_PERIOD, name),
          own(metrics.blindLines, 'Lines that cannot see', BILL_PERIOD, name),
          own(metrics.meterMonthToDateUsd, 'Meter, US dollars', METER_PERIOD, name),
        ],
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      }),
    ];
  }

  private tokens(models: DashboardProps['models']): readonly cloudwatch.IWidget[] {
    const graph = (what: string, metricName: string) =>
      new cloudwatch.GraphWidget({
        title: `${this.environment}: ${what} tokens`,
        left: models.map(
          ({ name, metricId }) =>
            new cloudwatch.Metric({
              namespace: 'AWS/Bedrock',
              metricName,
              dimensionsMap: { ModelId: metricId },
              statistic: 'Sum',
              period: Duration.minutes(5),
              label: name,
            }),
        ),
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      });
    return [graph('input', 'InputTokenCount'), graph('output', 'OutputTokenCount')];
  }

  private findings(): readonly cloudwatch.IWidget[] {
    const hourly = (metric: MetricDefinition, label: string) => own(metric, label, HOUR, this.environment);
    const graph = (what: string, left: cloudwatch.Metric[], right: cloudwatch.Metric[] = []) =>
      new cloudwatch.GraphWidget({
        title: `${this.environment}: ${what}`,
        left,
        right,
        width: THIRD_WIDTH,
        height: GRAPH_HEIGHT,
      });
    return [
      graph('findings', [
        hourly(metrics.findings, 'all that raise the alarm'),
        hourly(metrics.meterBlind, 'the meter is blind'),
        hourly(metrics.meterLeaks, 'spend after a stop'),
        hourly(metrics.openPrincipals, 'without the switch'),
        hourly(metrics.driftRepairs, 'the switch, repaired'),
        hourly(metrics.unattributedModels, 'models without a price'),
        hourly(metrics.meterDrift, 'models that meter and bill differ on'),
      ]),
      graph(
        'health check',
        [
          hourly(metrics.healthFailures, 'failed'),
          hourly(metrics.healthWarnings, 'warnings'),
          hourly(metrics.healthUnknown, 'not checked'),
          hourly(metrics.canaryFailures, 'canary not answered'),
        ],
        [hourly(metrics.slowestModel, 'slowest model, ms')],
      ),
      graph(
        'provisioned concurrency',
        [
          hourly(metrics.sleepingFunctions, 'asleep'),
          hourly(metrics.concurrencyFailures, 'could not be changed or read'),
        ],
        [hourly(metrics.concurrencySavedUsdPerHour, 'US dollars saved an hour')],
      ),
    ];
  }

  private runs(functions: readonly GuardFunction[]): readonly cloudwatch.IWidget[] {
    const graph = (title: string, metric: (one: GuardFunction) => cloudwatch.Metric) =>
      new cloudwatch.GraphWidget({
        title: `${this.environment}: ${title} of the guard`,
        left: functions.map((one) => metric(one).with({ label: one.feature })),
        width: THIRD_WIDTH,
        height: GRAPH_HEIGHT,
      });
    return [
      graph('runs', (one) => one.metricInvocations(HOUR)),
      graph('errors', (one) => one.metricErrors(HOUR)),
      graph('throttles', (one) => one.metricThrottles(HOUR)),
    ];
  }
}

function own(metric: MetricDefinition, label: string, period: Duration, environment: string): cloudwatch.Metric {
  return new cloudwatch.Metric({
    namespace: METRIC_NAMESPACE,
    metricName: metric.name,
    dimensionsMap: { [ENVIRONMENT_DIMENSION]: environment },
    statistic: 'Maximum',
    period,
    label,
  });
}
