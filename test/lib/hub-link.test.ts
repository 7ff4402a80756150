import { App, CfnCondition, CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { parseSpendMeterEnv } from '../../lambda/spend-meter/env';
import { HubLink } from '../../lib/hub-link';
import { makeOnlyIf } from '../../lib/late-values';
import { checked } from '../helpers/checked-app';
import { SpendGuardStack } from '../../lib/spend-guard-stack';
import { guardIn, someStack } from '../helpers/app-guard';
import { CONTEXT } from '../helpers/app-context';
import { stackProps } from '../helpers/guard-stack';
import { environmentOf, madeFor, resourcesOf, roleIds, statementsOf, toldTo } from '../helpers/stack';

const BUS = 'arn:aws:events:us-east-1:111111111111:event-bus/spend-guard-hub';
const linked = environmentOf('dev', { organizationHub: { busArn: BUS } });
const { template } = madeFor(linked);
const rules = (of: Template) =>
  Object.values(resourcesOf(of, 'AWS::Events::Rule')).filter(
    ({ Properties }) => Properties['Name'] === 'spend-guard-dev-hub',
  );
const RULE_ARN = {
  'Fn::Join': ['', ['arn:aws:events:us-east-1:', { Ref: 'AWS::AccountId' }, ':rule/spend-guard-dev-hub']],
};

test('without a hub there is no link', () => {
  expect(rules(madeFor(environmentOf('dev')).template)).toEqual([]);
});

test('the meter tells the hub where there is one, and only there', () => {
  expect(parseSpendMeterEnv(toldTo(madeFor(linked), 'spend-meter')).HUB).toBe('true');
  expect(parseSpendMeterEnv(toldTo(madeFor(environmentOf('dev')), 'spend-meter')).HUB).toBe('false');
});

test('the construct tells a hub as well', () => {
  const stack = someStack();
  guardIn(stack, { hubBusArn: BUS });
  const [rule] = Object.values(resourcesOf(Template.fromStack(stack), 'AWS::Events::Rule')).filter(({ Properties }) =>
    String(Properties['Name']).endsWith('-hub'),
  );
  expect(rule!.Properties['Targets']).toEqual([expect.objectContaining({ Arn: BUS })]);
});

test('trap 27: only what the guard itself tells is forwarded, to exactly the bus of the hub, and buried after an hour', () => {
  const [rule] = rules(template);
  expect(rule!.Properties['EventPattern']).toEqual({
    source: ['spend-guard'],
    'detail-type': ['Spend Guard Standing', 'Spend Guard Decision'],
  });
  expect(rule!.Properties['EventBusName']).toBeUndefined();
  expect(rule!.Properties['Targets']).toEqual([
    {
      Id: 'Target0',
      Arn: BUS,
      RoleArn: { 'Fn::GetAtt': [expect.stringMatching(/^HubLinkRole/), 'Arn'] },
      DeadLetterConfig: { Arn: { 'Fn::GetAtt': [expect.stringMatching(/DeadLetters/), 'Arn'] } },
      RetryPolicy: { MaximumEventAgeInSeconds: 3600, MaximumRetryAttempts: 60 },
    },
  ]);
});

test('its role may put events on that bus and nothing else, and only this rule has it', () => {
  const [role, ...others] = roleIds(template, /hub/);
  expect(others).toEqual([]);
  expect(statementsOf(template, role!)).toEqual([{ Action: 'events:PutEvents', Effect: 'Allow', Resource: BUS }]);
  const { AssumeRolePolicyDocument: trust } = resourcesOf(template, 'AWS::IAM::Role')[role!]!.Properties;
  expect(trust.Statement).toEqual([
    {
      Action: 'sts:AssumeRole',
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: {
        StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
        ArnEquals: { 'aws:SourceArn': RULE_ARN },
      },
    },
  ]);
});

test('only this rule may bury what the hub did not take', () => {
  const statements = Object.values(resourcesOf(template, 'AWS::SQS::QueuePolicy')).flatMap(
    ({ Properties }) => Properties['PolicyDocument'] as { Statement: readonly { Sid?: string }[] },
  );
  const own = statements.flatMap(({ Statement }) => Statement).filter(({ Sid }) => Sid === 'WhatTheHubDidNotTake');
  expect(own).toEqual([
    expect.objectContaining({
      Action: 'sqs:SendMessage',
      Principal: { Service: 'events.amazonaws.com' },
      Condition: { ArnEquals: { 'aws:SourceArn': RULE_ARN } },
    }),
  ]);
});

test('cdk-nag finds nothing', () => {
  const app = checked();
  new SpendGuardStack(app, stackProps(linked));
  expect(() => app.synth()).not.toThrow();
});

test('where only a deployment knows whether there is a hub, all of it is made under the condition, and nothing else names it', () => {
  const stack = new Stack(new App({ context: CONTEXT }), 'Stack');
  const busArn = new CfnParameter(stack, 'HubBusArn', { default: '' }).valueAsString;
  const condition = new CfnCondition(stack, 'HasHub', { expression: Fn.conditionNot(Fn.conditionEquals(busArn, '')) });
  const deadLetters = new sqs.Queue(stack, 'DeadLetters');
  makeOnlyIf(condition, new HubLink(stack, 'HubLink', { environment: 'account', busArn, deadLetters }));
  const { Resources } = Template.fromStack(stack).toJSON() as {
    Resources: Record<string, { Type: string; Condition?: string }>;
  };
  const own = Object.entries(Resources).filter(([id]) => id.startsWith('HubLink'));
  expect(own.map(([, { Type, Condition }]) => [Type, Condition])).toEqual([
    ['AWS::IAM::Role', 'HasHub'],
    ['AWS::IAM::Policy', 'HasHub'],
    ['AWS::Events::Rule', 'HasHub'],
  ]);
  const others = JSON.stringify(Object.entries(Resources).filter(([id]) => !id.startsWith('HubLink')));
  for (const [id] of own) expect(others).not.toContain(id);
});
