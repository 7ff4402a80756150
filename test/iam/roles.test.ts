import { ENDPOINT } from '../helpers/endpoint';
import { IamActions } from '../helpers/iam-actions';
import {
  BILL,
  changesInIam,
  EVERYBODY,
  kindsOf,
  meterAtMost,
  NONE,
  OUTMOST,
  written,
  type Changes,
} from '../helpers/iam-changes';
import { ALLOW_ALL } from '../helpers/iam-evaluator';
import { findingsOf } from '../helpers/iam-findings';
import { ROLE_TABLE } from '../helpers/iam-roles';
import { ENVIRONMENTS, GUARD_SERVICES, stackIam, type StackIam } from '../helpers/iam-stack';
import { SOME_CHANNELS } from '../helpers/some-channels';
import { SWITCH } from '../helpers/switch-versions';

const OTHERS = { principals: { roles: ['team/app'], users: ['bot'], groups: ['data'] } };
const BUDGETS = {
  budgets: { search: { monthlyLimitUsd: 20, roles: ['app'] }, 'search/nightly': { dailyLimitUsd: 2 } },
};
const TITLES = [
  ...ENVIRONMENTS,
  'dev, with principals of its own',
  'dev, with budgets within its own',
  'dev, with an endpoint',
  'dev, with channels',
] as const;
/** Rows of what only some environments have, and which of them do. */
const OPTIONAL: Readonly<Record<string, string>> = { endpoint: TITLES[5], channels: TITLES[6], chat: TITLES[6] };

let iam: IamActions;
const stacks = new Map<string, StackIam>();
const stackOf = (title: string) => stacks.get(title)!;

beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
  for (const name of ENVIRONMENTS) stacks.set(name, stackIam(iam, name));
  stacks.set(TITLES[3], stackIam(iam, 'dev', OTHERS));
  stacks.set(TITLES[4], stackIam(iam, 'dev', { ...OTHERS, ...BUDGETS }));
  stacks.set(TITLES[5], stackIam(iam, 'dev', { ...OTHERS, endpoint: ENDPOINT }));
  stacks.set(TITLES[6], stackIam(iam, 'dev', { channels: SOME_CHANNELS }));
});

const OWNERS: Readonly<Record<string, Partial<Changes>>> = {
  'spend-meter': { attaches: [SWITCH], attachesTo: ['guarded'], versions: ['SetDefault'] },
  switch: {
    attaches: [SWITCH],
    attachesTo: ['guarded'],
    detaches: [SWITCH, BILL],
    detachesFrom: EVERYBODY,
    versions: ['Create', 'Delete', 'SetDefault'],
  },
  'bill-action': { attaches: [BILL], attachesTo: ['guarded'], detaches: [BILL], detachesFrom: ['guarded'] },
};

test('where the configuration names more people than a policy can, its conditions hold every role all the same', () => {
  const roles = Array.from({ length: 40 }, (_, at) => `team/app-${at}-`.padEnd(64, 'x'));
  const stack = stackIam(iam, 'dev', { principals: { roles, users: ['bot'], groups: ['data'] } });
  expect(findingsOf(stack)).toEqual([]);
});

describe.each(TITLES)('%s', (title) => {
  test('every role may do all that its row says, on its own resources alone, and nothing else', () => {
    expect(findingsOf(stackOf(title))).toEqual([]);
  });

  test('every row has its role', () => {
    const names = stackOf(title).roles.map(({ name }) => name);
    const rows = Object.keys(ROLE_TABLE).filter((name) => (OPTIONAL[name] ?? title) === title);
    expect(names.sort()).toEqual(rows.sort());
  });

  test('trap 23: all that any role may change in IAM is who has the policies it owns, and the switch; none may pass a role', () => {
    const stack = stackOf(title);
    for (const role of stack.roles) {
      expect({ role: role.name, changes: changesInIam(stack, role) }).toEqual({
        role: role.name,
        changes: written({ ...NONE, ...OWNERS[role.name] }, kindsOf(stack)),
      });
    }
  });

  test('the meter with AdministratorAccess could still not change more, nor spend, nor replace its code: its boundary holds', () => {
    const stack = stackOf(title);
    expect(meterAtMost(stack)).toEqual(written(OUTMOST, kindsOf(stack)));
    const administrator = { name: 'AdministratorAccess', document: ALLOW_ALL };
    const principal = stack.principal(stack.roleNamed('spend-meter'), administrator);
    const model = 'arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0';
    expect(principal.decide({ action: 'bedrock:InvokeModel', resource: model })).toBe('deniedByBoundary');
    const itself = stack.arn('AWS::Lambda::Function', 'SpendMeter');
    expect(principal.decide({ action: 'lambda:UpdateFunctionCode', resource: itself })).toBe('deniedByBoundary');
  });
});
