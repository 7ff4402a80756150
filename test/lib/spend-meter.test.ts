import { Template } from 'aws-cdk-lib/assertions';
import { parseSpendMeterEnv } from '../../lambda/spend-meter/env';
import { CLAIM_MS } from '../../lambda/spend-meter/evaluate';
import {
  actionsOf,
  environmentOf,
  resourcesOf,
  roleIds,
  stackOf,
  statementsOf,
  templateOf,
  toldTo,
} from '../helpers/stack';

const stack = stackOf(
  environmentOf('dev', { principals: { roles: ['team/app'], users: ['bot'], groups: ['people'] } }),
);
const template = Template.fromStack(stack);
const [roleId = ''] = roleIds(template, /spend-meter/);
const statements = statementsOf(template, roleId);
const granting = (action: string) => statements.filter((statement) => actionsOf(statement).includes(action));
const meter = Object.values(resourcesOf(template, 'AWS::Lambda::Function')).find(
  ({ Properties }) => Properties['Environment']?.Variables?.DENY_METER_ARN !== undefined,
)!;

const own = [{ Ref: 'DenyMeterPolicy' }, { Ref: 'DenyLargePolicy' }];

test('it attaches its own two policies to the named principals, and detaches them from anybody', () => {
  const attach = ['Role', 'User', 'Group'].flatMap((kind) => granting(`iam:Attach${kind}Policy`));
  for (const { Condition } of statements.filter((one) =>
    actionsOf(one).some((action) => /Attach|Detach/.test(action)),
  )) {
    expect(Condition).toEqual({ ArnEquals: { 'iam:PolicyARN': own } });
  }
  expect(JSON.stringify(attach.map(({ Resource }) => Resource))).toContain(':user/bot');
  expect(JSON.stringify(attach.map(({ Resource }) => Resource))).toContain(':group/people');
  expect(JSON.stringify(attach)).not.toContain(':role/*');
});

test('whatever is attached to its role later, a boundary keeps it to these two policies', () => {
  const boundary = resourcesOf(template, 'AWS::IAM::Role')[roleId]?.Properties['PermissionsBoundary'] as {
    Ref: string;
  };
  const document = resourcesOf(template, 'AWS::IAM::ManagedPolicy')[boundary.Ref]?.Properties['PolicyDocument'] as {
    Statement: readonly { Effect: string; Action: string | string[]; Condition?: unknown; Resource: unknown }[];
  };
  const iam = document.Statement.filter(({ Action }) => JSON.stringify(Action).includes('iam:'));
  expect(document.Statement.every(({ Effect }) => Effect === 'Allow')).toBe(true);
  expect(JSON.stringify(document)).not.toContain('iam:*');
  expect(
    iam.filter(({ Action }) => /Attach|Detach/.test(JSON.stringify(Action))).map(({ Condition }) => Condition),
  ).toEqual([{ ArnEquals: { 'iam:PolicyARN': own } }]);
});

test('every action that the role is granted is within the boundary', () => {
  const boundary = resourcesOf(template, 'AWS::IAM::Role')[roleId]?.Properties['PermissionsBoundary'] as {
    Ref: string;
  };
  const document = resourcesOf(template, 'AWS::IAM::ManagedPolicy')[boundary.Ref]?.Properties['PolicyDocument'] as {
    Statement: readonly { Action: string | string[] }[];
  };
  const within = new Set(document.Statement.flatMap(({ Action }) => Action));
  expect(statements.flatMap(actionsOf).filter((action) => !within.has(action))).toEqual([]);
});

test('it runs each minute, is over before its claim ends, and is neither retried nor buried', () => {
  const schedules = Object.values(resourcesOf(template, 'AWS::Scheduler::Schedule'));
  expect(schedules.map(({ Properties }) => Properties['ScheduleExpression'] as string)).toContain('rate(1 minute)');
  expect(meter.Properties['Timeout'] * 1000).toBeLessThan(CLAIM_MS);
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
  const keysOf = (action: string) =>
    JSON.stringify(statements.filter((one) => actionsOf(one).includes(action)).map(({ Condition }) => Condition));
  expect(keysOf('dynamodb:GetItem')).toContain('"lifecycle"');
  expect(keysOf('dynamodb:PutItem')).not.toContain('"lifecycle"');
  expect(keysOf('dynamodb:Query')).not.toContain('"lifecycle"');
});

test('more principals than fit the variables are refused at synth, with what takes the room', () => {
  const roles = Array.from({ length: 60 }, (_, at) => `a-role-with-a-rather-long-name-${at}-${'x'.repeat(40)}`);
  expect(() => stackOf(environmentOf('dev', { principals: { roles, users: [], groups: [] } }))).toThrow(
    /variables would have \d+ bytes, Lambda takes 4096: PRINCIPALS alone has \d+; list less of it/,
  );
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
    Object.values(
      Template.fromStack(stackOf(environmentOf('prod'))).findResources('Custom::SpendGuardReservedConcurrency'),
    ),
  ).toHaveLength(1);
});
