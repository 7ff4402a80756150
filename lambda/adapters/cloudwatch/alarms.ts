import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import type { AlarmDescription, AlarmsPort } from '../../../core/meter';
import { ServiceError } from '../../../core/errors';
import { timeout } from '../pace';
import { perRegion, regionOf } from '../regional';
import { calling } from '../service-error';

const REQUEST_MS = 4_000;
const STATES: readonly unknown[] = ['OK', 'ALARM', 'INSUFFICIENT_DATA'];

/** @param clientFor called once a Region */
export function alarms(
  clientFor: (region: string) => CloudWatchClient = (region) => new CloudWatchClient({ region, maxAttempts: 2 }),
): AlarmsPort {
  const clientOf = perRegion(clientFor);
  return {
    async describe(alarmArn) {
      const client = clientOf(regionOf(alarmArn));
      // Of composite alarms only `*` may ask, so they are left out:
      // https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html, read 2026-11-29.
      const command = new DescribeAlarmsCommand({ AlarmNames: [nameOf(alarmArn)], AlarmTypes: ['MetricAlarm'] });
      const { MetricAlarms = [] } = await calling(() => client.send(command, { abortSignal: timeout(REQUEST_MS) }));
      const found = MetricAlarms.find(({ AlarmArn }) => AlarmArn === alarmArn);
      if (found === undefined) return undefined;
      const { StateValue, StateTransitionedTimestamp: changed, Dimensions = [], EvaluationPeriods } = found;
      if (!STATES.includes(StateValue)) {
        throw new ServiceError('other', 'UnknownState', `${alarmArn} is in state ${String(StateValue)}`);
      }
      return {
        state: StateValue as AlarmDescription['state'],
        dimensions: Object.fromEntries(Dimensions.map(({ Name = '', Value = '' }) => [Name, Value])),
        ...defined({
          changedAt: changed?.getTime(),
          namespace: found.Namespace,
          metric: found.MetricName,
          statistic: found.Statistic,
          periodSeconds: found.Period,
          evaluationPeriods: EvaluationPeriods,
          datapointsToAlarm: found.DatapointsToAlarm ?? EvaluationPeriods,
          comparison: found.ComparisonOperator,
          threshold: found.Threshold,
          missingData: found.TreatMissingData,
        }),
      };
    },
  };
}

/** `arn:aws:cloudwatch:Region:account:alarm:name`; a name may hold colons. */
function nameOf(alarmArn: string): string {
  return alarmArn.split(':').slice(6).join(':');
}

type Defined<T> = { readonly [Key in keyof T]?: Exclude<T[Key], undefined> };

/** Without what CloudWatch does not say. */
function defined<T extends object>(values: T): Defined<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<T>;
}
