import { FINGERPRINT } from '../../core/estimates/assembly-metadata';
import { Template } from 'aws-cdk-lib/assertions';
import type { EnvironmentConfig } from '../../config/guard-config';
import { parseSwitchEnv } from '../../lambda/switch/env';
import {
  ALONE,
  environmentOf,
  madeFor,
  PRINCIPALS,
  resourcesOf,
  roleIds,
  stackOf,
  toldTo,
  variablesOf,
  type Resource,
  templateFor,
} from '../helpers/stack';

const dev = templateFor(environmentOf('dev'));
const resources = dev.toJSON().Resources as Readonly<Record<string, Resource>>;

const policyOf = (template: Template) => resourcesOf(template, 'AWS::IAM::ManagedPolicy')['SwitchPolicy']!;

/** As everywhere and for ever: CloudFormation puts a changed document in effect, and replaces the policy for the rest. */
const policy = (environment: string) => ({
  Type: 'AWS::IAM::ManagedPolicy',
  Properties: {
    ManagedPolicyName: `spend-guard-switch-${environment}`,
    Path: '/spend-guard/',
    Description: 'Spend guard: its version in effect says whether Bedrock may be used. Changed by the meter only',
    PolicyDocument: {
      Version: '2012-10-17',
      Statement: [
        {
          Sid: 'SpendGuardOpenDeniesNothing3ec4a1524eaf7fdc',
          Effect: 'Allow',
          Action: 'sts:GetCallerIdentity',
          Resource: '*',
          Condition: { Null: { 'aws:PrincipalArn': 'true' } },
        },
      ],
    },
    Roles: [{ Ref: 'InvokerRole' }],
  },
});

describe('the policy', () => {
  test('is open, has its own name and path, and is attached to the environment’s role by the template', () => {
    expect(policyOf(dev)).toEqual(policy('dev'));
  });

  const [small] = environmentOf('dev').models;
  test.each<[string, string, EnvironmentConfig]>([
    ['another environment, with other settings', 'prod', environmentOf('prod')],
    ['other principals', 'dev', environmentOf('dev', { principals: PRINCIPALS })],
    ['other models', 'dev', { ...environmentOf('dev'), models: [small!] }],
    ['another limit, and no budgets action', 'dev', environmentOf('dev', { monthlyLimitUsd: 7, billAction: 'none' })],
    ['an account of its own', 'dev', environmentOf('dev', ALONE)],
    ['another Region and partition', 'dev', { ...environmentOf('dev'), region: 'us-gov-west-1' }],
  ])('nothing of it depends on the configuration: %s', (_what, name, environment) => {
    expect(policyOf(templateFor(environment))).toEqual(policy(name));
  });
});

describe('the custom resource, by what each deployment makes first, and each deletion last', () => {
  const idOf = (type: string) => Object.keys(resources).find((id) => resources[id]!.Type === type)!;
  const custom = idOf('Custom::SpendGuardSwitch');
  const dependsOn = (id: string) => [resources[id]!.DependsOn ?? []].flat();

  test('what it needs is there before it, and still there when it lets everybody go', () => {
    const [role = ''] = roleIds(dev, /switch/);
    const [own = ''] =
      Object.entries(resourcesOf(dev, 'AWS::IAM::Policy')).find(([, { Properties }]) =>
        JSON.stringify(Properties['Roles']).includes(role),
      ) ?? [];
    const tables = Object.keys(resourcesOf(dev, 'AWS::DynamoDB::GlobalTable'));
    expect(tables).toHaveLength(2);
    expect(dependsOn(custom)).toEqual(
      expect.arrayContaining(['SwitchPolicy', 'DenyBillPolicy', 'InvokerRole', role, own, ...tables]),
    );
  });

  test('trap 18: every schedule and the budgets action go before it, so that nothing denies anybody behind its back', () => {
    const after = Object.keys(resources).filter((id) =>
      ['AWS::Scheduler::Schedule', 'AWS::Budgets::BudgetsAction'].includes(resources[id]!.Type),
    );
    expect(after.length).toBeGreaterThanOrEqual(5);
    for (const id of after) expect([id, dependsOn(id).includes(custom)]).toEqual([id, true]);
  });

  test('trap 52: any change of the template makes it run again, and no change does not', () => {
    const markOf = (template: Template) =>
      Object.values(resourcesOf(template, 'Custom::SpendGuardSwitch')).map(
        ({ Properties }) => Properties[FINGERPRINT] as string,
      );
    const mark = markOf(dev);
    expect(mark).toEqual([expect.stringMatching(/^[0-9a-f]{16}$/)]);
    // Made anew, and not the one that is made once in a run.
    expect(markOf(Template.fromStack(stackOf(environmentOf('dev'))))).toEqual(mark);
    expect(markOf(templateFor(environmentOf('dev', { monthlyLimitUsd: 51 })))).not.toEqual(mark);
    expect(markOf(templateFor(environmentOf('dev', { principals: PRINCIPALS })))).not.toEqual(mark);
  });
});

test('outputs: what permission sets and people refer to, and whom a stop does not reach', () => {
  const { Outputs } = dev.toJSON() as { Outputs: Record<string, { Value: unknown }> };
  expect(Outputs['SwitchPolicyArn']!.Value).toEqual({ Ref: 'SwitchPolicy' });
  expect(Outputs['SwitchStill']!.Value).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Still'] });
  expect(Outputs['SwitchWithout']!.Value).toEqual({ 'Fn::GetAtt': [expect.any(String), 'Without'] });
});

test('what its function is told is what it parses, from variables within what Lambda takes', () => {
  const stack = madeFor(environmentOf('dev', { principals: PRINCIPALS }));
  const arn = (name: string) => `arn:aws:iam::111122223333:policy/${name}`;
  // What a reference stands for only a deployment knows.
  const deployed = { SWITCH_ARN: arn('switch'), DENY_BILL_ARN: arn('bill'), AWS_REGION: 'us-east-1' };
  const env = parseSwitchEnv({ ...toldTo(stack, 'switch'), ...deployed });
  expect(env.PRINCIPALS).toEqual({ roles: ['app'], users: ['bot'], groups: ['people'] });
  const small = environmentOf('dev').models.filter(({ tier }) => tier === 'small');
  expect(env.SMALL_MODELS).toEqual(small.map(({ route }) => route.modelId));
  expect(Object.keys(variablesOf(stack, 'switch')).sort()).toEqual([
    ...['ACCOUNT_ID', 'DENY_BILL_ARN', 'INVOKER_ROLE', 'STATE_TABLE_NAME', 'SWITCH_ARN'],
  ]);
});
