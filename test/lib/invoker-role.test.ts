import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  actionsOf,
  environmentOf,
  resourcesOf,
  statementsOf,
  templateOf,
  WITH_LLAMA,
  templateFor,
} from '../helpers/stack';

const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const ACCOUNT = '111122223333';

describe('in a shared account, through its profiles', () => {
  const template = templateOf('dev', WITH_LLAMA);
  const statements = statementsOf(template, 'InvokerRole');
  const bySid = (sid: string) => statements.find(({ Sid }) => Sid === sid)!;
  const profileIds = Object.keys(resourcesOf(template, 'AWS::Bedrock::ApplicationInferenceProfile')).filter((id) =>
    id.startsWith('Profiles'),
  );

  test('has one profile per model, and allows these and no other', () => {
    expect(profileIds.length).toBe(environmentOf('dev', WITH_LLAMA).models.length);
    expect(bySid('CallProfiles')).toMatchObject({ Effect: 'Allow', Action: INVOKE });
    const allowed = bySid('CallProfiles').Resource as { 'Fn::GetAtt': [string, string] }[];
    expect(allowed.map((arn) => arn['Fn::GetAtt'][0]).sort()).toEqual(profileIds.sort());
    expect(new Set(allowed.map((arn) => arn['Fn::GetAtt'][1]))).toEqual(new Set(['InferenceProfileArn']));
  });

  test('trap 4: the model is allowed in every destination Region, and through a profile only', () => {
    const statement = bySid('CallModelsThroughProfiles');
    const resources = JSON.stringify(statement.Resource);
    for (const region of ['us-east-1', 'us-east-2', 'us-west-2']) {
      expect(resources).toContain(`:bedrock:${region}::foundation-model/meta.llama3-1-70b-instruct-v1:0`);
    }
    const through = statement.Condition!['StringEquals']!['bedrock:InferenceProfileArn'] as unknown[];
    expect(through.length).toBeGreaterThanOrEqual(profileIds.length);
  });

  test('nothing but these statements allows anything, and no resource is a wildcard', () => {
    const allows = statements.filter(({ Effect }) => Effect === 'Allow');
    expect(allows.map(({ Sid }) => Sid).sort()).toEqual([
      'CallModelsThroughProfiles',
      'CallProfiles',
      'ReadStatus',
      'ShareBudget',
    ]);
    for (const allow of allows.filter(({ Sid }) => Sid?.startsWith('Call'))) {
      expect(actionsOf(allow)).toEqual(INVOKE);
      expect(JSON.stringify(allow.Resource)).not.toContain('*');
    }
  });

  test('trap 31: dear service tiers are denied by a positive operator', () => {
    expect(bySid('NoDearServiceTier')).toEqual({
      Sid: 'NoDearServiceTier',
      Effect: 'Deny',
      Action: INVOKE,
      Resource: '*',
      Condition: { StringEquals: { 'bedrock:ServiceTier': ['priority', 'reserved'] } },
    });
  });

  test('trap 29: batch jobs are denied, as they would outlive a stop', () => {
    expect(bySid('NoBatchJobs')).toMatchObject({
      Effect: 'Deny',
      Action: 'bedrock:CreateModelInvocationJob',
      Resource: '*',
    });
  });
});

describe('its items of the leases table', () => {
  const keysOf = (budgets: object) =>
    statementsOf(templateOf('dev', { budgets }), 'InvokerRole').find(({ Sid }) => Sid === 'ShareBudget')!.Condition;
  const keyed = { Null: { 'dynamodb:LeadingKeys': 'false' } };

  test("are the environment's own budget and the request limits", () => {
    const keys = ['BUDGET#dev#????-??', 'RATE#dev'];
    expect(keysOf({})).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys }, ...keyed });
  });

  test('and all that is within it, where the config has budgets', () => {
    const keys = ['BUDGET#dev#????-??', 'BUDGET#dev/*', 'RATE#dev'];
    const budgets = { search: { monthlyLimitUsd: 1 }, ads: { dailyLimitUsd: 1 } };
    expect(keysOf(budgets)).toEqual({ 'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': keys }, ...keyed });
  });
});

describe('in an account of its own, directly', () => {
  const template = templateOf('dev', { identity: 'direct', account: ACCOUNT, ...WITH_LLAMA });
  const statements = statementsOf(template, 'InvokerRole');

  test('has no application profile but the canary’s', () => {
    const ids = Object.keys(resourcesOf(template, 'AWS::Bedrock::ApplicationInferenceProfile'));
    expect(ids.filter((id) => !id.startsWith('HealthCheckCanary'))).toEqual([]);
  });

  test('a cross-Region model is allowed by its system profile, and behind that only', () => {
    const profiles = statements.find(({ Sid }) => Sid === 'CallProfiles')!;
    expect(JSON.stringify(profiles.Resource)).toContain(
      `:bedrock:us-east-1:${ACCOUNT}:inference-profile/us.meta.llama3-1-70b-instruct-v1:0`,
    );
    const behind = statements.find(({ Sid }) => Sid === 'CallModelsThroughProfiles')!;
    expect(JSON.stringify(behind.Condition)).toContain('inference-profile/us.meta.llama3-1-70b-instruct-v1:0');
    expect(JSON.stringify(behind.Resource)).not.toContain('nova-lite');
  });

  test('a model on demand is allowed in its own Region only', () => {
    const direct = statements.find(({ Sid }) => Sid === 'CallModels')!;
    expect(JSON.stringify(direct.Resource)).toContain(':bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0');
    expect(JSON.stringify(direct.Resource)).not.toMatch(/us-east-2|us-west-2/);
  });
});

describe('who may assume it', () => {
  const trustOf = (assumableBy: object) => {
    const role = resourcesOf(templateOf('dev', { assumableBy }), 'AWS::IAM::Role')['InvokerRole']!;
    return JSON.stringify(role.Properties['AssumeRolePolicyDocument']);
  };

  test('the account as a whole never may', () => {
    expect(trustOf({ principals: [] })).not.toContain(':root');
  });

  test('a named role may', () => {
    const trust = trustOf({ principals: [`arn:aws:iam::${ACCOUNT}:role/app`] });
    expect(trust).toContain(`"Principal":{"AWS":"arn:aws:iam::${ACCOUNT}:role/app"}`);
    expect(trust).not.toContain('NobodyYet');
  });

  test("GitHub's tokens of one repository and environment may", () => {
    const trust = trustOf({ principals: [], githubOidc: { repository: 'acme/app', subject: 'environment:dev' } });
    expect(trust).toContain('"sts:AssumeRoleWithWebIdentity"');
    expect(trust).toContain('"token.actions.githubusercontent.com:sub":"repo:acme/app:environment:dev"');
    expect(trust).toContain('"token.actions.githubusercontent.com:aud":"sts.amazonaws.com"');
  });
});

test('the partition is that of the stack, never a literal', () => {
  const lib = path.join(__dirname, '../../lib');
  const literal = readdirSync(lib).filter((file) => /arn:aws[:-]/.test(readFileSync(path.join(lib, file), 'utf8')));
  expect(literal).toEqual([]);
});

test('synthesizes for every environment of the shipped configuration', () => {
  for (const name of ['dev', 'staging', 'prod']) {
    expect(() => templateFor(environmentOf(name))).not.toThrow();
  }
});
