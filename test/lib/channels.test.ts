import { Match } from 'aws-cdk-lib/assertions';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import { parseChannelsEnv } from '../../lambda/channels/env';
import { checked } from '../helpers/checked-app';
import { stackProps } from '../helpers/guard-stack';
import { SOME_CHANNELS } from '../helpers/some-channels';
import {
  actionsOf,
  environmentOf,
  featuresOf,
  granting,
  madeFor,
  resourcesOf,
  roleIds,
  statementsOf,
  toldTo,
} from '../helpers/stack';

const { finance, bot, hook, team, pager, web } = SOME_CHANNELS;
const madeWith = (channels: object) => madeFor(environmentOf('dev', { channels }));
const all = madeWith(SOME_CHANNELS);
const none = madeFor(environmentOf('dev'));
const text = (value: unknown) => JSON.stringify(value);
const statementsWith = (channels: object) => {
  const { template } = madeWith(channels);
  return statementsOf(template, roleIds(template, /guard's channels$/)[0]!);
};

test('without channels nothing of it is in the template, whether the config has an empty list of them or none', () => {
  expect(featuresOf(none)).not.toContain('channels');
  expect(madeWith({}).template.toJSON()).toEqual(none.template.toJSON());
  expect(text(none.template.toJSON())).not.toMatch(/chatbot|channels/i);
});

test('with channels nothing else of the template is another', () => {
  const [before, after] = [none, all].map(
    ({ template }) => template.toJSON()['Resources'] as Readonly<Record<string, { Type: string }>>,
  );
  const others = Object.keys(after!).filter((id) => !(id in before!));
  expect(
    others.filter((id) => !/channels/i.test(id) && !/AlertsTopicTokenSubscription|BudgetTopicTokenSub/.test(id)),
  ).toEqual([]);
  // A custom resource is another at each deployment that changes anything: trap 52.
  const changed = Object.keys(before!).filter(
    (id) => text(before![id]) !== text(after![id]) && !before![id]!.Type.startsWith('Custom::'),
  );
  // Who may invoke it, and who may bury what could not be handed over.
  expect(changed.map((id) => after![id]!.Type).sort()).toEqual(['AWS::IAM::Policy', 'AWS::SQS::QueuePolicy']);
});

test('it is told by both topics, and what SNS cannot hand over is buried', () => {
  const subscriptions = Object.values(resourcesOf(all.template, 'AWS::SNS::Subscription')).filter(
    ({ Properties }) => Properties['Protocol'] === 'lambda',
  );
  expect(subscriptions.map(({ Properties }) => text(Properties['TopicArn'])).sort()).toEqual(
    Object.keys(resourcesOf(all.template, 'AWS::SNS::Topic'))
      .filter((id) => id.startsWith('Alerts'))
      .map((Ref) => text({ Ref }))
      .sort(),
  );
  for (const { Properties } of subscriptions) {
    expect(text(Properties['RedrivePolicy'])).toMatch(/SchedulesDeadLetters/);
    expect(Properties).not.toHaveProperty('FilterPolicy');
    expect(Properties).not.toHaveProperty('RawMessageDelivery');
  }
  all.template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
    FunctionName: { Ref: Match.stringLikeRegexp('^ChannelsTell') },
    MaximumRetryAttempts: 2,
    MaximumEventAgeInSeconds: 21_600,
    DestinationConfig: { OnFailure: { Destination: Match.anyValue() } },
  });
});

test('who is mailed is mailed as before: CloudWatch sends no attributes, and a filter of any kind would keep its alarms back', () => {
  for (const changes of [
    {},
    { channels: SOME_CHANNELS },
    { report: { at: '08:00', timeZone: 'UTC', html: { from: 'a@example.com' } } },
  ]) {
    const { template } = madeFor(environmentOf('dev', changes));
    const mails = Object.values(resourcesOf(template, 'AWS::SNS::Subscription')).filter(
      ({ Properties }) => Properties['Protocol'] === 'email',
    );
    expect(mails.length).toBeGreaterThan(0);
    for (const { Properties } of mails)
      expect(Object.keys(Properties).sort()).toEqual(['Endpoint', 'Protocol', 'TopicArn']);
  }
});

test('what SES has mailed goes by the topic for machines, to which nobody subscribes by mail, and only where it does', () => {
  const html = { report: { at: '08:00', timeZone: 'UTC', html: { from: 'a@example.com' } } };
  const made = madeFor(environmentOf('dev', html));
  const publishing = (template: typeof made.template) =>
    text(granting(statementsOf(template, roleIds(template, /cost-check/)[0]!), 'sns:Publish')[0]!.Resource);
  expect(toldTo(made, 'cost-check')['MAILED_TOPIC_ARN']).toMatch(/^AlertsBudgetTopic/);
  expect(publishing(made.template)).toMatch(/AlertsBudgetTopic/);
  expect(toldTo(none, 'cost-check')).not.toHaveProperty('MAILED_TOPIC_ARN');
  expect(publishing(none.template)).not.toMatch(/BudgetTopic/);
  const [budgetTopic] = Object.keys(resourcesOf(made.template, 'AWS::SNS::Topic')).filter((id) =>
    /BudgetTopic/.test(id),
  );
  const protocols = Object.values(resourcesOf(made.template, 'AWS::SNS::Subscription'))
    .filter(({ Properties }) => text(Properties['TopicArn']).includes(budgetTopic!))
    .map(({ Properties }) => Properties['Protocol']);
  expect(protocols).toEqual([]);
});

test('it looks for what is still to be told every five minutes, and half an hour without a run alarms', () => {
  all.template.hasResourceProperties('AWS::Scheduler::Schedule', {
    ScheduleExpression: 'rate(5 minutes)',
    Description: 'What the channels of dev are still to be told',
  });
  all.template.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmName: 'spend-guard-dev-channels-missing-runs',
    Period: 300,
    EvaluationPeriods: 6,
    TreatMissingData: 'breaching',
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^AlertsTopic') }],
  });
  const alarms = ({ template }: typeof all) => Object.keys(resourcesOf(template, 'AWS::CloudWatch::Alarm')).length;
  expect(alarms(all)).toBe(alarms(none) + 1);
});

test('what it is told is what it parses at its start', () => {
  const env = parseChannelsEnv(toldTo(all, 'channels'));
  expect(env.CHANNELS).toEqual(environmentOf('dev', { channels: SOME_CHANNELS }).channels);
  expect(Object.keys(env.CHAT_TOPIC_ARNS).sort()).toEqual(['finance', 'team']);
  expect(env.CHAT_TOPIC_ARNS['finance']).not.toBe(env.CHAT_TOPIC_ARNS['team']);
  expect(parseChannelsEnv(toldTo(madeWith({ pager }), 'channels')).CHAT_TOPIC_ARNS).toEqual({});
});

test('twenty channels in chats are within what Lambda takes', () => {
  const many = Object.fromEntries(
    Array.from({ length: 20 }, (_, at) => [
      `a-channel-with-a-long-name-${at}`.padEnd(32, 'x'),
      { ...finance, channelId: `C0123ABCD${at}` },
    ]),
  );
  expect(parseChannelsEnv(toldTo(madeWith(many), 'channels')).CHANNELS).toHaveLength(20);
});

describe('permissions', () => {
  test('all kinds together: exactly this', () => {
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
    expect(granting(statements, 'dynamodb:PutItem')[0]!.Condition).toEqual({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['channels'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    expect(text(granting(statements, 'sns:Publish')[0]!.Resource)).not.toMatch(/BudgetTopic/);
    expect(granting(statements, 'sns:Publish')[0]!.Resource).toHaveLength(3);
  });

  test('each secret by its name, and once', () => {
    const parameters = granting(
      statementsWith({
        hook,
        pager,
        again: { ...bot, secret: 'ssm:/x' },
        more: { ...bot, channelId: 'C0123OTHERS', secret: 'ssm:/x' },
      }),
      'ssm:GetParameter',
    );
    expect(parameters).toHaveLength(1);
    expect((parameters[0]!.Resource as readonly unknown[]).map(text)).toEqual(
      ['spend-guard/pager', 'spend-guard/slack', 'x'].map((name) =>
        expect.stringMatching(new RegExp(`:parameter/${name}"`)),
      ),
    );
    const [secret] = granting(statementsWith({ web }), 'secretsmanager:GetSecretValue');
    expect(text(secret!.Resource)).toMatch(/:secret:spend-guard\/hook-\?{6}"/);
  });

  test('of a service that keeps no secret of theirs nothing is asked', () => {
    expect(
      statementsWith({ finance })
        .flatMap(actionsOf)
        .filter((one) => /^(ssm|secretsmanager):/.test(one)),
    ).toEqual([]);
    expect(statementsWith({ pager }).flatMap(actionsOf)).not.toContain('secretsmanager:GetSecretValue');
  });
});

describe('Amazon Q', () => {
  test('is told of each channel in a chat, listens to a topic of its own, and takes no commands', () => {
    all.template.hasResourceProperties('AWS::Chatbot::SlackChannelConfiguration', {
      ConfigurationName: 'spend-guard-dev-us-east-1-finance',
      SlackWorkspaceId: 'T0123ABCDEF',
      SlackChannelId: 'C0123FINANCE',
      LoggingLevel: 'NONE',
      UserRoleRequired: false,
      GuardrailPolicies: ['arn:aws:iam::aws:policy/AWSDenyAll'],
      SnsTopicArns: [{ Ref: Match.stringLikeRegexp('^ChannelsChatfinance') }],
    });
    all.template.hasResourceProperties('AWS::Chatbot::MicrosoftTeamsChannelConfiguration', {
      ConfigurationName: 'spend-guard-dev-us-east-1-team',
      TeamsTenantId: team.tenantId,
      TeamId: team.teamId,
      TeamsChannelId: team.channelId,
      GuardrailPolicies: [Match.anyValue()],
      SnsTopicArns: [{ Ref: Match.stringLikeRegexp('^ChannelsChatteam') }],
    });
  });

  test('has a role that may do nothing, one for all', () => {
    const [role, ...others] = roleIds(all.template, /channels in chats/);
    expect(others).toEqual([]);
    expect(statementsOf(all.template, role!)).toEqual([]);
    const { Properties } = resourcesOf(all.template, 'AWS::IAM::Role')[role!]!;
    expect(Properties).not.toHaveProperty('ManagedPolicyArns');
    expect(Properties).not.toHaveProperty('Policies');
    expect(roleIds(madeWith({ pager }).template, /channels in chats/)).toEqual([]);
  });

  test('nobody else is let publish to those topics, and what is not encrypted on its way is refused', () => {
    const policies = Object.values(resourcesOf(all.template, 'AWS::SNS::TopicPolicy')).filter(({ Properties }) =>
      /ChannelsChat/.test(text(Properties['Topics'])),
    );
    expect(policies).toHaveLength(2);
    for (const { Properties } of policies) {
      const { Statement } = Properties['PolicyDocument'] as { Statement: { Effect: string }[] };
      expect(Statement.map(({ Effect }) => Effect)).toEqual(['Deny']);
    }
  });
});

test('no value of a secret can stand in the template: it is read at run time, by name', () => {
  expect(text(all.template.toJSON())).not.toMatch(/resolve:(ssm|secretsmanager)/);
});

test("whose role a key of one's own must let decrypt is an output, where there is a secret", () => {
  all.template.hasOutput('ChannelsRoleArn', {});
  expect(Object.keys(madeWith({ finance }).template.findOutputs('*'))).not.toContain('ChannelsRoleArn');
});

test.each([SOME_CHANNELS, { finance }, { pager }])(
  'cdk-nag finds nothing that is not acknowledged with a reason',
  (channels) => {
    const app = checked();
    new SpendGuardStack(app, stackProps(environmentOf('dev', { channels })));
    expect(() => app.synth()).not.toThrow();
  },
);
