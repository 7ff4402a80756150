import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import * as iam from 'aws-cdk-lib/aws-iam';
import { COSTLY_ACTIONS, COSTLY_BESIDES_MODELS } from '../../core/costly-actions';
import { DenyPolicies } from '../../lib/deny-policies';
import { policyCharacters } from '../../lib/policy-size';
import { BASE_IDS } from '../helpers/library-models';
import { resourcesOf, statementsOf, type Statement } from '../helpers/stack';

const ACCOUNT = '111122223333';
// As cdk.json has it: where the Region is known, so is the partition.
const context = { '@aws-cdk/core:enablePartitionLiterals': true };

function synthesized(
  smallModels: readonly string[],
  use?: (deny: DenyPolicies, role: iam.Role) => void,
  region = 'cn-north-1',
): Template {
  const stack = new Stack(new App({ context }), 'Test', { env: { region, account: ACCOUNT } });
  const deny = new DenyPolicies(stack, 'Deny', { smallModels });
  const role = new iam.Role(stack, 'Actor', { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') });
  (role.node.defaultChild as iam.CfnRole).overrideLogicalId('Actor');
  use?.(deny, role);
  return Template.fromStack(stack);
}

const documentOf = (template: Template, id: string) =>
  resourcesOf(template, 'AWS::IAM::ManagedPolicy')[id]!.Properties['PolicyDocument'] as { Statement: Statement[] };

const modelsOf = (count: number): string[] =>
  Array.from({ length: count }, (_, at) => `maker.small-model-${String(at).padStart(2, '0')}-v1:0`);

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
  const statements = documentOf(synthesized(['maker.small-v1:0', 'maker.tiny-v1:0']), 'DenyLargePolicy').Statement;

  test('is two unconditional denials, as with a condition a missing key could let a call through: all that costs, and all models but small ones', () => {
    expect(statements).toEqual([
      { Sid: 'DenyWhatCosts', Effect: 'Deny', Action: COSTLY_BESIDES_MODELS, Resource: '*' },
      {
        Sid: 'DenyAllButSmallModels',
        Effect: 'Deny',
        Action: 'bedrock:Invoke*',
        NotResource: [
          `arn:aws-cn:bedrock:*:${ACCOUNT}:inference-profile/*`,
          `arn:aws-cn:bedrock:*:${ACCOUNT}:application-inference-profile/*`,
          'arn:aws-cn:bedrock:*::foundation-model/maker.small-v1:0',
          'arn:aws-cn:bedrock:*::foundation-model/maker.tiny-v1:0',
        ],
      },
    ]);
  });

  test('takes the partition of the stack: a reference where the Region is not known', () => {
    const stack = new Stack(new App({ context }), 'Anywhere');
    const deny = new DenyPolicies(stack, 'Deny', { smallModels: ['maker.small-v1:0'] });
    const [profiles, , model] = stack.resolve(deny.large.document.toJSON()).Statement[1].NotResource;
    expect(model).toEqual({
      'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, ':bedrock:*::foundation-model/maker.small-v1:0']],
    });
    expect(profiles).toEqual({
      'Fn::Join': [
        '',
        [...['arn:', { Ref: 'AWS::Partition' }, ':bedrock:*:', { Ref: 'AWS::AccountId' }], ':inference-profile/*'],
      ],
    });
  });

  test('without small models is valid, and denies every model: the profiles alone call none', () => {
    expect(documentOf(synthesized([]), 'DenyLargePolicy').Statement[1]).toHaveProperty('NotResource', [
      `arn:aws-cn:bedrock:*:${ACCOUNT}:inference-profile/*`,
      `arn:aws-cn:bedrock:*:${ACCOUNT}:application-inference-profile/*`,
    ]);
  });
});

describe('trap 40: a managed policy holds 6,144 characters', () => {
  // One id of the right length brings the document to any size.
  const document = (idCharacters: number) =>
    documentOf(synthesized([...modelsOf(30), 'm'.repeat(idCharacters)]), 'DenyLargePolicy');
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
      /^deny-large would have 6145 characters, IAM takes 6144: .*models\.small/,
    );
  });

  test.each(['us-east-1', 'us-gov-west-1'])('in %s the sixty longest ids of the price library fit', (region) => {
    const longest = documentOf(synthesized(BASE_IDS.slice(0, 60), undefined, region), 'DenyLargePolicy');
    expect(JSON.stringify(longest).length).toBeGreaterThan(5_000);
    expect(longest.Statement).toHaveLength(2);
  });

  test('what does not fit names the key of the config to shorten', () => {
    expect(() => synthesized(modelsOf(100))).toThrow(expect.objectContaining({ code: 'POLICY_TOO_LARGE' }));
    expect(() => synthesized(modelsOf(100))).toThrow(/fewer in models\.small of config\/budget-tiers\.ts/);
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
