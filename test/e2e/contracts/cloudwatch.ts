import {
  CloudWatchClient,
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  PutMetricDataCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { alarms } from '../../../lambda/adapters/cloudwatch/alarms';
import { usageMetrics } from '../../../lambda/adapters/cloudwatch/usage-metrics';
import { invocations } from '../../../lambda/adapters/cloudwatch/invocations';
import type { AlarmsSubject } from '../../contracts/suites/alarms';
import type { TrafficSubject } from '../../contracts/suites/traffic';
import type { UsageMetricsSubject } from '../../contracts/suites/usage-metrics';
import { unique } from '../emulator/support';
import type { Account } from './account';

interface Datum {
  readonly namespace: string;
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly at: number;
  readonly value: number;
  readonly unit?: 'None' | 'Count' | undefined;
}

async function put(account: Account, region: string, datum: Datum): Promise<void> {
  const { namespace, metric, dimensions, at, value, unit = 'Count' } = datum;
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }));
  const point = { MetricName: metric, Dimensions, Timestamp: new Date(at), Value: value, Unit: unit };
  await account
    .client(CloudWatchClient, region)
    .send(new PutMetricDataCommand({ Namespace: namespace, MetricData: [point] }));
}

/** Each case has Regions of its own, as the metrics of a Region are nobody else's. */
export async function usage(account: Account): Promise<UsageMetricsSubject> {
  const [region, otherRegion] = [unique('own'), unique('other')];
  let credentials = account.administrator;
  const current = () => usageMetrics((of) => account.client(CloudWatchClient, of, credentials));
  return {
    port: {
      list: (...asked) => current().list(...asked),
      hourly: (...asked) => current().hourly(...asked),
      activity: (...asked) => current().activity(...asked),
    },
    region,
    otherRegion,
    record: (id, at, value, unit) => put(account, id.region, { ...id, at, value, unit }),
    recordCall: (of, at) =>
      put(account, of, { namespace: 'AWS/Bedrock', metric: 'Invocations', dimensions: {}, at, value: 1 }),
    smallPages: () => account.aws.control.setMetrics({ listPage: 2, pointsPage: 2 }),
    listLate: (minutes) => account.aws.control.setMetrics({ listDelaySeconds: minutes * 60 }),
    age: async () => undefined,
    answerWith: (statusCode) => account.aws.control.setMetrics({ statusCode }),
    async refuse(how) {
      if (how === 'accessDenied') credentials = await account.nobody();
      else {
        const kind = how === 'throttled' ? 'throttle' : 'error';
        await account.refuse(kind, 'cloudwatch:ListMetrics', 'cloudwatch:GetMetricData');
      }
    },
  };
}

export function traffic(account: Account): TrafficSubject {
  const region = unique('traffic');
  return {
    port: invocations(account.client(CloudWatchClient, region)),
    name: () => unique('function'),
    call: (FunctionName, at) =>
      put(account, region, {
        namespace: 'AWS/Lambda',
        metric: 'Invocations',
        dimensions: { FunctionName },
        at,
        value: 1,
      }),
    answerWith: (statusCode) => account.aws.control.setMetrics({ statusCode }),
    throttle: () => account.refuse('throttle', 'cloudwatch:GetMetricData'),
  };
}

export async function activityAlarms(account: Account): Promise<AlarmsSubject> {
  const [region, name] = ['us-east-1', unique('activity')];
  const client = account.client(CloudWatchClient, region);
  let credentials = account.administrator;
  return {
    port: { describe: (arn) => alarms((of) => account.client(CloudWatchClient, of, credentials)).describe(arn) },
    alarmArn: `arn:aws:cloudwatch:${region}:123456789012:alarm:${name}`,
    async put(settings, ActionsEnabled = true) {
      await client.send(
        new PutMetricAlarmCommand({
          AlarmName: name,
          Namespace: settings.namespace,
          MetricName: settings.metric,
          Dimensions: Object.entries(settings.dimensions).map(([Name, Value]) => ({ Name, Value })),
          Statistic: settings.statistic as 'Sum',
          Period: settings.periodSeconds,
          EvaluationPeriods: settings.evaluationPeriods,
          DatapointsToAlarm: settings.datapointsToAlarm,
          ComparisonOperator: settings.comparison as 'GreaterThanThreshold',
          Threshold: settings.threshold,
          TreatMissingData: settings.missingData,
          ActionsEnabled,
        }),
      );
    },
    remove: async () => void (await client.send(new DeleteAlarmsCommand({ AlarmNames: [name] }))),
    turn: async (StateValue) =>
      void (await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue, StateReason: 'test' }))),
    async refuse(how) {
      if (how === 'accessDenied') credentials = await account.nobody();
      else await account.refuse(how === 'throttled' ? 'throttle' : 'error', 'cloudwatch:DescribeAlarms');
    },
  };
}
