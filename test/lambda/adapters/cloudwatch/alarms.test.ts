import { CloudWatchClient, DescribeAlarmsCommand, type MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { mockClient } from 'aws-sdk-client-mock';
import { ACTIVITY_ALARM } from '../../../../core/meter/told';
import { alarms } from '../../../../lambda/adapters/cloudwatch/alarms';

const ARN = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:spend-guard-dev-activity';
const client = mockClient(CloudWatchClient);
beforeEach(() => client.reset());

const AS_DEPLOYED: MetricAlarm = {
  AlarmName: 'spend-guard-dev-activity',
  AlarmArn: ARN,
  Namespace: 'AWS/Bedrock',
  MetricName: 'Invocations',
  Dimensions: [],
  Statistic: 'Sum',
  Period: 60,
  EvaluationPeriods: 10,
  DatapointsToAlarm: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Threshold: 1,
  TreatMissingData: 'notBreaching',
  StateValue: 'OK',
  StateTransitionedTimestamp: new Date(5_000),
  StateUpdatedTimestamp: new Date(9_000),
};
const answer = (...MetricAlarms: readonly MetricAlarm[]) =>
  client.on(DescribeAlarmsCommand).resolves({ MetricAlarms: [...MetricAlarms] });

test('asks for this one alarm on a metric, in its own Region', async () => {
  const regions: string[] = [];
  answer(AS_DEPLOYED);
  const port = alarms((region) => (regions.push(region), new CloudWatchClient({ region })));
  expect(await port.describe(ARN)).toEqual({ ...ACTIVITY_ALARM, state: 'OK', changedAt: 5_000 });
  expect(client.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input).toEqual({
    AlarmNames: ['spend-guard-dev-activity'],
    AlarmTypes: ['MetricAlarm'],
  });
  expect(regions).toEqual(['eu-west-1']);
});

test('a name with colons is asked for whole', async () => {
  answer();
  await alarms().describe(`${ARN}:a:b`);
  expect(client.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input.AlarmNames).toEqual([
    'spend-guard-dev-activity:a:b',
  ]);
});

test('another one is not it', async () => {
  answer({ ...AS_DEPLOYED, AlarmArn: `${ARN}2` });
  expect(await alarms().describe(ARN)).toBeUndefined();
});

test('without DatapointsToAlarm all of its periods must breach', async () => {
  const { DatapointsToAlarm: _, ...without } = AS_DEPLOYED;
  answer(without);
  expect((await alarms().describe(ARN))?.datapointsToAlarm).toBe(10);
});

test('of an alarm on an expression there is no metric', async () => {
  answer({ AlarmArn: ARN, StateValue: 'ALARM', Metrics: [{ Id: 'm', Expression: '1+1' }] });
  expect(await alarms().describe(ARN)).toEqual({ state: 'ALARM', dimensions: {} });
});

test('a state that nobody knows is no state', async () => {
  answer({ ...AS_DEPLOYED, StateValue: 'SILENT' as 'OK' });
  await expect(alarms().describe(ARN)).rejects.toMatchObject({ errorName: 'UnknownState' });
});

test('a refusal is thrown', async () => {
  client.on(DescribeAlarmsCommand).rejects(Object.assign(new Error('no'), { name: 'AccessDenied' }));
  await expect(alarms().describe(ARN)).rejects.toMatchObject({ refusal: 'accessDenied' });
});
