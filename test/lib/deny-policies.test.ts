import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { COSTLY_ACTIONS } from '../../core/costly-actions';
import { DenyPolicies, policyCharacters, type LargeModel } from '../../lib/deny-policies';
import { resourcesOf, statementsOf, type Statement } from '../helpers/stack';

const ACCOUNT = '111122223333';
// As cdk.json has it: where the Region is known, so is the partition.
const context = { '@aws-cdk/core:enablePartitionLiterals': true };

function synthesized(largeModels: readonly LargeModel[], use?: (deny: DenyPolicies, role: iam.Role) => void): Template {
  const stack = new Stack(new App({ context }), 'Test', {
    env: { region: 'cn-north-1', account: ACCOUNT },
  });
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

test('descriptions are create-only in IAM: a changed word would replace the policy under whoever is stopped', () => {
  const policies = resourcesOf(synthesized([]), 'AWS::IAM::ManagedPolicy');
  expect(Object.fromEntries(Object.entries(policies).map(([id, one]) => [id, one.Properties['Description']]))).toEqual({
    DenyMeterPolicy: 'Spend guard: denies all of Bedrock that costs. Attached by the meter',
    DenyLargePolicy: 'Spend guard: denies the large models. Attached by the meter',
    DenyBillPolicy: 'Spend guard: denies all of Bedrock that costs. Attached by AWS Budgets',
  });
});

describe('deny-large', () => {
  const profileArn = `arn:aws-cn:bedrock:cn-north-1:${ACCOUNT}:application-inference-profile/abc`;
  const [statement, ...more] = documentOf(
    synthesized([{ modelId: 'maker.big-v1:0', profileArn }, { modelId: 'maker.huge-v1:0' }]),
    'DenyLargePolicy',
  ).Statement;
  const patterns = statement!.Resource as readonly string[];
  // IAM's matching: `*` is anything, an empty string too.
  const denied = (resource: string) =>
    patterns.some((pattern) => {
      const literal = pattern.split('*').map((part) => part.replace(/[.$^+?()[\]{}|\\]/g, '\\$&'));
      return new RegExp(`^${literal.join('.*')}$`).test(resource);
    });

  test('is one unconditional denial of invocation: with a condition a missing key could let a call through', () => {
    expect(more).toEqual([]);
    expect({ ...statement, Resource: undefined }).toEqual({
      Sid: 'DenyLargeModels',
      Effect: 'Deny',
      Action: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
      Resource: undefined,
    });
  });

  test.each([
    ['the model in its own Region', 'arn:aws-cn:bedrock:cn-north-1::foundation-model/maker.big-v1:0'],
    ['the model in a destination Region', 'arn:aws-cn:bedrock:cn-northwest-1::foundation-model/maker.big-v1:0'],
    ['trap 4: the global form, whose Region is empty', 'arn:aws-cn:bedrock:::foundation-model/maker.big-v1:0'],
    ['a geographic profile', `arn:aws-cn:bedrock:cn-north-1:${ACCOUNT}:inference-profile/apac.maker.big-v1:0`],
    ['the global profile', `arn:aws-cn:bedrock:cn-north-1:${ACCOUNT}:inference-profile/global.maker.big-v1:0`],
    ['the own application profile', profileArn],
    ['the second model', 'arn:aws-cn:bedrock:cn-north-1::foundation-model/maker.huge-v1:0'],
  ])('denies %s', (_what, resource) => expect(denied(resource)).toBe(true));

  test.each([
    ['a small model', 'arn:aws-cn:bedrock:cn-north-1::foundation-model/maker.small-v1:0'],
    ['a later version', 'arn:aws-cn:bedrock:cn-north-1::foundation-model/maker.big-v1:1'],
    ['a profile of a small model', `arn:aws-cn:bedrock:cn-north-1:${ACCOUNT}:inference-profile/apac.maker.small-v1:0`],
    ["another environment's profile", profileArn.replace('/abc', '/xyz')],
  ])('leaves %s', (_what, resource) => expect(denied(resource)).toBe(false));

  test('takes the partition of the stack: a reference where the Region is not known', () => {
    const stack = new Stack(new App({ context }), 'Anywhere');
    const deny = new DenyPolicies(stack, 'Deny', { largeModels: [{ modelId: 'maker.big-v1:0' }] });
    const resources = stack.resolve(deny.large.document.toJSON()).Statement[0].Resource;
    expect(resources).toEqual([
      { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':bedrock:*::foundation-model/maker.big-v1:0']] },
      {
        'Fn::Join': [
          '',
          [
            ...['arn:', { Ref: 'AWS::Partition' }, ':bedrock:*:', { Ref: 'AWS::AccountId' }],
            ':inference-profile/*.maker.big-v1:0',
          ],
        ],
      },
    ]);
  });

  test('without large models is valid and denies nothing that exists: no model has an id without a dot', () => {
    const [only] = documentOf(synthesized([]), 'DenyLargePolicy').Statement;
    expect(only!.Resource).toBe('arn:aws-cn:bedrock:*::foundation-model/none');
  });
});

describe('trap 40: a managed policy holds 6,144 characters', () => {
  // One profile ARN of the right length brings the document to any size.
  const document = (profileCharacters: number) => {
    const models = [...modelsOf(30), { modelId: 'maker.last-v1:0', profileArn: 'p'.repeat(profileCharacters) }];
    return documentOf(synthesized(models), 'DenyLargePolicy');
  };
  const filler = 6_144 - JSON.stringify(document(0)).length;

  test('the list of what costs fits with room to spare', () => {
    expect(policyCharacters(documentOf(synthesized([]), 'DenyMeterPolicy'))).toBeLessThan(3_000);
  });

  test.each([
    ['just below', 6_143],
    ['at', 6_144],
  ])('%s the limit it synthesizes', (_where, size) => {
    expect(JSON.stringify(document(filler + size - 6_144))).toHaveLength(size);
  });

  test('one character above it does not', () => {
    expect(() => document(filler + 1)).toThrow(
      /^deny-large would have 6145 characters, IAM takes 6144: .*models\.large/,
    );
  });

  test('sixty large models name the key of the config to shorten', () => {
    expect(() => synthesized(modelsOf(60))).toThrow(expect.objectContaining({ code: 'POLICY_TOO_LARGE' }));
    expect(() => synthesized(modelsOf(60))).toThrow(/models\.large of config\/budget-tiers\.ts/);
  });

  test('white space does not count, and a reference counts as the most that it can stand for', () => {
    expect(policyCharacters({ a: 'b c' })).toBe('{"a":"bc"}'.length);
    expect(policyCharacters({ a: { 'Fn::GetAtt': ['X', 'Arn'] } })).toBe(120 + '{"a":""}'.length);
    const joined = (part: unknown) => policyCharacters({ a: { 'Fn::Join': ['', ['arn:', part]] } });
    const around = '{"a":"arn:"}'.length;
    expect(joined({ Ref: 'AWS::Partition' })).toBe(around + 'aws-us-gov'.length);
    expect(joined({ Ref: 'AWS::AccountId' })).toBe(around + ACCOUNT.length);
    expect(joined({ 'Fn::GetAtt': ['X', 'Arn'] })).toBe(around + 120);
  });
});

describe('grants', () => {
  const targets = [arn('role', 'app'), arn('user', 'bot'), arn('group', 'data')];

  const own = [{ Ref: 'DenyMeterPolicy' }, { Ref: 'DenyLargePolicy' }];
  const detachFromAnybody = (policies: readonly unknown[]) =>
    (['Role', 'User', 'Group'] as const).map((kind) => ({
      Effect: 'Allow',
      Action: `iam:Detach${kind}Policy`,
      Resource: arn(kind.toLowerCase(), '*'),
      Condition: { ArnEquals: { 'iam:PolicyARN': policies } },
    }));

  test('the meter may attach its two policies to the named principals, detach them from anybody, and never touch deny-bill', () => {
    const template = synthesized(modelsOf(1), (deny, role) => deny.grantConverge(role, targets));
    const statements = statementsOf(template, 'Actor');
    expect(statements).toEqual([
      ...(['Role', 'User', 'Group'] as const).map((kind, at) => ({
        Effect: 'Allow',
        Action: `iam:Attach${kind}Policy`,
        Resource: targets[at],
        Condition: { ArnEquals: { 'iam:PolicyARN': own } },
      })),
      ...detachFromAnybody(own),
    ]);
  });

  test('the teardown may find and detach all three from everybody, also whom the config has dropped, and attach none', () => {
    const statements = statementsOf(
      synthesized(modelsOf(1), (deny, role) => deny.grantLift(role)),
      'Actor',
    );
    const all = [{ Ref: 'DenyMeterPolicy' }, { Ref: 'DenyLargePolicy' }, { Ref: 'DenyBillPolicy' }];
    expect(statements).toEqual([
      ...detachFromAnybody(all),
      { Effect: 'Allow', Action: 'iam:ListEntitiesForPolicy', Resource: all },
    ]);
  });

  test('a role that only the deployment names counts as a role', () => {
    const template = synthesized([], (deny, role) => deny.grantConverge(role, [role.roleArn]));
    expect(statementsOf(template, 'Actor')[0]).toMatchObject({
      Action: 'iam:AttachRolePolicy',
      Resource: { 'Fn::GetAtt': ['Actor', 'Arn'] },
    });
  });

  test('no permission to attach to a kind of principal that there is none of', () => {
    const template = synthesized([], (deny, role) => deny.grantConverge(role, [arn('role', 'app')]));
    expect(JSON.stringify(statementsOf(template, 'Actor'))).not.toMatch(/AttachUser|AttachGroup/);
  });
});
