import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { GuardError } from '../../../core/errors';
import { ACTIVITY_ALARM } from '../../../core/meter/told';
import { usd } from '../../../core/money';
import { ENVIRONMENT_TAG, FUNCTION_TAG } from '../../../core/tags';
import { readAssembly } from '../../../simulator/template/assembly';
import type { BillLine } from '../../../simulator/template/budgets';
import { environment, guardStack, template, type Changes } from '../guard';

const config = environment();
const line: BillLine = {
  service: 'Amazon Bedrock',
  recordType: 'Usage',
  region: 'us-east-1',
  tags: { [ENVIRONMENT_TAG]: 'test' },
};

test('functions come with their variables resolved, schedules with their targets', () => {
  const stack = guardStack(config);
  expect(stack.functions).toEqual([
    {
      logicalId: 'Check',
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:Guard-test-Check',
      feature: 'cost-check',
      variables: {
        ENVIRONMENT: 'test',
        ALERT_TOPIC_ARN: 'arn:aws:sns:us-east-1:123456789012:Guard-test-Topic',
        ROLE: 'arn:aws:iam::123456789012:role/Guard-test-InvokerRole',
      },
      retries: 2,
    },
  ]);
  expect(stack.schedules).toMatchObject([
    { functionArn: stack.functions[0]!.arn, expression: { kind: 'cron', timeZone: 'America/Sao_Paulo' } },
  ]);
  expect(stack.invokerRole).toBe('Guard-test-InvokerRole');
});

describe('the alarm of activity', () => {
  const alarm = {
    Type: 'AWS::CloudWatch::Alarm',
    Properties: {
      AlarmName: 'spend-guard-test-activity',
      Namespace: 'AWS/Bedrock',
      MetricName: 'Invocations',
      Statistic: 'Sum',
      Period: 60,
      EvaluationPeriods: 10,
      DatapointsToAlarm: 1,
      ComparisonOperator: 'GreaterThanOrEqualToThreshold',
      Threshold: 1,
      TreatMissingData: 'notBreaching',
    },
  };
  const rule = (resources: readonly unknown[], targets = 1) => ({
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.cloudwatch'], resources },
      Targets: Array.from({ length: targets }, () => ({ Arn: { 'Fn::GetAtt': ['Check', 'Arn'] } })),
    },
  });
  const own = [{ 'Fn::GetAtt': ['Alarm', 'Arn'] }];

  test('comes with its settings, and with what the rule on it runs', () => {
    const stack = guardStack(config, { Alarm: alarm, Rule: rule(own) });
    expect(stack.activityAlarm).toEqual({
      arn: 'arn:aws:cloudwatch:us-east-1:123456789012:alarm:spend-guard-test-activity',
      functionArn: stack.functions[0]!.arn,
      settings: ACTIVITY_ALARM,
    });
    expect(guardStack(config).activityAlarm).toBeUndefined();
  });

  test.each<[string, Changes]>([
    ['on another alarm', { Alarm: alarm, Rule: rule(['arn:aws:cloudwatch:us-east-1:123456789012:alarm:other']) }],
    ['on two', { Alarm: alarm, Rule: rule([...own, ...own]) }],
    ['that runs two functions', { Alarm: alarm, Rule: rule(own, 2) }],
    ['beside another', { Alarm: alarm, Rule: rule(own), Other: rule(own) }],
  ])('a rule %s cannot be played', (_what, changes) => {
    expect(() => guardStack(config, changes)).toThrow(expect.objectContaining({ code: 'TEMPLATE_UNSUPPORTED' }));
  });
});

test("trap 42: the canary's profile is none that the environment calls", () => {
  const tags = [{ Key: FUNCTION_TAG, Value: 'health-check' }];
  const [first, ...others] = guardStack(config).profiles;
  const stack = guardStack(config, { 'Profile0.Properties.Tags': tags });
  expect(first!.source).toContain(config.models[0]!.id);
  expect(stack.profiles).toEqual(others);
});

test('budgets come with limit, alerts, who gets them, and the action', () => {
  const [budget] = guardStack(config).budgets;
  expect(budget).toMatchObject({
    name: 'guard-test',
    limit: usd(100),
    notifications: [
      { type: 'ACTUAL', atPercent: 50, subscribers: { emails: ['owner@example.com', 'money@example.com'] } },
      { type: 'ACTUAL', atPercent: 95 },
      { type: 'FORECASTED', atPercent: 100 },
    ],
    actions: [
      {
        atPercent: 95,
        approval: 'AUTOMATIC',
        policyArn: 'arn:aws:iam::123456789012:policy/Guard-test-DenyBill',
        principals: ['Guard-test-InvokerRole'],
      },
    ],
  });
});

test.each<[what: string, line: BillLine, counted: boolean]>([
  ["the environment's tag", line, true],
  ["another environment's tag", { ...line, tags: { [ENVIRONMENT_TAG]: 'other' } }, false],
  ['no tag (trap 25)', { ...line, tags: {} }, false],
  ['a credit (trap 15)', { ...line, recordType: 'Credit' }, false],
  ['another service name (trap 1)', { ...line, service: 'Amazon Bedrock Service' }, true],
])('a budget by tag: %s', (_what, one, counted) => expect(guardStack(config).budgets[0]!.covers(one)).toBe(counted));

test.each<[what: string, line: BillLine, counted: boolean]>([
  ['a name in the list', line, true],
  ['a name outside the list (trap 1)', { ...line, service: 'Amazon Bedrock Service' }, false],
  ['the other half of the Or', { ...line, service: 'x', region: 'eu-west-1' }, true],
])('a budget by service: %s', (_what, one, counted) => {
  const Or = [
    { Dimensions: { Key: 'SERVICE', Values: ['Amazon Bedrock'] } },
    { Dimensions: { Key: 'REGION', Values: ['eu-west-1'] } },
  ];
  const stack = guardStack(config, { 'Budget.Properties.Budget.FilterExpression': { Or } });
  expect(stack.budgets[0]!.covers(one)).toBe(counted);
});

describe('deny policies', () => {
  const profile = 'arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/abc';
  const denies = (statement: object, action = 'bedrock:InvokeModel') => {
    const stack = guardStack(config, { 'DenyBill.Properties.PolicyDocument.Statement': [statement] });
    return stack.policies.get('arn:aws:iam::123456789012:policy/Guard-test-DenyBill')!.denies(action, [profile]);
  };
  test.each<[what: string, statement: object, denied: boolean]>([
    ['by name', { Effect: 'Deny', Action: 'bedrock:InvokeModel', Resource: '*' }, true],
    ['by wildcard, in another case', { Effect: 'Deny', Action: ['s3:*', 'bedrock:invoke*'], Resource: ['*'] }, true],
    ['another action', { Effect: 'Deny', Action: 'bedrock:Create*', Resource: '*' }, false],
    ['an Allow denies nothing', { Effect: 'Allow', Action: '*', Resource: '*' }, false],
    [
      'the profile',
      { Effect: 'Deny', Action: '*', Resource: 'arn:aws:bedrock:*:*:application-inference-profile/ab?' },
      true,
    ],
    [
      'another profile',
      { Effect: 'Deny', Action: '*', Resource: 'arn:aws:bedrock:*:*:application-inference-profile/x*' },
      false,
    ],
    ['all but reading', { Effect: 'Deny', NotAction: ['bedrock:Get*'], Resource: '*' }, true],
    [
      'all but other profiles',
      { Effect: 'Deny', Action: '*', NotResource: ['arn:aws:bedrock:*:*:application-inference-profile/x*'] },
      true,
    ],
    [
      'all but the profile',
      { Effect: 'Deny', Action: '*', NotResource: 'arn:aws:bedrock:*:*:application-inference-profile/*' },
      false,
    ],
    ['all but invoking', { Effect: 'Deny', NotAction: ['bedrock:Invoke*'], Resource: '*' }, false],
  ])('%s', (_what, statement, denied) => expect(denies(statement)).toBe(denied));

  test('a condition is not understood, so it is refused', () => {
    expect(() => denies({ Effect: 'Deny', Action: '*', Resource: '*', Condition: { Bool: {} } })).toThrow(
      'a Deny with a Condition',
    );
  });
});

const budget = 'Budget.Properties.Budget';
test.each<[what: string, changes: Changes, says: string]>([
  ['a yearly budget', { [`${budget}.TimeUnit`]: 'ANNUALLY' }, 'not a monthly cost budget'],
  ['a budget in euros', { [`${budget}.BudgetLimit.Unit`]: 'EUR' }, 'not a monthly cost budget in USD'],
  ['blended cost (trap 15)', { [`${budget}.Metrics`]: ['BlendedCost'] }, 'other than UnblendedCost'],
  ['the older filters', { [`${budget}.CostFilters`]: {} }, 'CostFilters'],
  [
    'an unknown dimension',
    { [`${budget}.FilterExpression`]: { Dimensions: { Key: 'PHASE', Values: [] } } },
    'dimension PHASE',
  ],
  ['another operator', { [`${budget}.FilterExpression`]: { CostCategories: {} } }, "'CostCategories'"],
  ['another match', { [`${budget}.FilterExpression.And.0.Tags.MatchOptions`]: ['ABSENT'] }, 'ABSENT'],
  [
    'an absolute threshold',
    { 'Budget.Properties.NotificationsWithSubscribers.0.Notification.ThresholdType': 'ABSOLUTE_VALUE' },
    'PERCENTAGE',
  ],
  [
    'an action that stops instances',
    { 'BillAction.Properties.Definition': { SsmActionDefinition: {} } },
    'other than an IAM policy',
  ],
  ['an action of a budget elsewhere', { 'BillAction.Properties.BudgetName': 'else' }, "'else'"],
  ['a flexible window', { 'CheckSchedule.Properties.FlexibleTimeWindow.Mode': 'FLEXIBLE' }, 'FlexibleTimeWindow'],
  ['a start date', { 'CheckSchedule.Properties.StartDate': '2026-01-01' }, 'StartDate'],
  ['a subscription elsewhere', { 'Subscription0.Properties.TopicArn': 'arn:aws:sns:else' }, 'outside the stack'],
  [
    'two environments',
    { 'Profile0.Properties.Tags': [{ Key: ENVIRONMENT_TAG, Value: 'other' }] },
    'several environments',
  ],
  ['no invoker role', { InvokerRole: undefined }, 'InvokerRole'],
])('%s is refused', (_what, changes, says) => {
  const read = () => guardStack(config, changes);
  expect(read).toThrow(GuardError);
  expect(read).toThrow(says);
});

describe('an assembly', () => {
  const folders: string[] = [];
  afterAll(() => folders.forEach((folder) => rmSync(folder, { recursive: true })));
  const assembly = (artifacts: Record<string, unknown>) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'assembly-'));
    folders.push(folder);
    writeFileSync(path.join(folder, 'manifest.json'), JSON.stringify({ artifacts }));
    writeFileSync(path.join(folder, 'guard.json'), JSON.stringify(template(config)));
    writeFileSync(
      path.join(folder, 'other.json'),
      JSON.stringify({ Resources: { Topic: { Type: 'AWS::SNS::Topic' } } }),
    );
    return folder;
  };
  const stack = (templateFile: string, where: string) => ({
    type: 'aws:cloudformation:stack',
    environment: where,
    properties: { templateFile },
  });

  test("gives the guard's stacks with where they go", () => {
    const folder = assembly({
      Tree: { type: 'cdk:tree' },
      Other: stack('other.json', 'aws://unknown-account/unknown-region'),
      'Guard-a': stack('guard.json', 'aws://unknown-account/eu-west-1'),
      'Guard-b': stack('guard.json', 'aws://210987654321/us-east-1'),
    });
    expect(readAssembly(folder).map(({ identity }) => identity)).toEqual([
      { stackName: 'Guard-a', account: '111122223333', region: 'eu-west-1' },
      { stackName: 'Guard-b', account: '210987654321', region: 'us-east-1' },
    ]);
  });

  test('without a stack of the guard is an error', () => {
    expect(() => readAssembly(assembly({ Other: stack('other.json', 'aws://1/2') }))).toThrow(
      'holds no stack of the guard',
    );
  });
});
