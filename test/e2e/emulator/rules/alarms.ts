import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { ACCOUNT, REGION, type Emulator } from '../../../../local/emulator';
import { raw, unique, type Rule } from '../support';

/** SQS has no client among the dependencies. */
async function sqs<T>(emulator: Emulator, operation: string, body: object): Promise<T> {
  const { text } = await raw(emulator, 'sqs', {
    method: 'POST',
    path: '/',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` },
    body: JSON.stringify(body),
  });
  return JSON.parse(text) as T;
}

async function alarmOf(emulator: Emulator) {
  const cloudwatch = emulator.client(CloudWatchClient);
  const AlarmName = unique('alarm');
  await cloudwatch.send(
    new PutMetricAlarmCommand({
      ...{ AlarmName, Namespace: unique('Namespace'), MetricName: 'Calls', Statistic: 'Sum', Period: 60 },
      ...{ EvaluationPeriods: 1, Threshold: 1, ComparisonOperator: 'GreaterThanOrEqualToThreshold' },
      ActionsEnabled: false,
    }),
  );
  return {
    AlarmName,
    turn: (StateValue: 'OK' | 'ALARM') =>
      cloudwatch.send(new SetAlarmStateCommand({ AlarmName, StateValue, StateReason: 'test' })),
    describe: async () =>
      (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames: [AlarmName] }))).MetricAlarms?.[0],
  };
}

export const alarmRules: readonly Rule[] = [
  {
    name: 'a change of state is an event on the default bus, also with actions off',
    aws: [['CloudWatch Alarm State Change', 'OK', 'ALARM', true]],
    async observe(emulator) {
      const { AlarmName, turn } = await alarmOf(emulator);
      await turn('OK');
      const events = emulator.client(EventBridgeClient);
      const [Name, QueueName] = [unique('rule'), unique('told')];
      const { QueueUrl } = await sqs<{ QueueUrl: string }>(emulator, 'CreateQueue', { QueueName });
      const alarmArn = `arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:${AlarmName}`;
      const pattern = { source: ['aws.cloudwatch'], resources: [alarmArn], detail: { state: { value: ['ALARM'] } } };
      await events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }));
      const Arn = `arn:aws:sqs:${REGION}:${ACCOUNT}:${QueueName}`;
      await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: 'queue', Arn }] }));
      // To the same state is no change.
      for (const state of ['OK', 'ALARM', 'ALARM'] as const) await turn(state);
      const { Messages = [] } = await sqs<{ Messages?: { Body: string }[] }>(emulator, 'ReceiveMessage', {
        QueueUrl,
        MaxNumberOfMessages: 10,
      });
      return Messages.map(({ Body }) => {
        const { detail, resources, ...event } = JSON.parse(Body) as {
          'detail-type': string;
          resources: readonly string[];
          detail: { alarmName: string; state: { value: string }; previousState: { value: string } };
        };
        const isOwn = resources.join() === alarmArn && detail.alarmName === AlarmName;
        return [event['detail-type'], detail.previousState.value, detail.state.value, isOwn];
      });
    },
  },
  {
    name: 'an alarm says when it last changed its state',
    aws: true,
    async observe(emulator) {
      const { turn, describe } = await alarmOf(emulator);
      const before = Date.now() - 1000;
      await turn('ALARM');
      const at = (await describe())?.StateTransitionedTimestamp?.getTime() ?? 0;
      return at >= before && at <= Date.now() + 1000;
    },
  },
];
