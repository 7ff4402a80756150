import { setTimeout as sleep } from 'node:timers/promises';
import { BudgetsClient, DescribeBudgetActionsForBudgetCommand } from '@aws-sdk/client-budgets';
import { IAMClient, ListAttachedRolePoliciesCommand, ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { cdkFor, type Cdk } from '../../../local/cdk';
import { ACCOUNT, startEmulator, type Emulator } from '../../../local/emulator';
import { GuardFunctions } from '../../../local/functions';
import { raw, stackNames } from './support';

/** The app as it is shipped, on an emulator that enforces IAM: nothing that the guard does may be refused. */
let aws: Emulator;
let cdk: Cdk;
let guard: GuardFunctions;

beforeAll(async () => {
  // Its schedules are fired by hand.
  aws = await startEmulator({ scheduleSeconds: 3600 });
  cdk = cdkFor(aws);
  await cdk.bootstrap();
  await cdk.deploy('dev');
  guard = await GuardFunctions.of(aws, 'dev');
});
afterAll(() => aws?.stop());
afterEach(() => aws.control.faults.clear());

const refused = async () => (await aws.control.uses()).filter(({ allowed }) => !allowed);

test('schedules call the functions under their own role, which do their work under theirs', async () => {
  await aws.control.clearUses();
  await aws.control.fire();
  const used = async (role: RegExp, action: string) =>
    (await aws.control.uses()).some((use) => role.test(use.principal) && use.action === action && use.allowed);
  const wanted = [
    [/:role\/SpendGuard-dev-SchedulesRole/, 'lambda:InvokeFunction'],
    [/:assumed-role\/SpendGuard-dev-SpendMeterRole/, 'cloudwatch:GetMetricData'],
    [/:assumed-role\/SpendGuard-dev-SpendMeterRole/, 'dynamodb:PutItem'],
    [/:role\/SpendGuard-dev-SpendMeterRole/, 'logs:PutLogEvents'],
    [/:assumed-role\/SpendGuard-dev-CostCheckRole/, 'ce:GetCostAndUsage'],
    [/:assumed-role\/SpendGuard-dev-HealthCheckRole/, 'bedrock:InvokeModel'],
    [/:assumed-role\/SpendGuard-dev-AutoStop/, 'dynamodb:Query'],
  ] as const;
  const missing = async () => {
    const found = await Promise.all(wanted.map(([role, action]) => used(role, action)));
    return wanted.filter((_, index) => !found[index]).map(([role, action]) => `${String(role)} ${action}`);
  };
  for (let tries = 0; (await missing()).length > 0 && tries < 100; tries++) await sleep(100);
  expect(await missing()).toEqual([]);
  expect(await refused()).toEqual([]);
  expect(await aws.control.undelivered()).toEqual([]);
});

let clock = Date.now();
const tick = () => guard.tick((clock += 120_000));

describe('faults', () => {
  const evaluated = { result: { kind: 'done' } };

  test.each(['throttle', 'error'] as const)('a %s is met by a call, and made up for by its retry', async (kind) => {
    await aws.control.faults.inject({ action: 'cloudwatch:ListMetrics', kind, count: 1 });
    expect(await tick()).toMatchObject(evaluated);
    expect(await aws.control.faults.list()).toMatchObject([{ fired: 1 }]);
  });

  test('calls are let by before, when it is so ordered', async () => {
    await aws.control.faults.inject({ action: 'cloudwatch:ListMetrics', kind: 'error', after: 1, count: 1 });
    expect(await tick()).toMatchObject(evaluated);
    expect(await aws.control.faults.list()).toMatchObject([{ after: 0, fired: 1 }]);
  });

  test('a time-out ends the function once its call is done, and the next tick goes on', async () => {
    const revision = ({ lines }: Awaited<ReturnType<typeof tick>>) =>
      Number(lines.findLast(({ event }) => event === 'meter.ticked')?.['revision']);
    const before = revision(await tick());
    await aws.control.faults.inject({ action: 'dynamodb:PutItem', kind: 'timeout', count: 1 });
    expect(await tick()).toMatchObject({ error: 'Unhandled' });
    expect(await aws.control.faults.list()).toMatchObject([{ fired: 1 }]);
    const after = await tick();
    expect(after).toMatchObject(evaluated);
    // The write before the time-out counts.
    expect(revision(after)).toBeGreaterThan(before + 1);
  });

  test('an order that makes no sense is refused', async () => {
    await expect(aws.control.faults.inject({ action: 'AttachRolePolicy', kind: 'error' })).rejects.toMatchObject({
      code: 'CONTROL_REFUSED',
    });
  });
});

test('a deploy during a stop leaves it: also the budgets action keeps its id, its state and what it has attached', async () => {
  const { ProfileAmazonNovaProV10Arn: profile = '', InvokerRoleArn: role = '' } = cdk.outputs('dev');
  const dimensions = { ModelId: profile.slice(profile.lastIndexOf('/') + 1) };
  const at = Math.floor(Date.now() / 1000);
  const tokens = { namespace: 'AWS/Bedrock', metric: 'OutputTokenCount', value: 60_000_000, dimensions, at };
  await aws.control.points([tokens]);
  expect(await tick()).toMatchObject({ result: { desired: 'stopped' } });
  const held = async () => {
    const RoleName = role.slice(role.lastIndexOf('/') + 1);
    const { AttachedPolicies = [] } = await aws
      .client(IAMClient)
      .send(new ListAttachedRolePoliciesCommand({ RoleName }));
    return AttachedPolicies.map(({ PolicyName }) => /Deny(Meter|Large|Bill)/.exec(PolicyName ?? '')?.[1]).sort();
  };
  const { BudgetNameC30F9FFB: BudgetName = '' } = cdk.outputs('dev');
  const action = async () => {
    const { Actions = [] } = await aws
      .client(BudgetsClient)
      .send(new DescribeBudgetActionsForBudgetCommand({ AccountId: ACCOUNT, BudgetName }));
    return Actions.map(({ ActionId, Status, Definition }) => ({
      ActionId,
      Status,
      roles: Definition?.IamActionDefinition?.Roles?.length,
    }));
  };
  await aws.control.cross(BudgetName);
  const before = await action();
  expect(before).toMatchObject([{ Status: 'EXECUTION_SUCCESS', roles: 1 }]);
  expect(await held()).toEqual(['Bill', 'Large', 'Meter']);
  const wider = cdkFor(aws, { config: 'bench/local-tiers.ts' });
  await wider.deploy('dev');
  expect(wider.outputs('dev')['BudgetNameC30F9FFB']).toBe(BudgetName);
  expect(await action()).toEqual([{ ...before[0], roles: 10 }]);
  expect(await held()).toEqual(['Bill', 'Large', 'Meter']);
});

test('destroy during a stop leaves nothing of the guard behind', async () => {
  await cdk.destroy('dev');
  const iam = aws.client(IAMClient);
  const schedules = await raw(aws, 'scheduler', { method: 'GET', path: '/schedules' });
  const logs = await raw(aws, 'logs', {
    method: 'POST',
    path: '/',
    headers: { 'x-amz-target': 'Logs_20140328.DescribeLogGroups', 'content-type': 'application/x-amz-json-1.1' },
    body: '{}',
  });
  expect({
    stacks: await stackNames(aws),
    policies: (await iam.send(new ListPoliciesCommand({ Scope: 'Local' }))).Policies,
    roles: (await iam.send(new ListRolesCommand({}))).Roles?.filter(({ RoleName }) =>
      RoleName?.startsWith('SpendGuard'),
    ),
    schedules: JSON.parse(schedules.text),
    logGroups: JSON.parse(logs.text),
  }).toEqual({
    stacks: ['CDKToolkit'],
    policies: [],
    roles: [],
    schedules: { Schedules: [] },
    logGroups: { logGroups: [] },
  });
});
