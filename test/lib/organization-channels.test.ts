import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import type { OrganizationInput } from '../../config/organization-schema';
import { HUB } from '../../core/hub';
import { parseChannelsEnv } from '../../lambda/channels/env';
import { countChannels } from '../../lib/channels-cost';
import { countHub } from '../../lib/hub-cost';
import { organizationNotes } from '../../lib/organization-notes';
import { countBillable } from '../../lib/self-cost';
import { checked } from '../helpers/checked-app';
import { hubStackOf, organizationOf } from '../helpers/hub';
import { SOME_CHANNELS } from '../helpers/some-channels';
import { stackOf } from '../helpers/guard-stack';
import {
  actionsOf,
  environmentOf,
  featuresOf,
  granting,
  resourcesOf,
  roleIds,
  statementsOf,
  toldTo,
} from '../helpers/stack';

const { finance, pager, web } = SOME_CHANNELS;
const made = (changes: Partial<OrganizationInput> = {}) => {
  const stack = hubStackOf(organizationOf(changes));
  return { stack, template: Template.fromStack(stack) };
};
const none = made();
const all = made({ channels: SOME_CHANNELS });
const text = (value: unknown) => JSON.stringify(value);

test('without channels nothing of it is in the template, whether the file has an empty list of them or none', () => {
  expect(featuresOf(none)).not.toContain('channels');
  expect(made({ channels: {} }).template.toJSON()).toEqual(none.template.toJSON());
  expect(text(none.template.toJSON())).not.toMatch(/chatbot|channels|deliveries/i);
});

test('with channels nothing else is another, but who may invoke, bury and find the function', () => {
  const [before, after] = [none, all].map(
    ({ template }) => template.toJSON()['Resources'] as Readonly<Record<string, { Type: string }>>,
  );
  const others = Object.keys(after!).filter((id) => !(id in before!));
  expect(others.filter((id) => !/channels|^Deliveries|AlertsTopicTokenSubscription/i.test(id))).toEqual([]);
  const changed = Object.keys(before!).filter((id) => text(before![id]) !== text(after![id]));
  expect(changed.map((id) => id.replace(/[0-9A-F]{8}$/, '')).sort()).toEqual([
    'PeopleOperatorDefaultPolicy',
    'PeopleViewerDefaultPolicy',
    'SchedulesDeadLettersPolicy',
    'SchedulesRoleDefaultPolicy',
  ]);
});

test("it is told by the hub's one topic, where its alarms and mails go, and what SNS cannot hand over is buried", () => {
  const subscriptions = Object.values(resourcesOf(all.template, 'AWS::SNS::Subscription')).filter(
    ({ Properties }) => Properties['Protocol'] === 'lambda',
  );
  expect(subscriptions).toHaveLength(1);
  const { Properties } = subscriptions[0]!;
  expect(text(Properties['TopicArn'])).toMatch(/^\{"Ref":"AlertsTopic/);
  expect(text(Properties['RedrivePolicy'])).toMatch(/SchedulesDeadLetters/);
  expect(Properties).not.toHaveProperty('FilterPolicy');
});

test('what it is told is what it parses at its start: the name in mails and notices, a table of its own', () => {
  const env = parseChannelsEnv(toldTo(all.stack, 'channels'));
  expect(env).toMatchObject({
    ENVIRONMENT: HUB,
    DASHBOARD: 'false',
    CHANNELS: organizationOf({ channels: SOME_CHANNELS }).channels,
  });
  expect(env.STATE_TABLE_NAME).toMatch(/^Deliveries/);
  expect(Object.keys(env.CHAT_TOPIC_ARNS).sort()).toEqual(['finance', 'team']);
});

test('half an hour without a run alarms, with the other alarms and by a heading of the runbook', () => {
  all.template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(5 minutes)',
    Description: 'What the channels of organization are still to be told',
    GroupName: 'SpendGuard-organization',
  });
  all.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'spend-guard-organization-channels-missing-runs',
    TreatMissingData: 'breaching',
  });
  expect(all.stack.hub.alerts.named.filter((what) => !none.stack.hub.alerts.named.includes(what))).toEqual([
    'channels-missing-runs',
  ]);
  expect(readFileSync(path.join(__dirname, '../../docs/runbook.md'), 'utf8')).toContain(
    '\n### `channels-missing-runs`\n',
  );
});

test('Amazon Q is told of each chat under the name of the hub, which no environment can have', () => {
  all.template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
    ConfigurationName: 'spend-guard-organization-us-east-1-finance',
    GuardrailPolicies: ['arn:aws:iam::aws:policy/AWSDenyAll'],
  });
});

describe('permissions', () => {
  const statementsWith = (channels: NonNullable<OrganizationInput['channels']>) => {
    const { template } = made({ channels });
    return statementsOf(template, roleIds(template, /guard's channels$/)[0]!);
  };

  test('all kinds together: exactly this, and no item but its own, in a table of its own', () => {
    const statements = statementsWith(SOME_CHANNELS);
    expect(statements.flatMap(actionsOf).sort()).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
      'sns:Publish',
      'sqs:SendMessage',
      'ssm:GetParameter',
    ]);
    const [items] = granting(statements, 'dynamodb:PutItem');
    expect(items!.Condition).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['channels'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    expect(text(items!.Resource)).toMatch(/^\{"Fn::GetAtt":\["Deliveries/);
    expect(granting(statements, 'sns:Publish')[0]!.Resource).toHaveLength(3);
  });

  test('each secret by its name; where none is, no service of secrets', () => {
    const [parameter] = granting(statementsWith({ pager }), 'ssm:GetParameter');
    expect(text(parameter!.Resource)).toMatch(/:111111111111:parameter\/spend-guard\/pager"/);
    const [secret] = granting(statementsWith({ web }), 'secretsmanager:GetSecretValue');
    expect(text(secret!.Resource)).toMatch(/:secret:spend-guard\/hook-\?{6}"/);
    expect(text(statementsWith({ finance }))).not.toMatch(/ssm:|secretsmanager:/);
  });

  test('nobody else of the hub reads or writes what channels are to be told', () => {
    const policies = Object.entries(resourcesOf(all.template, 'AWS::IAM::Policy'));
    const reaching = policies.filter(([, policy]) => text(policy).includes('"Deliveries'));
    expect(reaching.map(([id]) => id.replace(/[0-9A-F]{8}$/, ''))).toEqual(['ChannelsTellRoleDefaultPolicy']);
  });

  test('people find it among the functions of the hub, and may not run it', () => {
    const [operator] = roleIds(all.template, /approves, stops and lifts/);
    const statements = statementsOf(all.template, operator!);
    expect(text(granting(statements, 'lambda:ListTags')[0]!.Resource)).toContain('ChannelsTell');
    expect(text(granting(statements, 'lambda:InvokeFunction')[0]!.Resource)).not.toContain('ChannelsTell');
  });
});

test('its table can be restored, forgets by itself, and goes with the stack', () => {
  const [table] = Object.entries(all.template.findResources('AWS::DynamoDB::GlobalTable')).filter(([id]) =>
    id.startsWith('Deliveries'),
  );
  expect(table![1]).toMatchObject({
    DeletionPolicy: 'Delete',
    Properties: { TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true } },
  });
  expect(text(table![1])).toContain('"PointInTimeRecoveryEnabled":true');
});

test.each<NonNullable<OrganizationInput['channels']>>([SOME_CHANNELS, { finance }, { pager }])(
  'cdk-nag finds nothing that is not acknowledged with a reason',
  (channels) => {
    const app = checked();
    hubStackOf(organizationOf({ channels }), app);
    expect(() => app.synth()).not.toThrow();
  },
);

describe('what it costs', () => {
  const guard = countBillable(stackOf(environmentOf('dev')));

  test('is said apart, a line for each part: the hub itself costs the same', () => {
    expect(countHub(all.stack)).toEqual(countHub(none.stack));
    expect(countChannels(all.stack)).toMatchObject({ alarmMetrics: 1, runs: 31 * 288, memoryMiB: 256 });
    const lines = organizationNotes(all.stack, organizationOf({ channels: SOME_CHANNELS }), guard);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ {2}channels, a month: \$0\.17 with the free tier used up, for finance \(slack\), bot/),
    );
    expect(lines).toContainEqual('    alarm (1 metric): $0.10');
  });

  test('is not said where there are none', () => {
    expect(organizationNotes(none.stack, organizationOf(), guard).join('\n')).not.toContain('channels');
  });
});
