import { parseSpendMeterEnv } from '../../lambda/spend-meter/env';
import { LOOK_AGAIN_MS } from '../../core/meter/pacing';
import { AGAIN_CLAIM_MS, CLAIM_MS } from '../../lambda/spend-meter/evaluate';
import {
  actionsOf,
  environmentOf,
  granting,
  madeFor,
  PRINCIPALS,
  resourcesOf,
  roleIds,
  statementsOf,
  templateOf,
  toldTo,
  type Statement,
  templateFor,
} from '../helpers/stack';

const stack = madeFor(environmentOf('dev', { principals: PRINCIPALS }));
const { template } = stack;
const [roleId = ''] = roleIds(template, /spend-meter/);
const statements = statementsOf(template, roleId);
const boundary = boundaryStatements();
const meter = Object.values(resourcesOf(template, 'AWS::Lambda::Function')).find(
  ({ Properties }) => Properties['Environment']?.Variables?.SWITCH_FUNCTION !== undefined,
)!;

const theSwitch = { Ref: 'SwitchPolicy' };

test('it attaches the switch to the named principals, and lets go nobody', () => {
  const attach = ['Role', 'User', 'Group'].flatMap((kind) => granting(statements, `iam:Attach${kind}Policy`));
  expect(attach).toHaveLength(3);
  for (const { Condition } of attach) expect(Condition).toEqual({ ArnEquals: { 'iam:PolicyARN': [theSwitch] } });
  expect(JSON.stringify(attach.map(({ Resource }) => Resource))).toContain(':user/bot');
  expect(JSON.stringify(attach.map(({ Resource }) => Resource))).toContain(':group/people');
  expect(JSON.stringify(attach)).not.toContain('/*');
  expect(JSON.stringify(statements)).not.toContain('iam:Detach');
});

test('it puts a version of the switch in effect, and writes none', () => {
  expect(granting(statements, 'iam:SetDefaultPolicyVersion').map(({ Resource }) => Resource)).toEqual([theSwitch]);
  const iam = statements.flatMap(actionsOf).filter((action) => action.startsWith('iam:'));
  expect(iam.filter((action) => /(Create|Delete|Put|Pass|Update)/.test(action))).toEqual([]);
});

test('whatever is attached to its role later, a boundary keeps it to that policy', () => {
  const iam = boundary.filter(({ Action }) => JSON.stringify(Action).includes('iam:'));
  expect(boundary.every(({ Effect }) => Effect === 'Allow')).toBe(true);
  expect(JSON.stringify(boundary)).not.toMatch(/iam:(\*|Detach|Create|Delete|Put|Pass)/);
  const attach = iam.filter(({ Action }) => JSON.stringify(Action).includes('iam:Attach'));
  expect(attach.map(({ Condition }) => Condition)).toEqual([{ ArnEquals: { 'iam:PolicyARN': [theSwitch] } }]);
  const setDefault = iam.filter(({ Action }) => JSON.stringify(Action).includes('iam:SetDefault'));
  expect(setDefault.map(({ Resource }) => Resource)).toEqual([theSwitch]);
});

test('its boundary has every action that the role is granted, and no other', () => {
  const all = (list: readonly { Action: string | readonly string[] }[]) =>
    [...new Set(list.flatMap(({ Action }) => Action))].sort();
  expect(all(boundary)).toEqual(all(statements));
});

test('it runs each minute, is over before its claim ends, and is neither retried nor buried', () => {
  const schedules = Object.values(resourcesOf(template, 'AWS::Scheduler::Schedule'));
  expect(schedules.map(({ Properties }) => Properties['ScheduleExpression'] as string)).toContain('rate(1 minute)');
  const livesMs = meter.Properties['Timeout'] * 1000;
  expect(livesMs).toBeLessThan(CLAIM_MS);
  // A second look's claim outlives its run, and not the minute.
  expect(livesMs - LOOK_AGAIN_MS).toBeLessThan(AGAIN_CLAIM_MS);
  expect(LOOK_AGAIN_MS + AGAIN_CLAIM_MS).toBeLessThan(60_000);
  const configs = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig'));
  const config = configs.find(({ Properties }) => Properties['MaximumRetryAttempts'] === 0);
  expect(config?.Properties['DestinationConfig']).toBeUndefined();
});

test('what it is told is what it parses', () => {
  const env = parseSpendMeterEnv(toldTo(stack, 'spend-meter'));
  expect(env.MODELS.map(({ tier }) => tier)).toEqual(['small', 'large', 'large']);
  expect(env.LINES.stopAtPercent).toBe(95);
});

test('trap 50: it may read when list prices end, and never write it', () => {
  const keysOf = (action: string) => JSON.stringify(granting(statements, action).map(({ Condition }) => Condition));
  expect(keysOf('dynamodb:GetItem')).toContain('"lifecycle"');
  expect(keysOf('dynamodb:PutItem')).not.toContain('"lifecycle"');
  expect(keysOf('dynamodb:Query')).not.toContain('"lifecycle"');
});

test('without batch jobs to stop it may neither list nor stop them', () => {
  const other = templateOf('dev', { stopBatchJobs: false });
  const [id = ''] = roleIds(other, /spend-meter/);
  expect(JSON.stringify(statementsOf(other, id))).not.toContain('ModelInvocationJob');
});

test('several metered Regions: tags and jobs of each, and the variables say so', () => {
  const other = templateOf('dev', { meterRegions: ['us-east-1', 'us-west-2'] });
  const [id = ''] = roleIds(other, /spend-meter/);
  expect(JSON.stringify(statementsOf(other, id))).toContain(':bedrock:us-west-2:');
});

test('a tick cannot fail a deployment for want of concurrency: nothing is reserved in the template', () => {
  expect(meter.Properties['ReservedConcurrentExecutions']).toBeUndefined();
  expect(
    Object.values(templateFor(environmentOf('prod')).findResources('Custom::SpendGuardReservedConcurrency')),
  ).toHaveLength(1);
});

function boundaryStatements() {
  const { Ref } = resourcesOf(template, 'AWS::IAM::Role')[roleId]!.Properties['PermissionsBoundary'] as { Ref: string };
  const document = resourcesOf(template, 'AWS::IAM::ManagedPolicy')[Ref]!.Properties['PolicyDocument'] as {
    Statement: readonly Statement[];
  };
  return document.Statement;
}
