import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { COSTLY_ACTIONS } from '../../core/enforcement/costly-actions';
import { DenyBill } from '../../lib/deny-bill';
import { resourcesOf } from '../helpers/stack';

const stack = new Stack(new App(), 'Test');
new DenyBill(stack, 'Deny');
const policies = resourcesOf(Template.fromStack(stack), 'AWS::IAM::ManagedPolicy');

test('denies everything that costs, on everything, without conditions, under a fixed logical id', () => {
  expect(Object.keys(policies)).toEqual(['DenyBillPolicy']);
  expect(policies['DenyBillPolicy']!.Properties['PolicyDocument'].Statement).toEqual([
    { Sid: 'DenyWhatCosts', Effect: 'Deny', Action: [...COSTLY_ACTIONS], Resource: '*' },
  ]);
});

test('has no physical name, so that a replacement cannot collide, and is attached to nobody by the template', () => {
  expect(Object.keys(policies['DenyBillPolicy']!.Properties).sort()).toEqual([
    ...['Description', 'Path', 'PolicyDocument'],
  ]);
});

test('descriptions are create-only in IAM: a changed word would replace the policy under whoever is stopped', () => {
  expect(policies['DenyBillPolicy']!.Properties['Description']).toBe(
    'Spend guard: denies all of Bedrock that costs. Attached by AWS Budgets',
  );
});
