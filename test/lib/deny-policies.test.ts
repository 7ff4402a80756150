import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { COSTLY_ACTIONS } from '../../core/costly-actions';
import { DenyPolicies, policyCharacters, type LargeModel } from '../../lib/deny-policies';
import { resourcesOf, statementsOf, type Statement } from '../helpers/stack';

const ACCOUNT = '111122223333';

function synthesized(largeModels: readonly LargeModel[], use?: (deny: DenyPolicies, role: iam.Role) => void): Template {
  const stack = new Stack(new App(), 'Test', { env: { region: 'cn-north-1', account: ACCOUNT } });
  const deny = new DenyPolicies(stack, 'Deny', { largeModels });
  const role = new iam.Role(stack, 'Actor', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  (role.node.defaultChild as iam.CfnRole).overrideLogicalId('Actor');
  use?.(deny, role);
  return Template.fromStack(stack);
}

const documentOf = (template: Template, id: string) =>
  resourcesOf(template, 'AWS::IAM::ManagedPolicy')[id]!.Properties['PolicyDocument'] as { Statement: Statement[] };

const modelsOf = (count: number): LargeModel[] =>
  Array.from({ length: count }, (_, at) => ({ modelId: `maker.large-model-${String(at).padStart(2, '0')}-v1:0` }));

const arn = (kind: string, name: string) => `arn:aws-cn:iam::${ACCOUNT}:${kind}/${name}`;

test('trap 23: three policies, one owner each, under fixed logical ids', () => {
  const ids = Object.keys(resourcesOf(synthesized(modelsOf(1)), 'AWS::IAM::ManagedPolicy'));
  expect(ids.sort()).toEqual(['DenyBillPolicy', 'DenyLargePolicy', 'DenyMeterPolicy']);
});

test.each(['DenyMeterPolicy', 'DenyBillPolicy'])(
  '%s denies everything that costs, on everything, without conditions',
  (id) => {
    expect(documentOf(synthesized([]), id).Statement).toEqual([
      { Sid: 'DenyWhatCosts', Effect: 'Deny', Action: [...COSTLY_ACTIONS], Resource: '*' },
    ]);
  },
);

test('none has a physical name, so that a replacement cannot collide', () => {
  for (const { Properties } of Object.values(resourcesOf(synthesized([]), 'AWS::IAM::ManagedPolicy'))) {
    expect(Properties).not.toHaveProperty('ManagedPolicyName');
  }
});

test('deny-large denies the large models in every Region and through every profile, in the partition of the stack', () => {
  const profileArn = `arn:aws-cn:bedrock:cn-north-1:${ACCOUNT}:application-inference-profile/abc`;
  const template = synthesized([{ modelId: 'maker.big-v1:0', profileArn }]);
  const text = JSON.stringify(documentOf(template, 'DenyLargePolicy').Statement).replaceAll(
    '{"Ref":"AWS::Partition"}',
    'PARTITION',
  );
  const [statement] = documentOf(template, 'DenyLargePolicy').Statement;
  expect(statement).toMatchObject({
    Effect: 'Deny',
    Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
  });
  expect(text).toContain(':bedrock:*::foundation-model/maker.big-v1:0');
  expect(text).toContain(`:bedrock:*:${ACCOUNT}:inference-profile/*.maker.big-v1:0`);
  expect(text).toContain(profileArn);
  expect(text).not.toContain('"arn:aws:');
});

test('without large models deny-large is valid and denies nothing that exists', () => {
  const [statement] = documentOf(synthesized([]), 'DenyLargePolicy').Statement;
  expect(JSON.stringify(statement!.Resource)).toContain('foundation-model/none');
});

describe('trap 40: a managed policy holds 6,144 characters', () => {
  test('the list of what costs fits with room to spare', () => {
    expect(policyCharacters(documentOf(synthesized([]), 'DenyMeterPolicy'))).toBeLessThan(3_000);
  });

  test('the last number of large models that fits, and the first that does not', () => {
    let fits = 1;
    while (policyCharacters(documentOf(synthesized(modelsOf(fits)), 'DenyLargePolicy')) <= 6_144 - 180) fits += 1;
    expect(() => synthesized(modelsOf(fits))).not.toThrow();
    expect(() => synthesized(modelsOf(fits + 2))).toThrow(
      /deny-large would have \d+ characters, IAM takes 6144.*models\.large/,
    );
  });

  test('white space does not count, and a reference counts as the ARN it stands for', () => {
    expect(policyCharacters({ a: 'b c' })).toBe('{"a":"bc"}'.length);
    expect(policyCharacters({ a: { 'Fn::GetAtt': ['X', 'Arn'] } })).toBe(120 + '{"a":""}'.length);
  });
});

describe('grants', () => {
  const targets = [arn('role', 'app'), arn('user', 'bot'), arn('group', 'data')];

  test('the meter may attach and detach its two policies on the named principals, never deny-bill', () => {
    const template = synthesized(modelsOf(1), (deny, role) => deny.grantAttachAndDetach(role, targets));
    const statements = statementsOf(template, 'Actor');
    expect(statements).toEqual(
      (['Role', 'User', 'Group'] as const).map((kind, at) => ({
        Effect: 'Allow',
        Action: [`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`],
        Resource: targets[at],
        Condition: { ArnEquals: { 'iam:PolicyARN': [{ Ref: 'DenyMeterPolicy' }, { Ref: 'DenyLargePolicy' }] } },
      })),
    );
  });

  test('the teardown may find and detach all three, and attach none', () => {
    const statements = statementsOf(
      synthesized(modelsOf(1), (deny, role) => deny.grantLift(role, targets)),
      'Actor',
    );
    expect(statements.flatMap(({ Action }) => Action)).toEqual([
      'iam:DetachRolePolicy',
      'iam:DetachUserPolicy',
      'iam:DetachGroupPolicy',
      'iam:ListEntitiesForPolicy',
    ]);
    expect(statements[3]!.Resource).toEqual([
      { Ref: 'DenyMeterPolicy' },
      { Ref: 'DenyLargePolicy' },
      { Ref: 'DenyBillPolicy' },
    ]);
  });

  test('no permission for a kind of principal that there is none of', () => {
    const template = synthesized([], (deny, role) => deny.grantLift(role, [arn('role', 'app')]));
    expect(JSON.stringify(statementsOf(template, 'Actor'))).not.toMatch(/User|Group/);
  });
});
