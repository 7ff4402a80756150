import type { Template } from '../../simulator/template/resolver';
import { IamActions } from '../helpers/iam-actions';
import { type IamRequest, Principal } from '../helpers/iam-evaluator';
import { grantsOf } from '../helpers/iam-findings';
import { GUARD_SERVICES, StackIam, stackIam } from '../helpers/iam-stack';

const limit = { monthlyLimitUsd: 1 };
const SETTINGS = {
  principals: { roles: ['team/job', 'nightly-job'], users: [], groups: [] },
  budgets: {
    search: { ...limit, roles: ['team/job'] },
    'search/nightly': { ...limit, roles: ['nightly-job'] },
    'search/nightly/x': limit,
    'search/daily': limit,
    search2: limit,
    searchx: limit,
    'searchx/y': limit,
    ads: limit,
  },
};
const PERIODS = ['2026-11', '2026-11-28', '2026-W48'];
const WRITES = ['dynamodb:PutItem', 'dynamodb:UpdateItem'];
const USES = ['dynamodb:GetItem', ...WRITES];

let iam: IamActions;
let stack: StackIam;

beforeAll(async () => {
  iam = await IamActions.load(GUARD_SERVICES);
  stack = stackIam(iam, 'dev', SETTINGS);
});

interface Policy {
  readonly Type: string;
  readonly Properties: {
    readonly Roles?: readonly unknown[];
    readonly PolicyDocument: { readonly Statement: Statement[] };
  };
}
interface Statement {
  Sid: string;
  Action: string[];
  Condition: Record<string, Record<string, string | string[]>>;
}

/** What a role has by the policies that name it. */
function principal(role: string, from = stack): Principal {
  const ids = from.logicalIds('AWS::IAM::ManagedPolicy').filter((id) => {
    const { Roles = [] } = from.properties('AWS::IAM::ManagedPolicy', id) as { Roles?: readonly unknown[] };
    return Roles.includes(role);
  });
  expect(ids).toHaveLength(1);
  return new Principal(
    iam,
    ids.map((id) => from.managedPolicy(id)),
  );
}

const table = (prefix = 'TablesLeases') => stack.arn('AWS::DynamoDB::GlobalTable', prefix);
const request = (action: string, ...keys: readonly string[]): IamRequest => ({
  action,
  resource: table(),
  ...(keys.length === 0 ? {} : { context: { 'dynamodb:LeadingKeys': keys } }),
});
const itemsOf = (...scopes: readonly string[]) =>
  scopes.flatMap((scope) => PERIODS.map((period) => `BUDGET#${scope}#${period}`));

/** Of the actions on the keys, those that are allowed. */
const allowed = (role: Principal, actions: readonly string[], keys: readonly string[]) =>
  actions.flatMap((action) => keys.filter((key) => role.can(request(action, key))).map((key) => `${action} ${key}`));

const inFull = (actions: readonly string[], keys: readonly string[]) =>
  actions.flatMap((action) => keys.map((key) => `${action} ${key}`));

/** Of other budgets, and of what a caller only reads or has no business with. */
const OUT_OF_REACH = [
  ...itemsOf('dev/ads', 'dev/search2', 'dev/searchx', 'dev/searchx/y', 'dev/searchx/search', 'dev/ads/search'),
  ...itemsOf('staging', 'staging/search', 'dev2', 'devsearch', 'dev/', 'dev//search'),
  ...['BUDGET#dev', 'BUDGET#dev/search', 'BUDGET#dev/search#', 'BUDGET#dev#2026-11-28', 'BUDGET#dev#2026-W48'],
  ...[
    'BUDGET#dev/search#2026-11-x',
    'xBUDGET#dev/search#2026-11',
    'RATE#staging',
    'RATE#dev/search',
    'meter',
    'CANARY',
  ],
  // Keys of callers: a role that works for one budget serves nobody.
  ...['CALLER#abcdef0123', 'CALLER#'],
];

describe('a role that is granted a budget', () => {
  const reach = [
    'BUDGET#dev#2026-11',
    ...itemsOf('dev/search', 'dev/search/nightly', 'dev/search/nightly/x', 'dev/search/daily', 'dev/search/not-yet'),
    'RATE#dev',
  ];

  test("writes it, what is within it, the environment's own, and the request limits", () => {
    expect(allowed(principal('job'), USES, reach)).toEqual(inFull(USES, reach));
  });

  test('neither reads nor writes any other: not its siblings, not one whose name begins alike, not another environment', () => {
    expect(allowed(principal('job'), USES, OUT_OF_REACH)).toEqual([]);
  });

  test("reads the meter's word, and cannot write it", () => {
    expect(allowed(principal('job'), USES, ['STATUS'])).toEqual(['dynamodb:GetItem STATUS']);
  });

  test('not two items at once of which one is out of its reach, nor any without a key', () => {
    const job = principal('job');
    expect(job.can(request('dynamodb:UpdateItem', 'BUDGET#dev/search#2026-11', 'BUDGET#dev/ads#2026-11'))).toBe(false);
    expect(job.can(request('dynamodb:GetItem', 'STATUS', 'BUDGET#dev/search#2026-11'))).toBe(false);
    expect(USES.filter((action) => job.can(request(action)))).toEqual([]);
  });

  test('no other action of DynamoDB, such as a scan, on whatever key; and none on the state table', () => {
    const job = principal('job');
    const resources = [table(), `${table()}/index/any`, `${table()}/stream/any`, table('TablesState')];
    const others = iam.matching('dynamodb:*').flatMap(({ name }) =>
      resources.flatMap((resource) => {
        if (USES.includes(name) && resource === table()) return [];
        return [[], ['BUDGET#dev/search#2026-11'], ['STATUS'], ['meter']].flatMap((keys) => {
          const asked = { ...request(name, ...keys), resource };
          return couldBe(asked) && job.can(asked) ? [name] : [];
        });
      }),
    );
    expect(others).toEqual([]);
  });

  test('nothing in any other service', () => {
    const grants = grantsOf(stack, principal('job')).filter((grant) => !/: dynamodb:/.test(grant));
    expect(grants).toEqual([]);
  });
});

/** AWS makes no request of an action on what it is not for, or with a key that it does not know. */
function couldBe({ action, resource, context = {} }: IamRequest): boolean {
  try {
    iam.checkRequest(action, resource, Object.keys(context));
    return true;
  } catch {
    return false;
  }
}

describe('a role that is granted a budget further down', () => {
  const reach = [
    'BUDGET#dev#2026-11',
    ...itemsOf('dev/search', 'dev/search/nightly', 'dev/search/nightly/x'),
    'RATE#dev',
  ];

  test('writes its own, what is within it, and each that it is within', () => {
    expect(allowed(principal('nightly-job'), USES, reach)).toEqual(inFull(USES, reach));
  });

  test('and no sibling of it', () => {
    const siblings = itemsOf('dev/search/daily', 'dev/search/nightly2', 'dev/search/not-yet', 'dev/nightly');
    expect(allowed(principal('nightly-job'), USES, [...siblings, ...OUT_OF_REACH])).toEqual([]);
  });
});

test('the invoker role reserves in all of them, and in no other environment', () => {
  const invoker = stack.principal(stack.roleNamed('invoker'));
  const all = itemsOf(...Object.keys(SETTINGS.budgets).map((path) => `dev/${path}`));
  expect(allowed(invoker, USES, all)).toEqual(inFull(USES, all));
  const others = itemsOf('staging', 'staging/search', 'dev2', 'dev2/search');
  expect(allowed(invoker, USES, others)).toEqual([]);
  expect(allowed(invoker, WRITES, ['STATUS'])).toEqual([]);
});

describe('keys of callers', () => {
  const KEYS = ['CALLER#abcdef0123', 'CALLER#0123abcdef'];

  test('the invoker role reads them, as which the server asks who calls, and makes, changes and lists none', () => {
    const invoker = stack.principal(stack.roleNamed('invoker'));
    expect(allowed(invoker, USES, KEYS)).toEqual(inFull(['dynamodb:GetItem'], KEYS));
    const others = iam.matching('dynamodb:*').flatMap(({ name }) =>
      [[], KEYS.slice(0, 1)].flatMap((keys) => {
        const asked = request(name, ...keys);
        return name !== 'dynamodb:GetItem' && couldBe(asked) && invoker.can(asked) ? [name] : [];
      }),
    );
    expect(others).toEqual([]);
  });

  test('nor one key beside what it may not read, nor what begins alike', () => {
    const invoker = stack.principal(stack.roleNamed('invoker'));
    expect(invoker.can(request('dynamodb:GetItem', KEYS[0]!, 'meter'))).toBe(false);
    expect(allowed(invoker, USES, ['CALLER', 'xCALLER#abcdef0123', 'CALLERS#abcdef0123'])).toEqual([]);
  });

  test('no other role of the guard does anything with them', () => {
    const others = stack.roles
      .filter(({ name }) => name !== 'invoker')
      .flatMap((role) => allowed(stack.principal(role), [...USES, 'dynamodb:DeleteItem'], KEYS));
    expect(others).toEqual([]);
    expect(stack.roles.length).toBeGreaterThan(3);
  });
});

describe('a fault planted in the policy is found', () => {
  const broken = (change: (share: Statement, all: Statement[]) => void): Principal => {
    const copy = structuredClone(stack.template) as unknown as { Resources: Record<string, Policy> };
    const own = Object.values(copy.Resources).find(
      ({ Type, Properties }) => Type === 'AWS::IAM::ManagedPolicy' && Properties.Roles?.includes('job') === true,
    )!;
    const { Statement } = own.Properties.PolicyDocument;
    change(
      Statement.find(({ Sid }) => Sid === 'ShareBudget')!,
      Statement,
    );
    return principal('job', new StackIam(iam, stack.environment, copy as unknown as Template));
  };
  const keys = (share: Statement, change: (key: string) => string) => {
    const like = share.Condition['ForAllValues:StringLike']!;
    like['dynamodb:LeadingKeys'] = [like['dynamodb:LeadingKeys']!].flat().map(change);
  };

  test('what is within it without the / before it: names that begin alike', () => {
    const job = broken((share) => keys(share, (key) => key.replace('search/*', 'search*')));
    expect(allowed(job, USES, OUT_OF_REACH)).toContain('dynamodb:UpdateItem BUDGET#dev/search2#2026-11');
  });

  test('all that is within the environment: siblings', () => {
    const job = broken((share) => keys(share, (key) => key.replace('dev/search/*', 'dev/*')));
    expect(allowed(job, USES, OUT_OF_REACH)).toContain('dynamodb:UpdateItem BUDGET#dev/ads#2026-11');
  });

  test('without the condition that there is a key: whatever names none', () => {
    const job = broken((share) => delete share.Condition['Null']);
    expect(USES.filter((action) => job.can(request(action)))).toEqual(USES);
  });

  test('one key that matches is enough: a second that is out of reach', () => {
    const job = broken((share) => {
      share.Condition['ForAnyValue:StringLike'] = share.Condition['ForAllValues:StringLike']!;
      delete share.Condition['ForAllValues:StringLike'];
    });
    expect(job.can(request('dynamodb:UpdateItem', 'BUDGET#dev/search#2026-11', 'BUDGET#dev/ads#2026-11'))).toBe(true);
  });

  test("the meter's word among what it writes", () => {
    const job = broken((share) => keys(share, (key) => (key === 'RATE#dev' ? 'STATUS' : key)));
    expect(allowed(job, WRITES, ['STATUS'])).toEqual(inFull(WRITES, ['STATUS']));
  });
});
