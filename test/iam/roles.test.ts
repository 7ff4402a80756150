import type { Template } from '../../simulator/template/resolver';
import { globExpression, IamActions } from '../helpers/iam-actions';
import { ALLOW_ALL, type NamedPolicy } from '../helpers/iam-evaluator';
import { findingsOf } from '../helpers/iam-findings';
import { guarded, ROLE_TABLE } from '../helpers/iam-roles';
import {
  ACCOUNT,
  ADMINISTRATOR,
  ENVIRONMENTS,
  GUARD_SERVICES,
  stackIam,
  StackIam,
  type StackRole,
} from '../helpers/iam-stack';

const OTHERS = { principals: { roles: ['team/app'], users: ['bot'], groups: ['data'] } };
const QUOTA = `arn:aws:servicequotas:us-east-1:${ACCOUNT}:bedrock/L-1`;
const TITLES = [...ENVIRONMENTS, 'dev, with principals of its own'] as const;

let iam: IamActions;
const stacks = new Map<string, StackIam>();
const stackOf = (title: string) => stacks.get(title)!;

beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
  for (const name of ENVIRONMENTS) stacks.set(name, stackIam(iam, name));
  stacks.set(TITLES[3], stackIam(iam, 'dev', OTHERS));
});

type DenyName = 'Meter' | 'Large' | 'Bill';

/** Which deny policies a role may attach to whom a stop is for, and detach: from these alone, or from anybody. */
const OWNERS: Readonly<Record<string, { attaches: DenyName[]; detaches: DenyName[]; from: readonly string[] }>> = {
  'spend-meter': { attaches: ['Meter', 'Large'], detaches: ['Meter', 'Large'], from: ['guarded', 'itself', 'anybody'] },
  teardown: { attaches: [], detaches: ['Meter', 'Large', 'Bill'], from: ['guarded', 'itself', 'anybody'] },
  'bill-action': { attaches: ['Bill'], detaches: ['Bill'], from: ['guarded'] },
};

/** Every way in which a role may change anything in IAM, as `action, on whom, which policy`. */
function changesInIam(stack: StackIam, role: StackRole, ...attached: readonly NamedPolicy[]): string[] {
  const principal = stack.principal(role, ...attached);
  const type = 'AWS::IAM::ManagedPolicy';
  const policies = new Map([
    ...stack.logicalIds(type).map((id) => [stack.arn(type, id), id] as const),
    [ADMINISTRATOR, 'AdministratorAccess'],
  ]);
  const changing = iam.matching('iam:*').filter(({ accessLevel }) => !/^(Read|List)$/.test(accessLevel));
  const found = changing.flatMap(({ name, arnPatterns, conditionKeys }) => {
    const anybody = arnPatterns.map((arn) =>
      arn.replace('arn:*:iam::*', `arn:aws:iam::${ACCOUNT}`).replaceAll('*', 'Any'),
    );
    const targets = [
      ...guarded(stack).map(([, arn]) => ['guarded', arn] as const),
      ['itself', role.arn] as const,
      ...(anybody.length === 0 ? ['*'] : anybody).map((arn) => ['anybody', arn] as const),
    ].filter(([, arn]) => arn === '*' || arnPatterns.some((one) => globExpression(one).test(arn)));
    const contexts = conditionKeys.has('iam:policyarn')
      ? [...policies.keys()].map((arn) => ({ 'iam:PolicyARN': arn }))
      : [];
    return targets.flatMap(([whom, resource]) =>
      [{}, ...contexts].flatMap((context: Record<string, string>) =>
        principal.can({ action: name, resource, context })
          ? `${name}, ${whom}, ${policies.get(context['iam:PolicyARN'] ?? '') ?? 'any'}`
          : [],
      ),
    );
  });
  return [...new Set(found)].sort();
}

function ownersChanges(stack: StackIam, name: string): string[] {
  const { attaches = [], detaches = [], from = [] } = OWNERS[name] ?? {};
  const kinds = new Set(guarded(stack).map(([kind]) => kind));
  const attach = attaches.flatMap((one) =>
    [...kinds].map((kind) => `iam:Attach${kind}Policy, guarded, Deny${one}Policy`),
  );
  const detach = detaches.flatMap((one) =>
    (['Role', 'User', 'Group'] as const).flatMap((kind) =>
      from
        .filter((whom) => (whom === 'guarded' ? kinds.has(kind) : whom === 'itself' ? kind === 'Role' : true))
        .map((whom) => `iam:Detach${kind}Policy, ${whom}, Deny${one}Policy`),
    ),
  );
  return [...attach, ...detach].sort();
}

describe.each(TITLES)('%s', (title) => {
  test('every role may do all that its row says, on its own resources alone, and nothing else', () => {
    expect(findingsOf(stackOf(title))).toEqual([]);
  });

  test('every row has its role', () => {
    const names = stackOf(title).roles.map(({ name }) => name);
    expect(names.sort()).toEqual(Object.keys(ROLE_TABLE).sort());
  });

  test('trap 23: all that any role may change in IAM is who has the deny policies it owns; none may pass a role', () => {
    const stack = stackOf(title);
    for (const role of stack.roles) {
      expect({ role: role.name, changes: changesInIam(stack, role) }).toEqual({
        role: role.name,
        changes: ownersChanges(stack, role.name),
      });
    }
  });

  test('the meter with AdministratorAccess could still not change more, nor spend, nor replace its code: its boundary holds', () => {
    const stack = stackOf(title);
    const meter = stack.roleNamed('spend-meter');
    const administrator = { name: 'AdministratorAccess', document: ALLOW_ALL };
    const changes = changesInIam(stack, meter, administrator);
    const own = /^iam:(At|De)tach(Role|User|Group)Policy, \w+, Deny(Meter|Large)Policy$/;
    expect(changes.filter((one) => !own.test(one))).toEqual([]);
    const principal = stack.principal(meter, administrator);
    const model = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0';
    expect(principal.decide({ action: 'bedrock:InvokeModel', resource: model })).toBe('deniedByBoundary');
    const itself = stack.arn('AWS::Lambda::Function', 'SpendMeter');
    expect(principal.decide({ action: 'lambda:UpdateFunctionCode', resource: itself })).toBe('deniedByBoundary');
  });
});

describe('a fault planted in the template is found', () => {
  interface Statement {
    Effect: string;
    Action: string | string[];
    Resource: unknown;
    Condition?: Record<string, Record<string, unknown>>;
  }
  type Resources = Record<string, { Type: string; Properties: Record<string, any> }>;

  const broken = (change: (resources: Resources) => void): string[] => {
    const { environment, template } = stackOf('dev');
    const copy = structuredClone(template) as { Resources: Resources };
    change(copy.Resources);
    return findingsOf(new StackIam(iam, environment, copy as Template));
  };
  /** @throws Error unless there is exactly one */
  const only = (resources: Resources, type: string, prefix: string): Record<string, any> => {
    const found = Object.entries(resources).filter(([id, { Type }]) => Type === type && id.startsWith(prefix));
    if (found.length !== 1) throw new Error(`${found.length} ${type} called ${prefix}*, not one`);
    return found[0]![1].Properties;
  };
  const statementsOf = (resources: Resources, prefix: string): Statement[] =>
    only(resources, 'AWS::IAM::Policy', prefix)['PolicyDocument'].Statement;
  const grant = (resources: Resources, prefix: string, action: string): Statement =>
    statementsOf(resources, prefix).find((one) => [one.Action].flat().includes(action))!;
  const trust = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'ec2.amazonaws.com' } }],
  };
  const bothDenies = { ArnEquals: { 'iam:PolicyARN': [{ Ref: 'DenyBillPolicy' }, { Ref: 'DenyMeterPolicy' }] } };
  const notTheAdministrator = { ArnNotEquals: { 'iam:PolicyARN': ADMINISTRATOR } };

  test.each<[string, (resources: Resources) => void, RegExp]>([
    [
      'a role that nobody has thought of',
      (all) => (all['NewRole'] = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } }),
      /^NewRole: no row in test\/helpers\/iam-roles\.ts: say there what the role NewRole may do$/,
    ],
    [
      'another service that may take on a role',
      (all) => (only(all, 'AWS::IAM::Role', 'Schedules')['AssumeRolePolicyDocument'] = trust),
      /^schedules: may be assumed by ec2\.amazonaws\.com$/,
    ],
    [
      'the teardown detaches whatever it likes',
      (all) => delete grant(all, 'Teardown', 'iam:DetachRolePolicy').Condition,
      /^teardown: may also iam:DetachRolePolicy on \S+ with iam:PolicyARN arn:aws:iam::aws:policy\/AdministratorAccess$/,
    ],
    [
      'the teardown attaches',
      (all) => (grant(all, 'Teardown', 'iam:DetachRolePolicy').Action = 'iam:AttachRolePolicy'),
      /^teardown: is granted what its row does not have: .*iam:AttachRolePolicy/,
    ],
    [
      'the budgets action reaches every role',
      (all) => (grant(all, 'BillAction', 'iam:AttachRolePolicy').Resource = `arn:aws:iam::${ACCOUNT}:role/*`),
      /^bill-action: may also iam:AttachRolePolicy on \S+x-SpendGuard-dev-InvokerRole with/,
    ],
    [
      'the budgets action attaches the deny of the meter too',
      (all) => (grant(all, 'BillAction', 'iam:AttachRolePolicy').Condition = bothDenies),
      /^bill-action: is granted what its row does not have: .*DenyMeterPolicy/,
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
      'the meter loses what it lets go with',
      (all) => (grant(all, 'SpendMeter', 'iam:DetachRolePolicy').Effect = 'Deny'),
      /^spend-meter: may not iam:DetachRolePolicy on/,
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
      (all) => (all['Somebody'] = { Type: 'AWS::IAM::User', Properties: {} }),
      /do not read AWS::IAM::User/,
    ],
  ])('%s', (_what, change, message) => {
    expect(() => broken(change)).toThrow(message);
  });

  test('nothing is found where nothing is broken', () => {
    expect(broken(() => undefined)).toEqual([]);
  });
});
