import { Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import { Template } from 'aws-cdk-lib/assertions';
import type { SpendGuard } from '../../../lib/spend-guard';
import { guardIn, refusal, someApp, someStack } from '../../helpers/app-guard';
import { resourcesOf, toldTo } from '../../helpers/stack';

const SERVICE = { assumedBy: new iam.ServicePrincipal('lambda.amazonaws.com') };
const TELLS = ['switch', 'spend-meter', 'health-check'];

/** What is told to the functions of a guard, and on whom its roles may act. */
function held(stack: Stack) {
  const template = Template.fromStack(stack);
  const heldBy = TELLS.map((feature) => {
    const told = toldTo(stack, feature);
    const lists = [told['PRINCIPALS'], told['HELD_PRINCIPALS'] ?? '{}'].map(
      (text) => JSON.parse(text!) as Record<'roles' | 'users' | 'groups', string[] | undefined>,
    );
    return (['roles', 'users', 'groups'] as const).map((kind) => lists.flatMap((one) => one[kind] ?? []));
  });
  const statements = Object.values(resourcesOf(template, 'AWS::IAM::Policy')).flatMap(
    ({ Properties }) => Properties['PolicyDocument'].Statement as { Action: string | string[]; Resource: unknown }[],
  );
  const attach = (kind: string) =>
    statements
      .filter(({ Action }) => [Action].flat().includes(`iam:Attach${kind}Policy`))
      .map(({ Resource }) => [Resource].flat().map((one) => JSON.stringify(one)));
  const [action] = Object.values(resourcesOf(template, 'AWS::Budgets::BudgetsAction'));
  return { template, heldBy, attach, definition: action?.Properties['Definition'].IamActionDefinition as object };
}

const sameStack = (hold: (guard: SpendGuard, stack: Stack) => void, principals: (stack: Stack) => iam.IGrantable[]) => {
  const stack = someStack();
  const guard = guardIn(stack, { principals: principals(stack) });
  hold(guard, stack);
  return { stack, ...held(stack) };
};

const threeKinds = (stack: Stack) => [
  new iam.Role(stack, 'Role', SERVICE),
  new iam.User(stack, 'User'),
  new iam.Group(stack, 'Group'),
];

describe.each([
  ['named by the props', (stack: Stack) => threeKinds(stack), () => undefined],
  [
    'held later',
    () => [],
    (guard: SpendGuard, stack: Stack) => {
      for (const one of threeKinds(stack)) guard.hold(one);
    },
  ],
] as const)('a role, a user and a group of the same app, %s', (_when, principals, later) => {
  const { heldBy, attach, definition } = sameStack(later, principals);

  test('are told to each function that acts on them, by the names that the deployment gives', () => {
    for (const [roles, users, groups] of heldBy) {
      expect(roles).toEqual([expect.stringMatching(/^Role/)]);
      expect(users).toEqual([expect.stringMatching(/^User/)]);
      expect(groups).toEqual([expect.stringMatching(/^Group/)]);
    }
  });

  test('may be given the switch by the deploy and the meter, and deny-bill by AWS Budgets, by their own ARNs', () => {
    for (const [kind, id] of [
      ['Role', 'Role'],
      ['User', 'User'],
      ['Group', 'Group'],
    ] as const) {
      const on = attach(kind);
      expect(on).toHaveLength(3);
      for (const arns of on) {
        expect(arns.filter((arn) => new RegExp(`GetAtt":\\["${id}[0-9A-F]{8}","Arn"`).test(arn))).toHaveLength(1);
      }
    }
    expect(JSON.stringify(definition)).toMatch(/"Groups":\[\{"Ref":"Group.*"Users":\[\{"Ref":"User/);
  });
});

test('a function stands for its role', () => {
  const { heldBy } = sameStack(
    () => undefined,
    (stack) => [
      new lambda.Function(stack, 'App', {
        runtime: lambda.Runtime.NODEJS_24_X,
        handler: 'index.handler',
        code: lambda.Code.fromInline('exports.handler = () => 1'),
      }),
    ],
  );
  expect(heldBy[0]![0]).toEqual([expect.stringMatching(/^AppServiceRole/)]);
});

test('imported ones are known at synth: beside the code, with their paths', () => {
  const { heldBy, attach, template } = sameStack(
    () => undefined,
    (stack) => [
      iam.Role.fromRoleName(stack, 'ByName', 'app'),
      iam.Role.fromRoleArn(stack, 'ByArn', 'arn:aws:iam::111122223333:role/team/search/worker'),
      iam.User.fromUserName(stack, 'Someone', 'bot'),
      iam.Group.fromGroupName(stack, 'Some', 'people'),
    ],
  );
  expect(heldBy[0]).toEqual([['app', 'worker'], ['bot'], ['people']]);
  expect(JSON.stringify(template.toJSON())).not.toContain('HELD_PRINCIPALS');
  expect(attach('Role')[0]!.join()).toContain(':role/team/search/worker');
});

test('who is held twice, or is the invoker role, is held once', () => {
  const { heldBy } = sameStack(
    (guard, stack) => {
      const role = new iam.Role(stack, 'Role', SERVICE);
      for (const one of [role, role, guard.invokerRole]) guard.hold(one);
      const imported = iam.Role.fromRoleName(stack, 'Imported', 'app');
      for (const one of [imported, imported]) guard.hold(one);
    },
    (stack) => [iam.Role.fromRoleName(stack, 'One', 'app'), iam.Role.fromRoleName(stack, 'Other', 'app')],
  );
  expect(heldBy[0]![0]).toEqual(['app', expect.stringMatching(/^Role/)]);
});

test('one that another object stands for is the same, and goes to AWS Budgets once', () => {
  const { definition, heldBy } = sameStack(
    (guard, stack) => guard.hold(iam.Role.fromRoleArn(stack, 'Again', (stack.node.findChild('R') as iam.Role).roleArn)),
    (stack) => [new iam.Role(stack, 'R', SERVICE)],
  );
  expect((definition as { readonly Roles: readonly unknown[] }).Roles).toHaveLength(2);
  expect(heldBy.every(([roles]) => roles!.length === 1)).toBe(true);
});

test('one that was imported by its name, and again with its path, may be given the switch under both', () => {
  const { attach, heldBy } = sameStack(
    (guard, stack) => {
      const { partition, account } = stack;
      guard.hold(iam.Role.fromRoleArn(stack, 'WithPath', `arn:${partition}:iam::${account}:role/team/app`));
    },
    (stack) => [iam.Role.fromRoleName(stack, 'ByName', 'app')],
  );
  expect(heldBy.every(([roles]) => roles!.filter((name) => name === 'app').length === 1)).toBe(true);
  for (const arns of attach('Role')) {
    expect(arns).toEqual(expect.arrayContaining([expect.stringContaining(':role/team/app')]));
    expect(arns).toEqual(expect.arrayContaining([expect.stringContaining(':role/app')]));
  }
});

test('more than a policy has room for: everybody of the kind, by a condition, and all their names', () => {
  const { heldBy, attach } = sameStack(
    (guard, stack) => {
      for (let at = 0; at < 30; at++) guard.hold(new iam.Role(stack, `Role${at}`, SERVICE));
      guard.hold(new iam.User(stack, 'User'));
    },
    () => [],
  );
  expect(heldBy[0]![0]).toHaveLength(30);
  expect(attach('Role').some((arns) => arns.some((arn) => arn.includes(':role/*')))).toBe(true);
  expect(heldBy[0]![1]).toHaveLength(1);
});

test('more than the variables of a function have room for: refused at synth, with what to do', () => {
  const stack = someStack();
  const guard = guardIn(stack);
  const said = refusal(() => {
    for (let at = 0; at < 60; at++) guard.hold(new iam.Role(stack, `Role${at}`, SERVICE));
  });
  expect(said).toMatch(/^MyApp\/Guard: \S+'s variables would have \d+ bytes, Lambda takes 4096: HELD_PRINCIPALS alone/);
  expect(said).not.toContain('budget-tiers');
});

describe('nobody is taken whom a stop would not reach', () => {
  const refused = (of: (stack: Stack) => unknown) => {
    const byProps = refusal(() => {
      const stack = someStack();
      guardIn(stack, { principals: [of(stack)] });
    });
    const byVerb = refusal(() => {
      const stack = someStack();
      guardIn(stack).hold(of(stack) as iam.IGrantable);
    });
    return { byProps, byVerb };
  };

  test.each([
    [
      'a role of another account',
      (stack: Stack) => iam.Role.fromRoleArn(stack, 'R', 'arn:aws:iam::444455556666:role/app'),
      "is of account 444455556666, and a policy of this stack's account, 111122223333, cannot be attached to it",
    ],
    [
      'a role of Identity Center',
      (stack: Stack) => iam.Role.fromRoleName(stack, 'R', 'AWSReservedSSO_Dev_0123456789abcdef'),
      "write the permission set's name into permissionSets",
    ],
    [
      'a service-linked role',
      (stack: Stack) =>
        iam.Role.fromRoleArn(
          stack,
          'R',
          'arn:aws:iam::111122223333:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX',
        ),
      'is a service-linked role and cannot be changed: use a service control policy',
    ],
    [
      'a service',
      () => new iam.ServicePrincipal('lambda.amazonaws.com'),
      'must be a role, a user or a group, or what has a role, such as a function, got ServicePrincipal',
    ],
    ['an account', () => new iam.AccountPrincipal('111122223333'), 'got AccountPrincipal'],
    ['text', () => 'app', "got 'app'"],
    ['nothing', () => undefined, 'got nothing'],
  ])('%s', (_what, of, text) => {
    const { byProps, byVerb } = refused(of);
    expect(byProps).toContain('MyApp/Guard: principals[0]: ');
    expect(byProps).toContain(text);
    expect(byVerb).toContain('MyApp/Guard: hold: ');
    expect(byVerb).toContain(text);
  });

  test('who is never stopped cannot be held', () => {
    const stack = someStack();
    const role = iam.Role.fromRoleName(stack, 'R', 'admin');
    expect(refusal(() => guardIn(stack, { principals: [role], neverStop: ['admin'] }))).toContain(
      "MyApp/Guard: principals[0]: is also in neverStop; it can be only one, got 'admin'",
    );
    const other = guardIn(stack, { neverStop: ['admin'] }, 'Other');
    expect(refusal(() => other.hold(role))).toContain("hold: is also in neverStop; it can be only one, got 'admin'");
  });

  test('an ARN of an account, where synth does not know that of the stack', () => {
    const stack = new Stack(someApp(), 'MyApp', { env: { region: 'us-east-1' } });
    const role = iam.Role.fromRoleArn(stack, 'R', 'arn:aws:iam::111122223333:role/app');
    expect(refusal(() => guardIn(stack, { principals: [role] }))).toContain(
      "is of account 111122223333, and the stack's is not known at synth: give the stack env: { account: '111122223333'",
    );
  });
});

/** All that a resource cannot be without, and what waits for it when the stack goes. */
function needs(template: Template, id: string): ReadonlySet<string> {
  const resources = template.toJSON().Resources as Record<string, object>;
  const found = new Set<string>();
  const visit = (one: string) => {
    const text = JSON.stringify(resources[one] ?? {});
    const named = [...text.matchAll(/"(?:Ref|DependsOn)":"(\w+)"|"Fn::GetAtt":\["(\w+)"/g)].map(([, a, b]) => a ?? b!);
    const listed = ((resources[one] as { DependsOn?: string | string[] }).DependsOn ?? []) as string | string[];
    for (const next of [...named, ...[listed].flat()]) {
      if (found.has(next) || resources[next] === undefined) continue;
      found.add(next);
      visit(next);
    }
  };
  visit(id);
  return found;
}

describe('when a stack goes that has the guard and whom it holds', () => {
  const stack = someStack();
  const principals = threeKinds(stack);
  guardIn(stack, { principals });
  const template = Template.fromStack(stack);
  const [letsGo] = Object.keys(resourcesOf(template, 'Custom::SpendGuardSwitch')) as [string];

  test('everybody is let go before one of them is deleted', () => {
    const before = needs(template, letsGo);
    for (const one of principals) {
      expect(before).toContain(stack.getLogicalId(one.node.defaultChild as iam.CfnRole));
    }
  });

  test('the meter, which could deny again, and the action of AWS Budgets are gone by then', () => {
    const types = ['AWS::Scheduler::Schedule', 'AWS::Budgets::BudgetsAction'];
    for (const type of types) {
      const all = Object.keys(resourcesOf(template, type));
      expect(all.length).toBeGreaterThan(0);
      for (const id of all) expect(needs(template, id)).toContain(letsGo);
    }
  });

  test('the function may look up and let go anybody who has the switch: it needs nobody to be there still', () => {
    const text = JSON.stringify(resourcesOf(template, 'AWS::IAM::Policy'));
    for (const kind of ['Role', 'User', 'Group']) expect(text).toContain(`"iam:Detach${kind}Policy"`);
    expect(text).toContain('"iam:ListEntitiesForPolicy"');
  });

  test('nobody waits for the guard who is held: no circle', () => {
    for (const one of principals) {
      expect(needs(template, stack.getLogicalId(one.node.defaultChild as iam.CfnRole))).not.toContain(letsGo);
    }
  });
});

test('a role of another stack is deleted after the guard', () => {
  const app = someApp();
  const own = someStack(app, 'Own');
  const stack = someStack(app);
  guardIn(stack, { principals: [new iam.Role(own, 'Role', SERVICE)] });
  app.synth();
  expect(stack.dependencies).toContain(own);
});
