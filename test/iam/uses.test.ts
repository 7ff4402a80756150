import type { Use } from '../../local/control';
import type { GrantedRole } from '../e2e/support/granted';
import { RoleUses } from '../e2e/support/uses';
import { IamActions } from '../helpers/iam-actions';
import { GUARD_SERVICES } from '../helpers/iam-stack';

const ROLE = 'SpendGuard-dev-SpendMeterRoleBC8153AA-A819AC6764BAA';
const SWITCH = 'arn:aws:iam::123456789012:policy/spend-guard/spend-guard-switch-dev';
const APP = 'arn:aws:iam::123456789012:role/team/app';
const TABLE = 'arn:aws:dynamodb:us-east-1:123456789012:table/SpendGuard-dev-TablesState705891C2-83973A2863FE8';

let iam: IamActions;
beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
});

const allow = (...statements: readonly object[]) => ({
  Version: '2012-10-17',
  Statement: statements.map((one) => ({ Effect: 'Allow', ...one })),
});
const ATTACHES = {
  Action: 'iam:AttachRolePolicy',
  Resource: APP,
  Condition: { ArnEquals: { 'iam:PolicyARN': [SWITCH] } },
};
const READS = {
  Action: ['dynamodb:GetItem', 'dynamodb:Query'],
  Resource: TABLE,
  Condition: {
    'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['meter', 'canary'] },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
};

const role = (document: unknown, more: Partial<GrantedRole> = {}): GrantedRole => ({
  environment: 'dev',
  roleName: ROLE,
  feature: 'spend-meter',
  policies: [{ name: 'own', document }],
  ...more,
});
const use = (action: string, resource: string, context: Use['context'] = {}, more: Partial<Use> = {}): Use => ({
  principal: `arn:aws:sts::123456789012:assumed-role/${ROLE}/meter`,
  action,
  resource,
  context,
  allowed: true,
  count: 1,
  ...more,
});
const ofRole = (roles: readonly GrantedRole[], ...uses: readonly Use[]) => new RoleUses(iam, roles, uses);
const attach = use('iam:AttachRolePolicy', APP, { 'iam:PolicyARN': SWITCH });

describe('uses that no template grants', () => {
  test('none where each is granted, with its condition keys', () => {
    const read = use('dynamodb:Query', TABLE, { 'dynamodb:LeadingKeys': ['meter'] });
    expect(ofRole([role(allow(ATTACHES, READS))], attach, read).ungranted()).toEqual([]);
  });

  test.each([
    ['another action', use('iam:DetachRolePolicy', APP, { 'iam:PolicyARN': SWITCH })],
    ['another resource', use('iam:AttachRolePolicy', APP.replace('app', 'other'), { 'iam:PolicyARN': SWITCH })],
    ['another value of a condition key', use('iam:AttachRolePolicy', APP, { 'iam:PolicyARN': `${SWITCH}-x` })],
    ['no value of it', use('iam:AttachRolePolicy', APP)],
  ])('%s', (_what, other) => {
    expect(ofRole([role(allow(ATTACHES))], attach, other).ungranted()).toEqual([other]);
  });

  test('a use that was refused is none, and neither is that of another role', () => {
    const refused = use('iam:DetachRolePolicy', APP, {}, { allowed: false });
    const others = use('iam:DetachRolePolicy', APP, {}, { principal: 'arn:aws:iam::123456789012:role/another' });
    expect(ofRole([role(allow(ATTACHES))], refused, others).ungranted()).toEqual([]);
  });

  test('what the boundary does not let through is not granted', () => {
    const boundary = { name: 'boundary', document: allow({ Action: 'sns:Publish', Resource: '*' }) };
    expect(ofRole([role(allow(ATTACHES), { boundary })], attach).ungranted()).toEqual([attach]);
  });

  test('either version of a role that was deployed twice may grant it', () => {
    const versions = [role(allow(ATTACHES)), role(allow(READS))];
    expect(ofRole(versions, attach).ungranted()).toEqual([]);
  });

  test('who it is, everybody may ask', () => {
    expect(ofRole([role(allow(ATTACHES))], use('sts:GetCallerIdentity', '*')).ungranted()).toEqual([]);
  });
});

describe('grants that nothing has used', () => {
  test('each action on each resource, for each key or policy, whatever CloudFormation has called it', () => {
    const read = use('dynamodb:Query', TABLE, { 'dynamodb:LeadingKeys': ['meter'] });
    expect([...ofRole([role(allow(ATTACHES, READS))], read).grants()]).toEqual([
      [
        'spend-meter: iam:AttachRolePolicy on :role/team/app, for :policy/spend-guard/spend-guard-switch-<environment>',
        'unused',
      ],
      ['spend-meter: dynamodb:GetItem on :table/SpendGuard-<environment>-TablesState, for meter', 'unused'],
      ['spend-meter: dynamodb:GetItem on :table/SpendGuard-<environment>-TablesState, for canary', 'unused'],
      ['spend-meter: dynamodb:Query on :table/SpendGuard-<environment>-TablesState, for meter', 'used'],
      ['spend-meter: dynamodb:Query on :table/SpendGuard-<environment>-TablesState, for canary', 'unused'],
    ]);
  });

  test('a refused use does not count, one in any version does', () => {
    const refused = { ...attach, allowed: false };
    expect([
      ...ofRole([role(allow(ATTACHES))], refused)
        .grants()
        .values(),
    ]).toEqual(['unused']);
    expect([
      ...ofRole([role(allow(ATTACHES)), role(allow(ATTACHES))], attach)
        .grants()
        .values(),
    ]).toEqual(['used']);
  });
});

test.each([
  ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ip-0123456789ab'],
  ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ip-012345678901'],
  ['arn:aws:bedrock:us-east-1:123456789012:application-inference-profile/ip-abcdef012345'],
])('an id that AWS makes up is one, whatever its digits look like: %s', (Resource) => {
  const roles = [role(allow({ Action: 'bedrock:InvokeModel', Resource }))];
  expect([...ofRole(roles).grants().keys()]).toEqual([
    'spend-meter: bedrock:InvokeModel on :application-inference-profile/<id>',
  ]);
});

test.each(['f768ab6b-bbe7-4dde-8f4f-012345678901', '01234567-0123-0123-0123-0123456789ab'])(
  'the id of a budgets action: %s',
  (id) => {
    const Resource = `arn:aws:budgets::123456789012:budget/spend-guard-dev-1a2b3c4d/action/${id}`;
    const roles = [role(allow({ Action: 'budgets:ExecuteBudgetAction', Resource }))];
    expect([...ofRole(roles).grants().keys()]).toEqual([
      'spend-meter: budgets:ExecuteBudgetAction on :budget/spend-guard-<environment>/action/<id>',
    ]);
  },
);
