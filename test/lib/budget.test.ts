import type { Template } from 'aws-cdk-lib/assertions';
import { budgetedServices } from '../../config/bedrock-services';
import { uniqueNotifications } from '../../lib/budget';
import { actionsOf, resourcesOf, roleIds, statementsOf, templateOf } from '../helpers/stack';

interface BudgetProperties {
  readonly Budget: {
    readonly BudgetName: string;
    readonly BudgetLimit: object;
    readonly Metrics: readonly string[];
    readonly FilterExpression: { readonly And: readonly Record<string, any>[] };
  };
  readonly NotificationsWithSubscribers: readonly {
    readonly Notification: { readonly NotificationType: string; readonly Threshold: number };
    readonly Subscribers: readonly { readonly SubscriptionType: string; readonly Address: unknown }[];
  }[];
}

function budgetsOf(template: Template): readonly BudgetProperties[] {
  return Object.values(resourcesOf(template, 'AWS::Budgets::Budget')).map(
    ({ Properties }) => Properties as BudgetProperties,
  );
}

const named = (template: Template, label: string) =>
  budgetsOf(template).find(({ Budget }) => Budget.BudgetName.startsWith(`spend-guard-${label}-`))!;

const dev = templateOf('dev');
const prod = templateOf('prod');

test('trap 5: in a shared account the budget counts what carries the environment’s tag', () => {
  const filter = named(dev, 'dev').Budget.FilterExpression.And;
  expect(filter[0]).toEqual({
    Tags: { Key: 'spend-guard:models', Values: ['dev'], MatchOptions: ['EQUALS'] },
  });
});

test('the tag is on the profiles alone, so that the budget does not count what the guard itself costs', () => {
  const tagged = Object.values(dev.toJSON().Resources as Record<string, { Type: string }>).filter((resource) =>
    JSON.stringify(resource).includes('{"Key":"spend-guard:models","Value"'),
  );
  expect(new Set(tagged.map(({ Type }) => Type))).toEqual(new Set(['AWS::Bedrock::ApplicationInferenceProfile']));
});

test('trap 1: in an account of its own it counts every name Bedrock is billed under', () => {
  const alone = templateOf('dev', { identity: 'direct', account: '111122223333' });
  const filter = named(alone, 'dev').Budget.FilterExpression.And;
  expect(filter[0]!['Dimensions']).toEqual({ Key: 'SERVICE', Values: budgetedServices(), MatchOptions: ['EQUALS'] });
  for (const name of [
    'Amazon Bedrock',
    'Amazon Bedrock Service',
    'Amazon Bedrock AgentCore',
    'AmazonBedrockFoundationModels',
  ]) {
    expect(budgetedServices()).toContain(name);
  }
  expect(budgetedServices()).toContain('Claude Haiku 4.5 (Amazon Bedrock Edition)');
});

test('trap 15: unblended cost, without credits, refunds and tax', () => {
  for (const { Budget } of [...budgetsOf(dev), ...budgetsOf(prod)]) {
    expect(Budget.Metrics).toEqual(['UnblendedCost']);
    expect(Budget.FilterExpression.And[1]).toEqual({
      Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund', 'Tax'] } },
    });
  }
});

test('trap 25: the account-wide budget beside it needs no tag, and only the environment that carries it has one', () => {
  expect(budgetsOf(dev)).toHaveLength(1);
  expect(budgetsOf(prod)).toHaveLength(2);
  const account = named(prod, 'account').Budget;
  expect(account.BudgetLimit).toEqual({ Amount: 350, Unit: 'USD' });
  expect(account.FilterExpression.And[0]!['Dimensions'].Key).toBe('SERVICE');
});

test.each([
  ['dev', 50, [50, 75, 80, 90, 95]],
  ['staging', 100, [50, 75, 90, 95]],
  ['prod', 200, [50, 70, 75, 90, 95]],
])('trap 34: %s notifies at each percentage once', (name, amount, percents) => {
  const { Budget, NotificationsWithSubscribers } = named(templateOf(name), name);
  expect(Budget.BudgetLimit).toEqual({ Amount: amount, Unit: 'USD' });
  const ofType = (type: string) =>
    NotificationsWithSubscribers.map(({ Notification }) => Notification)
      .filter(({ NotificationType }) => NotificationType === type)
      .map(({ Threshold }) => Threshold);
  expect(ofType('ACTUAL')).toEqual(percents);
  expect(ofType('FORECASTED')).toEqual([100]);
});

test('the same percentage by bill and by forecast are two notifications', () => {
  const at = { atPercent: 100, effect: 'notify' } as const;
  expect(
    uniqueNotifications([
      { ...at, basis: 'actual' },
      { ...at, basis: 'forecast' },
    ]),
  ).toHaveLength(2);
});

test('trap 36: people are mailed by Budgets directly, each address once; machines get the topic', () => {
  for (const { Subscribers } of named(dev, 'dev').NotificationsWithSubscribers) {
    expect(Subscribers.map(({ SubscriptionType }) => SubscriptionType)).toEqual(['EMAIL', 'SNS']);
    expect(Subscribers[0]!.Address).toBe('ti@dadosfera.ai');
  }
  const two = named(templateOf('dev', { budgetOwner: 'money@dadosfera.ai' }), 'dev');
  expect(two.NotificationsWithSubscribers[0]!.Subscribers.map(({ Address }) => Address).slice(0, 2)).toEqual([
    'ti@dadosfera.ai',
    'money@dadosfera.ai',
  ]);
});

describe('trap 11: the name changes with what forces a replacement, and with nothing else', () => {
  const nameOf = (changes: object) => named(templateOf('dev', { ...changes }), 'dev').Budget.BudgetName;
  const before = nameOf({});

  test.each([
    ['a threshold', { alertAtPercent: [50, 75, 85] }],
    ['a subscriber', { budgetOwner: 'money@dadosfera.ai' }],
  ])('%s', (_what, changes) => {
    expect(nameOf(changes)).not.toBe(before);
  });

  test('trap 10: a new limit edits the budget in place', () => {
    expect(nameOf({ monthlyLimitUsd: 60 })).toBe(before);
  });
});

describe('the budgets action', () => {
  const actionOf = (template: Template) =>
    Object.values(resourcesOf(template, 'AWS::Budgets::BudgetsAction')).map(({ Properties }) => Properties);

  test('stops nonProduction by itself at the stop line, with deny-bill', () => {
    expect(actionOf(dev)).toMatchObject([
      {
        ActionThreshold: { Type: 'PERCENTAGE', Value: 95 },
        ActionType: 'APPLY_IAM_POLICY',
        ApprovalModel: 'AUTOMATIC',
        NotificationType: 'ACTUAL',
        Definition: { IamActionDefinition: { PolicyArn: { Ref: 'DenyBillPolicy' }, Roles: [{ Ref: 'InvokerRole' }] } },
      },
    ]);
  });

  test('trap 19: waits for a person in production', () => {
    expect(actionOf(prod)).toMatchObject([{ ApprovalModel: 'MANUAL' }]);
  });

  test('none, when the config says none', () => {
    expect(actionOf(templateOf('dev', { billAction: 'none' }))).toEqual([]);
  });

  test('trap 22: reaches the users and groups that the config names', () => {
    const template = templateOf('dev', { principals: { roles: ['team/app'], users: ['bot'], groups: ['data'] } });
    expect(actionOf(template)[0]!['Definition'].IamActionDefinition).toMatchObject({
      Roles: [{ Ref: 'InvokerRole' }, 'app'],
      Users: ['bot'],
      Groups: ['data'],
    });
    const [role] = roleIds(template, /Lets AWS Budgets/);
    const [statement] = statementsOf(template, role!);
    expect(JSON.stringify(statement!.Resource)).toContain(':role/team/app');
    const kinds = ['Role', 'User', 'Group'];
    const expected = kinds.flatMap((kind) => [`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`]);
    expect([...actionsOf(statement!)].sort()).toEqual(expected.sort());
  });

  test('its role can attach deny-bill to the guarded principals, and nothing else', () => {
    const [role] = roleIds(dev, /Lets AWS Budgets/);
    expect(statementsOf(dev, role!)).toEqual([
      {
        Effect: 'Allow',
        Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
        Resource: { 'Fn::GetAtt': ['InvokerRole', 'Arn'] },
        Condition: { ArnEquals: { 'iam:PolicyARN': { Ref: 'DenyBillPolicy' } } },
      },
    ]);
  });

  test('trap 44: only Budgets, for this account and this budget, may assume its role', () => {
    const [role] = roleIds(dev, /Lets AWS Budgets/);
    const trust = resourcesOf(dev, 'AWS::IAM::Role')[role!]!.Properties['AssumeRolePolicyDocument'].Statement;
    expect(trust).toHaveLength(1);
    expect(trust[0]).toMatchObject({ Principal: { Service: 'budgets.amazonaws.com' }, Action: 'sts:AssumeRole' });
    expect(trust[0].Condition.StringEquals['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
    const name = named(dev, 'dev').Budget.BudgetName;
    expect(JSON.stringify(trust[0].Condition.ArnLike['aws:SourceArn'])).toContain(`:budget/${name}`);
  });
});

test('its topic takes messages from Budgets of this account only', () => {
  const policies = Object.values(resourcesOf(dev, 'AWS::SNS::TopicPolicy')).flatMap(
    ({ Properties }) => Properties['PolicyDocument'].Statement as Record<string, any>[],
  );
  const budgets = policies.filter(({ Principal }) => Principal?.Service === 'budgets.amazonaws.com');
  expect(budgets).toHaveLength(1);
  expect(budgets[0]).toMatchObject({
    Effect: 'Allow',
    Action: 'sns:Publish',
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  });
  expect(JSON.stringify(budgets[0]!['Condition'].ArnLike)).toMatch(/:budgets::/);
});
