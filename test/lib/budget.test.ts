import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { budgetedServices } from '../../config/bedrock-services';
import { libraryModels } from '../../config/price-library';
import { Budget, serviceFilterNotes, uniqueNotifications } from '../../lib/budget';
import {
  ALONE,
  actionsOf,
  granting,
  PRINCIPALS,
  resourcesOf,
  roleIds,
  statementsOf,
  templateOf,
} from '../helpers/stack';
import type { TemplateProperties } from '../helpers/template-properties';

type BudgetProperties = Pick<TemplateProperties, 'Budget' | 'NotificationsWithSubscribers'>;

function budgetsOf(template: Template): readonly BudgetProperties[] {
  return Object.values(resourcesOf(template, 'AWS::Budgets::Budget')).map(({ Properties }) => Properties);
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
  const alone = templateOf('dev', ALONE);
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

test('trap 1: a seller’s model is counted under its own name, whatever the library adds of scopes', () => {
  const services = budgetedServices();
  const sold = libraryModels.filter(({ vendor }) => vendor !== 'amazon');
  expect(sold.length).toBeGreaterThan(100);
  expect(sold.filter(({ name }) => !services.includes(`${name} (Amazon Bedrock Edition)`))).toEqual([]);
  expect(services.filter((name) => /^(US|EU|AU|JP) |\((US|EU|JP|AU|Global)\)/.test(name))).toEqual([]);
  expect(new Set(services).size).toBe(services.length);
});

test.each([
  'Claude 3.5 Sonnet (Amazon Bedrock Edition)',
  'Claude Opus 4.1 (Amazon Bedrock Edition)',
  'Claude Opus 5 (Amazon Bedrock Edition)',
  'Claude 4.6 Sonnet (Amazon Bedrock Edition)',
  'OpenAI GPT-5.4 (Amazon Bedrock Edition)',
  'OpenAI GPT-5.6 Sol (Amazon Bedrock Edition)',
  'Palmyra X5 (Amazon Bedrock Edition)',
  'Cohere Embed 4 Model (Amazon Bedrock Edition)',
  'Stable Diffusion 3.5 Large v1.0 (Amazon Bedrock Edition)',
])('trap 1: %s, as real bills have it', (name) => {
  expect(budgetedServices()).toContain(name);
});

test('trap 1: a model that the config declares is counted too', () => {
  const declared = [{ name: 'Model of Tomorrow', vendor: 'somebody' }];
  expect(budgetedServices(declared)).toContain('Model of Tomorrow (Amazon Bedrock Edition)');
});

describe('a list of names that grows', () => {
  const names = (count: number) => Array.from({ length: count }, (_, at) => `Model ${at} (Amazon Bedrock Edition)`);
  const filterOf = (services: readonly string[]) => {
    const stack = new Stack(new App());
    const budget = { label: 'x', limit: 1, thresholds: [], emails: [], topic: new Topic(stack, 'Topic') };
    new Budget(stack, 'Budget', { ...budget, scope: { kind: 'account', services } });
    return budgetsOf(Template.fromStack(stack))[0]!.Budget.FilterExpression.And[0]!;
  };
  const list = (Values: readonly string[]) => ({ Dimensions: { Key: 'SERVICE', Values, MatchOptions: ['EQUALS'] } });

  test.each([1, 199, 200])('%i names are one list, and nothing is said', (count) => {
    expect(filterOf(names(count))).toEqual(list(names(count)));
    expect(serviceFilterNotes(names(count))).toEqual([]);
  });

  test.each([
    [201, 2],
    [400, 2],
    [401, 3],
  ])('%i names are %i lists, none of them lost, and synth says so', (count, lists) => {
    const { Or } = filterOf(names(count)) as { Or: ReturnType<typeof list>[] };
    expect(Or).toHaveLength(lists);
    expect(Or.flatMap(({ Dimensions }) => Dimensions.Values)).toEqual(names(count));
    expect(Or.every(({ Dimensions }) => Dimensions.Values.length <= 200)).toBe(true);
    expect(serviceFilterNotes(names(count))).toEqual([
      expect.stringContaining(`${count} names of services, in ${lists}`),
    ]);
  });

  test('today’s fit one list, one value, and a template of CloudFormation', () => {
    const today = budgetedServices();
    expect(serviceFilterNotes(today)).toEqual([]);
    expect(Math.max(...today.map((name) => name.length))).toBeLessThanOrEqual(1_024);
    const template = templateOf('dev', ALONE).toJSON();
    expect(JSON.stringify(template).length).toBeLessThan(1_000_000);
  });
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
  const account = named(prod, 'prod_account').Budget;
  expect(account.BudgetLimit).toEqual({ Amount: 350, Unit: 'USD' });
  expect(account.FilterExpression.And[0]!.Dimensions?.Key).toBe('SERVICE');
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
    const template = templateOf('dev', { principals: PRINCIPALS });
    expect(actionOf(template)[0]!['Definition'].IamActionDefinition).toMatchObject({
      Roles: [{ Ref: 'InvokerRole' }, 'app'],
      Users: ['bot'],
      Groups: ['people'],
    });
    const [role] = roleIds(template, /Lets AWS Budgets/);
    const statements = statementsOf(template, role!);
    for (const [kind, name] of [
      ['Role', 'team/app'] as const,
      ['User', 'bot'] as const,
      ['Group', 'people'] as const,
    ]) {
      const own = granting(statements, `iam:Attach${kind}Policy`);
      expect(own.map(actionsOf)).toEqual([[`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`]]);
      expect(JSON.stringify(own[0]!.Resource)).toContain(`:${kind.toLowerCase()}/${name}`);
      expect(own[0]!.Condition).toEqual({ ArnEquals: { 'iam:PolicyARN': { Ref: 'DenyBillPolicy' } } });
    }
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
    expect(trust[0].Condition?.['StringEquals']?.['aws:SourceAccount']).toEqual({ Ref: 'AWS::AccountId' });
    const name = named(dev, 'dev').Budget.BudgetName;
    expect(JSON.stringify(trust[0].Condition?.['ArnLike']?.['aws:SourceArn'])).toContain(`:budget/${name}`);
  });
});

test('its topic takes messages from Budgets of this account only', () => {
  const policies = Object.values(resourcesOf(dev, 'AWS::SNS::TopicPolicy')).flatMap(
    ({ Properties }) => Properties['PolicyDocument'].Statement,
  );
  const budgets = policies.filter(
    ({ Principal }) => typeof Principal === 'object' && Principal.Service === 'budgets.amazonaws.com',
  );
  expect(budgets).toHaveLength(1);
  expect(budgets[0]).toMatchObject({
    Effect: 'Allow',
    Action: 'sns:Publish',
    Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
  });
  expect(JSON.stringify(budgets[0]!.Condition?.['ArnLike'])).toMatch(/:budgets::/);
});
