import { readdirSync } from 'node:fs';
import { usd } from '../../core/money';
import { parseCostCheckEnv } from '../../lambda/cost-check/env';
import { parseHealthCheckEnv } from '../../lambda/health-check/env';
import { principalsOf } from '../../lambda/principals';
import { parseSpendMeterEnv } from '../../lambda/spend-meter/env';
import { parseSwitchEnv } from '../../lambda/switch/env';
import { PARAMETERS } from '../../lib/one-click-parameters';
import { MAX_VARIABLES_BYTES } from '../../lib/variables';
import type { FilledResource, FilledStatement } from '../helpers/filled-template';
import { filledWith, PREFIX, released, resourceOf, toldIn, variablesIn } from '../helpers/one-click';

const ACTION = 'AWS::Budgets::BudgetsAction';
const BUDGET = 'AWS::Budgets::Budget';
const statementsIn = (resources: Readonly<Record<string, FilledResource>>): readonly FilledStatement[] =>
  Object.values(resources).flatMap(({ Type, Properties }) =>
    Type === 'AWS::IAM::Policy' ? Properties.PolicyDocument.Statement : [],
  );
const actionsIn = (resources: Readonly<Record<string, FilledResource>>) =>
  statementsIn(resources).flatMap(({ Action }) => Action);
const meterOf = (parameters: Readonly<Record<string, string>> = {}) =>
  parseSpendMeterEnv(toldIn(filledWith(parameters), 'spend-meter'));

describe('every combination of what can be chosen', () => {
  const modes = PARAMETERS.Mode.values;
  const scopes = PARAMETERS.AccountWide.values;
  const combinations = modes.flatMap((Mode) =>
    scopes.flatMap((AccountWide) =>
      ['', 'app'].flatMap((GuardedRoles) =>
        ['', 'bot'].flatMap((GuardedUsers) =>
          ['', 'arn:aws:events:us-east-1:111122223333:event-bus/hub'].map((HubBusArn) => ({
            ...{ Mode, AccountWide, GuardedRoles, GuardedUsers, HubBusArn },
          })),
        ),
      ),
    ),
  );

  test.each(combinations)('refers to nothing that it leaves out, and each function starts: %j', (parameters) => {
    const filled = filledWith(parameters);
    const lambda = { AWS_REGION: 'us-east-1' };
    expect(() => parseSpendMeterEnv(toldIn(filled, 'spend-meter'))).not.toThrow();
    expect(() => parseCostCheckEnv(toldIn(filled, 'cost-check'))).not.toThrow();
    expect(() => parseHealthCheckEnv(toldIn(filled, 'health-check'))).not.toThrow();
    const arns = { SWITCH_ARN: 'arn:aws:iam::1:policy/s', DENY_BILL_ARN: 'arn:aws:iam::1:policy/d' };
    expect(() => parseSwitchEnv({ ...toldIn(filled, 'switch'), ...arns, ...lambda })).not.toThrow();
  });
});

describe('the limit', () => {
  test.each([
    ['1', 1],
    ['50', 50],
    ['1000000', 1_000_000],
  ])('of %s dollars is what budget, meter and report have, and the lines are its percents', (given, dollars) => {
    const filled = filledWith({ MonthlyLimitUsd: given });
    expect(resourceOf(filled, BUDGET).Properties.Budget.BudgetLimit).toEqual({ Amount: given, Unit: 'USD' });
    const { LINES } = parseSpendMeterEnv(toldIn(filled, 'spend-meter'));
    expect(LINES).toMatchObject({ limit: usd(dollars), dailyLimit: usd(dollars / 5), hourlyBrake: usd(dollars / 10) });
    expect(parseCostCheckEnv(toldIn(filled, 'cost-check')).LIMIT_NANO_USD).toBe(usd(dollars));
  });
});

describe('Mode', () => {
  test('enforce: the meter denies, and AWS Budgets has an action that waits for a person', () => {
    const filled = filledWith({ Mode: 'enforce' });
    expect(resourceOf(filled, ACTION).Properties).toMatchObject({
      ApprovalModel: 'MANUAL',
      ActionThreshold: { Type: 'PERCENTAGE', Value: 95 },
    });
    expect(meterOf({ Mode: 'enforce' })).toMatchObject({ ENFORCE: 'true', BILL_ACTION_AT_PERCENT: '95' });
    expect(toldIn(filled, 'health-check')['BILL_ACTION']).toBe('true');
  });

  test('watch: neither, and nobody is granted what only an action needs', () => {
    const filled = filledWith({ Mode: 'watch' });
    expect(() => resourceOf(filled, ACTION)).toThrow('0 of');
    const { ENFORCE, BILL_ACTION_ID, BILL_ACTION_AT_PERCENT } = meterOf({ Mode: 'watch' });
    expect({ ENFORCE, BILL_ACTION_ID, BILL_ACTION_AT_PERCENT }).toEqual({
      ...{ ENFORCE: 'false', BILL_ACTION_ID: '', BILL_ACTION_AT_PERCENT: '' },
    });
    expect(toldIn(filled, 'cost-check')).toMatchObject({ ENFORCE: 'false', BILL_ACTION_ID: '' });
    expect(toldIn(filled, 'health-check')['BILL_ACTION']).toBe('false');
    const granted = ({ resources }: typeof filled) =>
      actionsIn(resources).filter((action) => /^budgets:(Execute|Describe)/.test(action));
    expect(granted(filled)).toEqual([]);
    expect(new Set(granted(filledWith({ Mode: 'enforce' })))).toEqual(
      new Set(['budgets:DescribeBudgetAction', 'budgets:ExecuteBudgetAction']),
    );
    expect(filled.outputs['BillActionId']).toBeUndefined();
    expect(Object.keys(filled.resources).filter((id) => id.startsWith('BillAction'))).toEqual([]);
  });
});

describe('AccountWide', () => {
  test('yes: all usage counts by every id, at any price, and the budget is over every name that Bedrock is billed by', () => {
    const env = meterOf({ AccountWide: 'yes' });
    expect(env).toMatchObject({ METERING: 'account', IDENTITY: 'direct', MOST_A_CALL: 'unknown' });
    const pro = env.MODELS.find(({ id }) => id === 'amazon.nova-pro-v1:0')!;
    expect(pro.metricIds).toEqual([expect.stringMatching(/^<Profiles/), 'amazon.nova-pro-v1:0']);
    const [counted] = resourceOf(filledWith({ AccountWide: 'yes' }), BUDGET).Properties.Budget.FilterExpression.And;
    expect(counted.Dimensions?.Key).toBe('SERVICE');
    expect(counted.Dimensions?.Values).toContain('Amazon Bedrock Service');
  });

  test('no: what goes through the own profiles counts, and the budget is over what carries their tag', () => {
    const env = meterOf({ AccountWide: 'no' });
    expect(env).toMatchObject({ METERING: 'profiles', IDENTITY: 'profile', MOST_A_CALL: expect.any(Number) });
    expect(env.MODELS.flatMap(({ metricIds }) => metricIds).every((id) => id.startsWith('<Profiles'))).toBe(true);
    const [counted] = resourceOf(filledWith({ AccountWide: 'no' }), BUDGET).Properties.Budget.FilterExpression.And;
    expect(counted).toEqual({ Tags: { Key: 'spend-guard:models', Values: ['account'], MatchOptions: ['EQUALS'] } });
  });

  test('no: whom a stop reaches and the meter may not see is told, by names of the parameters; yes: nobody is', () => {
    const names = { GuardedRoles: 'app, batch,', GuardedGroups: 'people' };
    const unmetered = (AccountWide: string) =>
      parseCostCheckEnv(toldIn(filledWith({ ...names, AccountWide }), 'cost-check')).GUARDED_UNMETERED;
    expect(unmetered('no')).toEqual(['role app', 'role batch', 'group people']);
    expect(unmetered('yes')).toEqual([]);
  });
});

describe('who is guarded', () => {
  const INVOKER = '<InvokerRole>';
  test.each([
    ['', []],
    ['app', ['app']],
    ['app,batch', ['app', 'batch']],
    [' app , batch ', ['app', 'batch']],
    ['app,batch, ', ['app', 'batch']],
  ])(
    '%j as GuardedRoles is %j: for the functions, and for AWS Budgets, which takes no empty name',
    (GuardedRoles, names) => {
      const filled = filledWith({ GuardedRoles });
      for (const feature of ['spend-meter', 'switch', 'health-check']) {
        const { PRINCIPALS } = toldIn(filled, feature);
        const env = parseSpendMeterEnv({ ...toldIn(filled, 'spend-meter'), PRINCIPALS: PRINCIPALS! });
        expect(principalsOf(env).map(({ kind, name }) => `${kind} ${name}`)).toEqual(
          [INVOKER, ...names].map((name) => `role ${name}`),
        );
      }
      const { Roles, Users, Groups } = resourceOf(filled, ACTION).Properties.Definition.IamActionDefinition;
      expect({ Roles, Users, Groups }).toEqual({ Roles: [INVOKER, ...names], Users: undefined, Groups: undefined });
    },
  );

  test('users and groups go the same way', () => {
    const filled = filledWith({ GuardedUsers: 'bot, deployer,', GuardedGroups: ' people' });
    const { Users, Groups } = resourceOf(filled, ACTION).Properties.Definition.IamActionDefinition;
    expect({ Users, Groups }).toEqual({ Users: ['bot', 'deployer'], Groups: ['people'] });
    expect(parseSpendMeterEnv(toldIn(filled, 'spend-meter')).PRINCIPALS).toEqual({
      ...{ roles: [], users: ['bot', 'deployer'], groups: ['people'] },
    });
  });

  test('trap 52: another name changes the custom resource that gives the switch to people, and another limit does not', () => {
    const propertiesOf = (parameters: Readonly<Record<string, string>>) =>
      resourceOf(filledWith(parameters), 'Custom::SpendGuardSwitch').Properties;
    expect(propertiesOf({ GuardedUsers: 'bot' })).not.toEqual(propertiesOf({}));
    expect(propertiesOf({ MonthlyLimitUsd: '51' })).toEqual(propertiesOf({}));
  });

  test('a policy grants on everybody of a kind under a condition on the two policies of the guard alone', () => {
    const changing = statementsIn(filledWith().resources).filter(({ Action }) =>
      /iam:(Attach|Detach)/.test(JSON.stringify(Action)),
    );
    expect(changing.length).toBeGreaterThan(0);
    for (const { Condition } of changing) {
      for (const arn of [Condition?.ArnEquals?.['iam:PolicyARN']].flat())
        expect(['<SwitchPolicy>', '<DenyBillPolicy>']).toContain(arn);
    }
  });
});

test('with the longest lists that the parameters take the variables fit into what Lambda takes', () => {
  const longest = (name: 'GuardedRoles' | 'GuardedUsers' | 'GuardedGroups') => 'x'.repeat(PARAMETERS[name].longest);
  const filled = filledWith({
    MonthlyLimitUsd: '1000000',
    GuardedRoles: longest('GuardedRoles'),
    GuardedUsers: longest('GuardedUsers'),
    GuardedGroups: longest('GuardedGroups'),
    Email: 'e'.repeat(PARAMETERS.Email.longest),
  });
  for (const feature of ['spend-meter', 'switch', 'health-check', 'cost-check', 'auto-stop']) {
    const entries = Object.entries(variablesIn(filled, feature));
    // A reference is an ARN at most, but for the id of a profile.
    const sized = (name: string, value: string) =>
      value.replaceAll(/<[^>]*>/g, name === 'PROFILE_IDS' ? 'x'.repeat(20) : 'x'.repeat(100));
    const bytes = entries.reduce((sum, [name, value]) => sum + name.length + Buffer.byteLength(sized(name, value)), 0);
    expect(`${feature}: ${bytes <= MAX_VARIABLES_BYTES ? 'fits' : bytes}`).toBe(`${feature}: fits`);
  }
});

describe('without a bootstrap', () => {
  test('code comes from the bucket and the prefix of the parameters, and each zip is there', () => {
    const { resources } = filledWith({ AssetBucket: 'other-bucket', AssetPrefix: 'a/b/' });
    const codes = Object.values(resources).flatMap(({ Type, Properties }) =>
      Type === 'AWS::Lambda::Function' ? [Properties.Code] : [],
    );
    expect(codes.length).toBe(6);
    expect(new Set(codes.map(({ S3Bucket }) => S3Bucket))).toEqual(new Set(['other-bucket']));
    const zips = readdirSync(released().folder).filter((name) => name.endsWith('.zip'));
    expect(codes.map(({ S3Key }) => S3Key).sort()).toEqual(zips.map((name) => `a/b/${name}`).sort());
  });

  test('nothing of CDK is asked of the account, and the prefix has a default', () => {
    const { text } = released();
    expect(text).not.toMatch(/BootstrapVersion|cdk-hnb659fds|cdk-|AssetParameters|Fn::ImportValue|CDKMetadata|aws:cdk/);
    const { Parameters, Rules } = JSON.parse(text) as {
      Parameters: Record<string, { Default?: string }>;
      Rules?: object;
    };
    expect(Object.keys(Parameters).sort()).toEqual(Object.keys(PARAMETERS).sort());
    expect(Parameters['AssetPrefix']?.Default).toBe(PREFIX);
    expect(Parameters['AssetBucket']?.Default).toBeUndefined();
    expect(Rules).toBeUndefined();
  });

  /** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, read 2026-11-29 */
  test("it is within CloudFormation's quotas for a template", () => {
    const { text } = released();
    const template = JSON.parse(text) as Record<string, object> & { Description: string };
    const count = (section: string) => Object.keys(template[section] ?? {}).length;
    expect(Buffer.byteLength(text)).toBeLessThan(460_800);
    expect(count('Resources')).toBeLessThan(500);
    expect(count('Parameters')).toBeLessThan(200);
    expect(count('Outputs')).toBeLessThan(200);
    expect(Buffer.byteLength(template.Description)).toBeLessThanOrEqual(1_024);
    expect(text).not.toMatch(/\n/);
  });
});

test('trap 11: the budget has no name of its own, as another address replaces it; its action names it by reference', () => {
  const filled = filledWith();
  expect(resourceOf(filled, BUDGET).Properties.Budget.BudgetName).toBeUndefined();
  const trust = JSON.stringify(resourceOf(filled, 'AWS::IAM::Role', 'BillActionRole').Properties);
  expect(trust).toMatch(/budget\/<BudgetMonthly[0-9A-F]+>/);
});

test('whoever in the account is let may assume the invoker role, and nobody else', () => {
  const { AssumeRolePolicyDocument } = resourceOf(filledWith(), 'AWS::IAM::Role', 'InvokerRole').Properties;
  const principals = AssumeRolePolicyDocument.Statement.map(({ Principal }) => Principal);
  expect(principals).toEqual([
    { AWS: 'arn:aws:iam::<AWS::AccountId>:root' },
    { AWS: expect.stringMatching(/^<HealthCheckRole\w+\.Arn>$/) },
  ]);
});
