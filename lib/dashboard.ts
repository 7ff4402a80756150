import { Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { dashboardName } from '../config';
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, metrics, type MetricDefinition } from '../core/metrics';
import { NANO_PER_USD, formatUsd, type NanoUsd } from '../core/money';
import type { Threshold } from '../core/stop-lines';
import type { Alerts } from './alerts';
import type { GuardFunction } from './guard-function';

export interface DashboardProps {
  readonly environment: string;
  readonly limit: NanoUsd;
  readonly thresholds: readonly Threshold[];
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

/** What a person on call looks at first: spend against the limit, tokens by model, and whether the guard itself runs. */
export class Dashboard extends Construct {
  constructor(scope: Construct, id: string, props: DashboardProps) {
    super(scope, id);
    const own = (metric: MetricDefinition, label: string, period = BILL_PERIOD) =>
      new cloudwatch.Metric({
        namespace: METRIC_NAMESPACE,
        metricName: metric.name,
        dimensionsMap: { [ENVIRONMENT_DIMENSION]: props.environment },
        statistic: 'Maximum',
        period,
        label,
      });
    const tokens = (metricName: string) =>
      props.models.map(
        ({ name, metricId }) =>
          new cloudwatch.Metric({
            namespace: 'AWS/Bedrock',
            metricName,
            dimensionsMap: { ModelId: metricId },
            statistic: 'Sum',
            period: Duration.minutes(5),
            label: name,
          }),
      );
    const limit = props.limit / NANO_PER_USD;
    const dashboard = new cloudwatch.Dashboard(this, 'Resource', {
      dashboardName: dashboardName(props.environment, Stack.of(this).region),
      defaultInterval: Duration.days(14),
    });
    dashboard.addWidgets(
      new cloudwatch.AlarmStatusWidget({ title: 'Alarms', alarms: props.alerts.alarms, width: FULL_WIDTH, height: 4 }),
    );
    dashboard.addWidgets(
      new cloudwatch.GraphWidget({
        title: `Month to date (limit ${formatUsd(props.limit)})`,
        left: [
          own(metrics.meterMonthToDateUsd, 'meter, US dollars', METER_PERIOD),
          own(metrics.billMonthToDateUsd, 'bill, US dollars'),
        ],
        leftYAxis: { min: 0, showUnits: false, label: 'US dollars' },
        leftAnnotations: [
          { value: limit, label: 'limit' },
          ...props.thresholds
            .filter(({ effect, basis }) => basis === 'actual' && effect !== 'notify')
            .map(({ effect, atPercent }) => ({ value: (limit * atPercent) / 100, label: `${effect} ${atPercent}%` })),
        ],
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      }),
      new cloudwatch.SingleValueWidget({
        title: 'Now',
        metrics: [
          own(metrics.billPercentOfLimit, 'Percent of the limit'),
          own(metrics.blindLines, 'Lines that cannot see'),
          own(metrics.meterMonthToDateUsd, 'Meter, US dollars', METER_PERIOD),
        ],
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      }),
    );
    dashboard.addWidgets(
      new cloudwatch.GraphWidget({
        title: 'Input tokens',
        left: tokens('InputTokenCount'),
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      }),
      new cloudwatch.GraphWidget({
        title: 'Output tokens',
        left: tokens('OutputTokenCount'),
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      }),
    );
    const period = Duration.hours(1);
    dashboard.addWidgets(
      new cloudwatch.GraphWidget({
        title: 'Health check',
        left: [own(metrics.healthFailures, 'failed', period), own(metrics.healthWarnings, 'warnings', period)],
        right: [own(metrics.slowestModel, 'slowest model, ms', period)],
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      }),
      new cloudwatch.GraphWidget({
        title: 'Provisioned concurrency',
        left: [
          own(metrics.sleepingFunctions, 'asleep', period),
          own(metrics.concurrencyFailures, 'could not be changed or read', period),
        ],
        right: [own(metrics.concurrencySavedUsdPerHour, 'US dollars saved an hour', period)],
        width: HALF_WIDTH,
        height: GRAPH_HEIGHT,
      }),
    );
    const ofFunctions = (title: string, metric: (one: GuardFunction) => cloudwatch.Metric) =>
      new cloudwatch.GraphWidget({
        title,
        left: props.functions.map((one) => metric(one).with({ label: one.feature })),
        width: THIRD_WIDTH,
        height: GRAPH_HEIGHT,
      });
    dashboard.addWidgets(
      ofFunctions('Runs of the guard', (one) => one.metricInvocations(period)),
      ofFunctions('Errors of the guard', (one) => one.metricErrors(period)),
      ofFunctions('Throttles of the guard', (one) => one.metricThrottles(period)),
    );
  }
}
