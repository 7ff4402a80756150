import type { Template } from 'aws-cdk-lib/assertions';
import { ACTIVITY_ALARM } from '../../core/meter/told';
import { parseSpendMeterEnv } from '../../lambda/spend-meter/env';
import { environmentOf, granting, madeFor, resourcesOf, roleIds, statementsOf, toldTo } from '../helpers/stack';

const stack = madeFor(environmentOf('dev'));
const { template } = stack;
const only = (type: string, of = template) => {
  const found = Object.entries(resourcesOf(of, type));
  expect(found).toHaveLength(1);
  return found[0]!;
};
const alarmsNamed = (of: Template) =>
  Object.entries(resourcesOf(of, 'AWS::CloudWatch::Alarm')).filter(
    ([, { Properties }]) => Properties['AlarmName'] === 'spend-guard-dev-activity',
  );
const [alarmId, alarm] = alarmsNamed(template)[0]!;
const alarmArn = { 'Fn::GetAtt': [alarmId, 'Arn'] };

test('it is what the meter looks for, and has no action', () => {
  expect(alarm.Properties).toMatchObject({
    Namespace: ACTIVITY_ALARM.namespace,
    MetricName: ACTIVITY_ALARM.metric,
    Statistic: ACTIVITY_ALARM.statistic,
    Period: ACTIVITY_ALARM.periodSeconds,
    EvaluationPeriods: ACTIVITY_ALARM.evaluationPeriods,
    DatapointsToAlarm: ACTIVITY_ALARM.datapointsToAlarm,
    ComparisonOperator: ACTIVITY_ALARM.comparison,
    Threshold: ACTIVITY_ALARM.threshold,
    TreatMissingData: ACTIVITY_ALARM.missingData,
  });
  for (const none of ['Dimensions', 'AlarmActions', 'OKActions', 'InsufficientDataActions', 'Metrics']) {
    expect(alarm.Properties[none]).toBeUndefined();
  }
});

test('trap 27: a rule on exactly this alarm going to ALARM runs the meter, and buries what it cannot deliver', () => {
  const [, rule] = only('AWS::Events::Rule');
  expect(rule.Properties['EventPattern']).toEqual({
    source: ['aws.cloudwatch'],
    'detail-type': ['CloudWatch Alarm State Change'],
    resources: [alarmArn],
    detail: { state: { value: ['ALARM'] } },
  });
  expect(rule.Properties['State']).toBe('ENABLED');
  // The event as it is: the meter judges its form.
  expect(rule.Properties['Targets']).toEqual([
    {
      Id: 'Target0',
      Arn: { 'Fn::GetAtt': [expect.stringMatching(/^SpendMeterFunction/), 'Arn'] },
      RetryPolicy: { MaximumEventAgeInSeconds: 900, MaximumRetryAttempts: 20 },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/DeadLetters/), 'Arn'] } },
    },
  ]);
});

test('only this rule may run it, and bury there', () => {
  const [ruleId] = only('AWS::Events::Rule');
  const ruleArn = { 'Fn::GetAtt': [ruleId, 'Arn'] };
  const [, permission] = only('AWS::Lambda::Permission');
  expect(permission.Properties).toMatchObject({ Principal: 'events.amazonaws.com', SourceArn: ruleArn });
  const [, policy] = only('AWS::SQS::QueuePolicy');
  const events = (policy.Properties['PolicyDocument'].Statement as { Principal: unknown; Condition: unknown }[]).filter(
    ({ Principal }) => JSON.stringify(Principal).includes('events.amazonaws.com'),
  );
  expect(events.map(({ Condition }) => Condition)).toEqual([{ ArnEquals: { 'aws:SourceArn': ruleArn } }]);
});

test('when the stack goes, nothing of it runs the meter behind the back of the switch that lets everybody go', () => {
  const [, rule] = only('AWS::Events::Rule');
  const [switchId] = only('Custom::SpendGuardSwitch');
  expect((rule as { DependsOn?: readonly string[] }).DependsOn).toContain(switchId);
});

test('the meter knows it, and may look at it alone', () => {
  const [id = ''] = roleIds(template, /spend-meter/);
  expect(granting(statementsOf(template, id), 'cloudwatch:DescribeAlarms').map(({ Resource }) => Resource)).toEqual([
    alarmArn,
  ]);
  expect(parseSpendMeterEnv(toldTo(stack, 'spend-meter')).ACTIVITY_ALARM).not.toBe('');
});

test.each([
  ['activityAlarm false', { activityAlarm: false }],
  ['several Regions, of which an alarm sees its own', { meterRegions: ['us-east-1', 'us-west-2'] }],
])('%s: none of it is there', (_what, more) => {
  const without = madeFor(environmentOf('dev', more));
  const other = without.template;
  expect(alarmsNamed(other)).toEqual([]);
  expect(resourcesOf(other, 'AWS::Events::Rule')).toEqual({});
  const [id = ''] = roleIds(other, /spend-meter/);
  expect(JSON.stringify(statementsOf(other, id))).not.toContain('DescribeAlarms');
  expect(parseSpendMeterEnv(toldTo(without, 'spend-meter')).ACTIVITY_ALARM).toBe('');
});
