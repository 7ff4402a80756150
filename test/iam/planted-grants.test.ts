import type { Template } from '../../simulator/template/resolver';
import { IamActions } from '../helpers/iam-actions';
import { kindsOf, meterAtMost, OUTMOST, written } from '../helpers/iam-changes';
import { findingsOf } from '../helpers/iam-findings';
import { ACCOUNT, ADMINISTRATOR, GUARD_SERVICES, stackIam, StackIam } from '../helpers/iam-stack';
import {
  propertiesOf,
  type TemplatePolicy,
  type TemplateProperties,
  type TemplateStatement,
} from '../helpers/template-properties';

const QUOTA = `arn:aws:servicequotas:us-east-1:${ACCOUNT}:bedrock/L-1`;

let iam: IamActions;
let dev: StackIam;

beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
  dev = stackIam(iam, 'dev');
});

describe('a fault planted in the template is found', () => {
  type Resources = Record<string, { Type: string; Properties: TemplateProperties }>;

  const changed = (change: (resources: Resources) => void, stack = dev): StackIam => {
    const { environment, template } = stack;
    const copy = structuredClone(template) as { Resources: Resources };
    change(copy.Resources);
    return new StackIam(iam, environment, copy as Template);
  };
  const broken = (change: (resources: Resources) => void) => findingsOf(changed(change));
  /** @throws Error unless there is exactly one */
  const only = (resources: Resources, type: string, prefix: string): TemplateProperties => {
    const found = Object.entries(resources).filter(([id, { Type }]) => Type === type && id.startsWith(prefix));
    if (found.length !== 1) throw new Error(`${found.length} ${type} called ${prefix}*, not one`);
    return found[0]![1].Properties;
  };
  const statementsOf = (resources: Resources, prefix: string): TemplateStatement[] =>
    only(resources, 'AWS::IAM::Policy', prefix)['PolicyDocument'].Statement;
  const grant = (resources: Resources, prefix: string, action: string): TemplateStatement =>
    statementsOf(resources, prefix).find((one) => [one.Action].flat().includes(action))!;
  const trust: TemplatePolicy & { Version: string } = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
  };
  const both = { ArnEquals: { 'iam:PolicyARN': [{ Ref: 'DenyBillPolicy' }, { Ref: 'SwitchPolicy' }] } };
  const anyPolicy = `arn:aws:iam::${ACCOUNT}:policy/*`;
  const theSwitch = { Ref: 'SwitchPolicy' };
  const allow = (Action: string, Resource: unknown, Condition?: TemplateStatement['Condition']): TemplateStatement => ({
    Effect: 'Allow',
    Action,
    Resource,
    ...(Condition && { Condition }),
  });
  const anybody = (kind: string) => `arn:aws:iam::${ACCOUNT}:${kind}/*`;
  const notTheAdministrator = { ArnNotEquals: { 'iam:PolicyARN': ADMINISTRATOR } };

  test.each<[string, (resources: Resources) => void, RegExp]>([
    [
      'a role that nobody has thought of',
      (all) =>
        (all['NewRole'] = { Type: 'AWS::IAM::Role', Properties: propertiesOf({ AssumeRolePolicyDocument: trust }) }),
      /^NewRole: no row in test\/helpers\/iam-roles\.ts: say there what the role NewRole may do$/,
    ],
    [
      'another service that may take on a role',
      (all) => (only(all, 'AWS::IAM::Role', 'Schedules')['AssumeRolePolicyDocument'] = trust),
      /^schedules: may be assumed by ec2\.amazonaws\.com$/,
    ],
    [
      'the deploy’s function detaches whatever it likes',
      (all) => delete grant(all, 'SwitchDeploy', 'iam:DetachRolePolicy').Condition,
      /^switch: may also iam:DetachRolePolicy on \S+ with iam:PolicyARN arn:aws:iam::aws:policy\/AdministratorAccess$/,
    ],
    [
      'the deploy’s function attaches AWS Budgets’ deny, which is not its own',
      (all) => (grant(all, 'SwitchDeploy', 'iam:AttachRolePolicy').Condition = both),
      /^switch: is granted what its row does not have: .*iam:AttachRolePolicy .*DenyBillPolicy/,
    ],
    [
      'the deploy’s function writes versions of any policy',
      (all) => (grant(all, 'SwitchDeploy', 'iam:CreatePolicyVersion').Resource = anyPolicy),
      /^switch: may also iam:CreatePolicyVersion on \S+policy\/x-spend-guard\/spend-guard-switch-dev$/,
    ],
    [
      "the deploy's function writes versions of another environment's switch",
      (all) =>
        (grant(all, 'SwitchDeploy', 'iam:CreatePolicyVersion').Resource = `${anyPolicy.slice(0, -1)}spend-guard/*`),
      /^switch: may also iam:DeletePolicyVersion on \S+policy\/spend-guard\/spend-guard-switch-other$/,
    ],
    [
      'the deploy’s function writes AWS Budgets’ deny too',
      (all) =>
        (grant(all, 'SwitchDeploy', 'iam:CreatePolicyVersion').Resource = [theSwitch, { Ref: 'DenyBillPolicy' }]),
      /^switch: is granted what its row does not have: .*iam:CreatePolicyVersion on \S+DenyBillPolicy/,
    ],
    [
      'the deploy’s function loses the right to take versions away',
      (all) => {
        const statement = grant(all, 'SwitchDeploy', 'iam:DeletePolicyVersion');
        statement.Action = [statement.Action ?? []].flat().filter((one) => one !== 'iam:DeletePolicyVersion');
      },
      /^switch: may not iam:DeletePolicyVersion on/,
    ],
    [
      'the meter lets go',
      (all) =>
        statementsOf(all, 'SpendMeter').push(
          allow('iam:DetachRolePolicy', anybody('role'), { ArnEquals: { 'iam:PolicyARN': [theSwitch] } }),
        ),
      /^spend-meter: is granted what its row does not have: .*iam:DetachRolePolicy/,
    ],
    [
      'the meter writes versions',
      (all) => statementsOf(all, 'SpendMeter').push(allow('iam:CreatePolicyVersion', theSwitch)),
      /^spend-meter: is granted what its row does not have: .*iam:CreatePolicyVersion/,
    ],
    [
      'the meter takes versions away',
      (all) => statementsOf(all, 'SpendMeter').push(allow('iam:DeletePolicyVersion', theSwitch)),
      /^spend-meter: is granted what its row does not have: .*iam:DeletePolicyVersion/,
    ],
    [
      'the meter attaches another policy',
      (all) => (grant(all, 'SpendMeter', 'iam:AttachRolePolicy').Condition = both),
      /^spend-meter: is granted what its row does not have: .*iam:AttachRolePolicy .*DenyBillPolicy/,
    ],
    [
      'the meter attaches whatever it likes, and only its boundary holds it',
      (all) => delete grant(all, 'SpendMeter', 'iam:AttachRolePolicy').Condition,
      /^spend-meter: may also iam:AttachRolePolicy on \S+ with iam:PolicyARN arn:aws:iam::aws:policy\/AdministratorAccess$/,
    ],
    [
      'the meter attaches to whom nobody has named',
      (all) => (grant(all, 'SpendMeter', 'iam:AttachRolePolicy').Resource = anybody('role')),
      /^spend-meter: may also iam:AttachRolePolicy on \S+x-SpendGuard-dev-InvokerRole with/,
    ],
    [
      "the meter sets another policy's default",
      (all) => statementsOf(all, 'SpendMeter').push(allow('iam:SetDefaultPolicyVersion', { Ref: 'DenyBillPolicy' })),
      /^spend-meter: is granted what its row does not have: .*iam:SetDefaultPolicyVersion on \S+DenyBillPolicy/,
    ],
    [
      'the meter invokes any function',
      (all) =>
        (grant(all, 'SpendMeter', 'lambda:InvokeFunction').Resource = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:*`),
      /^spend-meter: may also lambda:InvokeFunction on \S+SpendGuard-other-/,
    ],
    [
      'the health check puts a version in effect',
      (all) => statementsOf(all, 'HealthCheck').push(allow('iam:SetDefaultPolicyVersion', theSwitch)),
      /^health-check: is granted what its row does not have: .*iam:SetDefaultPolicyVersion/,
    ],
    [
      'the budgets action reaches every role',
      (all) => (grant(all, 'BillAction', 'iam:AttachRolePolicy').Resource = `arn:aws:iam::${ACCOUNT}:role/*`),
      /^bill-action: may also iam:AttachRolePolicy on \S+x-SpendGuard-dev-InvokerRole with/,
    ],
    [
      'the budgets action attaches the switch too',
      (all) => (grant(all, 'BillAction', 'iam:AttachRolePolicy').Condition = both),
      /^bill-action: is granted what its row does not have: .*spend-guard-switch-dev/,
    ],
    [
      'trap 31: a negated operator, which also holds without the key',
      (all) => (grant(all, 'BillAction', 'iam:AttachRolePolicy').Condition = notTheAdministrator),
      /^bill-action: may also iam:AttachRolePolicy on \S+InvokerRole$/,
    ],
    [
      'the schedules may run any function',
      (all) => (grant(all, 'Schedules', 'lambda:InvokeFunction').Resource = '*'),
      /^schedules: may also lambda:InvokeFunction on arn:aws:lambda:us-east-1:\d+:function:SpendGuard-other-/,
    ],
    [
      'the schedules lose a function',
      (all) => (grant(all, 'Schedules', 'lambda:InvokeFunction').Resource as unknown[]).pop(),
      /^schedules: may not lambda:InvokeFunction on/,
    ],
    [
      'a function may pass any role',
      (all) => statementsOf(all, 'AutoStop').push({ Effect: 'Allow', Action: 'iam:PassRole', Resource: '*' }),
      /^auto-stop: is granted what its row does not have: .*iam:PassRole/,
    ],
    [
      'the meter loses what it stops with',
      (all) => (grant(all, 'SpendMeter', 'iam:SetDefaultPolicyVersion').Effect = 'Deny'),
      /^spend-meter: may not iam:SetDefaultPolicyVersion on/,
    ],
    [
      'the boundary forgets what the role is granted',
      (all) => only(all, 'AWS::IAM::ManagedPolicy', 'SpendMeterBoundary')['PolicyDocument'].Statement.splice(1, 1),
      /^spend-meter: may not iam:AttachRolePolicy on/,
    ],
    [
      'the meter writes records that are not its own',
      (all) => delete grant(all, 'SpendMeter', 'dynamodb:Query').Condition!['ForAllValues:StringEquals'],
      /^spend-meter: may also dynamodb:Query on \S+ with dynamodb:LeadingKeys meter and other$/,
    ],
    [
      'ForAllValues without Null lets a call without the key through',
      (all) => delete grant(all, 'SpendMeter', 'dynamodb:Query').Condition!['Null'],
      /^spend-meter: may also dynamodb:Query on \S+Tables\S+$/,
    ],
  ])('%s', (_what, change, finding) => {
    expect(broken(change)).toContainEqual(expect.stringMatching(finding));
  });

  test.each<[string, (resources: Resources) => void, RegExp]>([
    [
      'an action that does not exist',
      (all) => statementsOf(all, 'CostCheck').push({ Effect: 'Allow', Action: 'ce:GetCostsAndUsage', Resource: '*' }),
      /there is no action 'ce:GetCostsAndUsage'/,
    ],
    [
      'a resource on an action that has none',
      (all) => (grant(all, 'HealthCheck', 'servicequotas:ListServiceQuotas').Resource = QUOTA),
      /is not made on arn:aws:servicequotas/,
    ],
    [
      'a policy from outside the template',
      (all) => (only(all, 'AWS::IAM::Role', 'CostCheck')['ManagedPolicyArns'] = [ADMINISTRATOR]),
      /AdministratorAccess is no policy of the stack/,
    ],
    [
      'a user of the stack',
      (all) => (all['Somebody'] = { Type: 'AWS::IAM::User', Properties: propertiesOf({}) }),
      /do not read AWS::IAM::User/,
    ],
  ])('%s', (_what, change, message) => {
    expect(() => broken(change)).toThrow(message);
  });

  test('everybody is named by kind, and the condition has gone', () => {
    const roles = Array.from({ length: 40 }, (_, at) => `app-${at}-`.padEnd(64, 'x'));
    const many = stackIam(iam, 'dev', { principals: { roles, users: [], groups: [] } });
    for (const prefix of ['SpendMeter', 'SwitchDeploy', 'BillAction']) {
      const stack = changed((all) => delete grant(all, prefix, 'iam:AttachRolePolicy').Condition, many);
      expect(findingsOf(stack)).toContainEqual(
        expect.stringMatching(/: may also iam:AttachRolePolicy on \S+SomebodyElse with \S+ \S+AdministratorAccess$/),
      );
    }
  });

  test('nothing is found where nothing is broken', () => {
    expect(broken(() => undefined)).toEqual([]);
  });

  const boundary = (resources: Resources): TemplateStatement[] =>
    only(resources, 'AWS::IAM::ManagedPolicy', 'SpendMeterBoundary')['PolicyDocument'].Statement;
  const found = (change: (resources: Resources) => void) => {
    const stack = changed(change);
    const allowed = written(OUTMOST, kindsOf(stack));
    return meterAtMost(stack).filter((one) => !allowed.includes(one));
  };

  test.each<[string, (all: Resources) => void, string]>([
    [
      'lets go',
      (all) => boundary(all).push(allow('iam:DetachRolePolicy', '*', { ArnEquals: { 'iam:PolicyARN': [theSwitch] } })),
      'iam:DetachRolePolicy, anybody, SwitchPolicy',
    ],
    [
      'writes versions',
      (all) => boundary(all).push(allow('iam:CreatePolicyVersion', theSwitch)),
      'iam:CreatePolicyVersion, SwitchPolicy, any',
    ],
    [
      'attaches any policy',
      (all) => boundary(all).push(allow('iam:AttachRolePolicy', '*')),
      'iam:AttachRolePolicy, itself, AdministratorAccess',
    ],
    [
      'sets the default of any policy',
      (all) => boundary(all).push(allow('iam:SetDefaultPolicyVersion', '*')),
      'iam:SetDefaultPolicyVersion, DenyBillPolicy, any',
    ],
    [
      "sets the default of another environment's switch",
      (all) => boundary(all).push(allow('iam:SetDefaultPolicyVersion', `${anyPolicy.slice(0, -1)}spend-guard/*`)),
      "iam:SetDefaultPolicyVersion, another's switch, any",
    ],
  ])('a boundary under which an administrator as the meter %s', (_what, change, finding) => {
    expect(found(change)).toContain(finding);
  });

  test('none where the boundary is whole', () => {
    expect(found(() => undefined)).toEqual([]);
  });
});
