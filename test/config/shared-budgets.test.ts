import fc from 'fast-check';
import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { environmentNameProblems } from '../../config/resource-names';
import { usd } from '../../core/money';
import { parentOf } from '../../core/shared-budgets';
import { changed, NOW, problemsOf } from './changed-guard';

const PLACE = 'environments.dev.budgets';
const principals = (...roles: string[]) => ({ principals: { roles, users: [], groups: [] } });
const limit = { monthlyLimitUsd: 1 };

const problems = (budgets: unknown, more: object = {}) => problemsOf(changed('dev', { budgets, ...more }));
const configured = (budgets: unknown, more: object = {}) =>
  loadGuard(changed('dev', { budgets, ...more }), NOW).environments[0]!.budgets;

describe('what is right', () => {
  test('each kind of limit, rollover and roles, exact and whole', () => {
    const roles = ['team/nightly-job', 'arn:aws:iam::111122223333:role/other'];
    const more = { ...principals('nightly-job', 'other'), account: '111122223333' };
    expect(
      configured(
        {
          'search/nightly': { dailyLimitUsd: 2, rollover: { upToUsd: 4 }, roles },
          search: { monthlyLimitUsd: 20 },
          ads: { weeklyLimitUsd: 0.01 },
        },
        more,
      ),
    ).toEqual([
      { path: 'ads', period: 'week', limit: usd('0.01'), roles: [] },
      { path: 'search', period: 'month', limit: usd(20), roles: [] },
      {
        path: 'search/nightly',
        period: 'day',
        limit: usd(2),
        rolloverUpTo: usd(4),
        roles: [
          { name: 'nightly-job', path: '/team/' },
          { name: 'other', path: '/' },
        ],
      },
    ]);
  });

  test.each([
    ['none', undefined],
    ['an empty list', {}],
  ])('%s: there are none', (_what, budgets) => {
    expect(configured(budgets)).toEqual([]);
  });

  test.each([
    ['a name of its own again further down, which is no cycle', ['a', 'a/b', 'a/b/a', 'a/b/a/b']],
    ['four parts', ['a', 'a/b', 'a/b/c', 'a/b/c/d']],
    ['each character, and the longest part', ['a.b_c-9', '2024', 'x'.repeat(64)]],
    ['a name that objects have', ['constructor']],
  ])('%s', (_what, paths) => {
    const found = configured(Object.fromEntries(paths.map((path) => [path, limit])));
    expect(found.map(({ path }) => path).sort()).toEqual([...paths].sort());
  });

  test('property: a budget comes after those it is within, and next to what is within the same', () => {
    const part = fc.constantFrom('a', 'a-b', 'a.b', 'b', '0');
    const trees = fc.array(fc.array(part, { minLength: 1, maxLength: 4 }), { minLength: 1 });
    fc.assert(
      fc.property(trees, (given) => {
        const paths = given.flatMap((parts) => parts.map((_, at) => parts.slice(0, at + 1).join('/')));
        const order = configured(Object.fromEntries(paths.map((path) => [path, limit]))).map(({ path }) => path);
        expect([...order].sort()).toEqual([...new Set(paths)].sort());
        order.forEach((path, at) => {
          const parent = parentOf(path)!;
          if (parent !== '') expect(order.slice(0, at)).toContain(parent);
          const inside = order.filter((one) => one.startsWith(`${path}/`));
          expect(order.slice(at + 1, at + 1 + inside.length).sort()).toEqual(inside.sort());
        });
      }),
      { numRuns: 30 },
    );
  });

  test.each(['dev/search', 'dev#x', '/dev', 'dev/'])(
    "no environment can be called '%s': its keys would be another's",
    (name) => {
      expect(environmentNameProblems(name)).toHaveLength(1);
    },
  );
});

describe('a path that is wrong', () => {
  test.each([
    ['a//b', 'a/b'],
    ['/a', 'a'],
    ['a/', 'a'],
    ['//a//', 'a'],
  ])("an empty part in '%s'", (path, instead) => {
    expect(problems({ [path]: limit })).toEqual([
      `${PLACE}.${path}: has an empty part: write '${instead}', got '${path}'`,
    ]);
  });

  test('nothing but empty parts', () => {
    expect(problems({ '/': limit })).toEqual([`${PLACE}./: has an empty part: name each part, got '/'`]);
  });

  test("'' is the environment's own", () => {
    expect(problems({ '': limit })).toEqual([
      `${PLACE}['']: must be a path such as 'search': the budget without a name is the environment's own, monthlyLimitUsd`,
    ]);
  });

  test.each([
    ['Search', "; write 'search'"],
    ['a b', ''],
    ['a#b', ''],
    ['*', ''],
    ['a?', ''],
    ['-a', ''],
    ['a.', ''],
    ['..', ''],
    ['x'.repeat(65), ''],
    ['é', ''],
  ])("a part that keys cannot have: '%s'", (part, hint) => {
    const text = `must be of parts of 1 to 64 small letters, digits, and . _ - between these, got '${part}'${hint}`;
    expect(problems({ [part]: limit })).toEqual([`${PLACE}.${part}: ${text}`]);
    expect(problems({ a: limit, [`a/${part}`]: limit })).toEqual([`${PLACE}.a/${part}: ${text}`]);
  });

  test('five parts', () => {
    const paths = ['a', 'a/b', 'a/b/c', 'a/b/c/d', 'a/b/c/d/e'];
    expect(problems(Object.fromEntries(paths.map((path) => [path, limit])))).toEqual([
      `${PLACE}.a/b/c/d/e: must have at most 4 parts, got 5: 'a/b/c/d/e'`,
    ]);
  });

  test('a parent that is not there, with the nearest that is', () => {
    expect(problems({ search: limit, ads: limit, 'serch/nightly': limit })).toEqual([
      `${PLACE}.serch/nightly: is within 'serch', which budgets must have too: add it, or correct the path; nearest: 'search'`,
    ]);
  });

  test('several of them, and nothing that is near', () => {
    expect(problems({ 'a/b/c': limit })).toEqual([
      `${PLACE}.a/b/c: is within 'a' and 'a/b', which budgets must have too: add it, or correct the path`,
    ]);
  });

  test('two that differ in case only', () => {
    expect(problems({ search: limit, SEARCH: limit })).toEqual([
      expect.stringContaining(`${PLACE}.SEARCH: must be of parts of`),
      `${PLACE}.SEARCH: differs from 'search' in case only; choose another name`,
    ]);
  });
});

describe('a budget that is wrong', () => {
  test.each([
    [{}, 'none'],
    [{ rollover: { upToUsd: 1 } }, 'none'],
    [{ monthlyLimitUsd: 1, dailyLimitUsd: 1 }, 'monthlyLimitUsd and dailyLimitUsd'],
    [
      { monthlyLimitUsd: 1, weeklyLimitUsd: 1, dailyLimitUsd: 1 },
      'monthlyLimitUsd and weeklyLimitUsd and dailyLimitUsd',
    ],
  ])('its limits: %p', (budget, got) => {
    expect(problems({ search: budget })).toEqual([
      `${PLACE}.search: must have exactly one of monthlyLimitUsd, weeklyLimitUsd, dailyLimitUsd, got ${got}`,
    ]);
  });

  test.each<[object, string]>([
    [{ monthlyLimitUsd: 0 }, 'monthlyLimitUsd: must be more than 0, got 0'],
    [{ weeklyLimitUsd: -1 }, 'weeklyLimitUsd: must be more than 0, got -1'],
    [{ dailyLimitUsd: '2' }, "dailyLimitUsd: must be a number, got '2'"],
    [{ dailyLimitUsd: 0.001 }, 'dailyLimitUsd: must have at most two decimals, got 0.001'],
    [{ ...limit, rollover: { upToUsd: 0 } }, 'rollover.upToUsd: must be more than 0, got 0'],
    [{ ...limit, rollover: { upToUsd: -4 } }, 'rollover.upToUsd: must be more than 0, got -4'],
    [{ ...limit, rollover: true }, 'rollover: must be an object { … }, got true'],
    [{ ...limit, roles: [] }, 'roles: must have at least 1 entries, got []'],
    [
      { ...limit, nightly: limit },
      'nightly: is not a setting; allowed here: monthlyLimitUsd, weeklyLimitUsd, dailyLimitUsd, rollover, roles',
    ],
  ])('%p', (budget, text) => {
    expect(problems({ search: budget })).toEqual([`${PLACE}.search.${text}`]);
  });

  test.each([[null], [7], ['text'], [[]]])('no budget at all: %p', (budget) => {
    expect(problems({ search: budget })).toContainEqual(expect.stringMatching(/budgets\.search: must be an object/));
  });

  test.each([[null], [7], ['search'], [[limit]]])('no list of budgets: %p', (budgets) => {
    expect(problems(budgets)).toEqual([expect.stringMatching(/budgets: must be an object/)]);
  });
});

describe('a role that is wrong', () => {
  test('one that no stop reaches, with the nearest that one does', () => {
    expect(problems({ search: { ...limit, roles: ['nightly-jobs'] } }, principals('api', 'nightly-job'))).toEqual([
      `${PLACE}.search.roles[0]: must be in principals.roles too, or no stop would reach it, got 'nightly-jobs'; nearest there: 'nightly-job'`,
    ]);
  });

  test('one where nobody is guarded', () => {
    expect(problems({ search: { ...limit, roles: ['job'] } })).toEqual([
      `${PLACE}.search.roles[0]: must be in principals.roles too, or no stop would reach it, got 'job'`,
    ]);
  });

  test.each([
    [{}, /must be in this environment's own account \(account is not set; write the name alone, or set account\)/],
    [{ account: '111122223333' }, /must be in this environment's own account \(111122223333\), got 'arn:/],
  ])('one of another account, by the name of one that is guarded: %p', (more, expected) => {
    const roles = ['arn:aws:iam::999988887777:role/job'];
    expect(problems({ search: { ...limit, roles } }, { ...principals('job'), ...more })).toEqual([
      expect.stringMatching(expected),
    ]);
  });

  test('twice', () => {
    expect(problems({ search: { ...limit, roles: ['job', 'team/job'] } }, principals('job'))).toEqual([
      `${PLACE}.search.roles[1]: repeats [0], got 'job'`,
    ]);
  });

  test('no name of a role', () => {
    expect(problems({ search: { ...limit, roles: ['*'] } }, principals('job'))).toEqual([
      expect.stringMatching(/search\.roles\[0\]: must be the name of an IAM role or its ARN/),
    ]);
  });

  test('in two branches', () => {
    const budgets = {
      search: limit,
      'search/a': { ...limit, roles: ['job'] },
      'search/b': { ...limit, roles: ['x', 'job'] },
    };
    expect(problems(budgets, principals('job', 'x'))).toEqual([
      `${PLACE}.search/b.roles[1]: is also under 'search/a', another branch: a role is granted one; name it in a budget that both are within, got 'job'`,
    ]);
  });

  test('in two whose names begin alike', () => {
    const budgets = { search: { ...limit, roles: ['job'] }, search2: { ...limit, roles: ['job'] } };
    expect(problems(budgets, principals('job'))).toEqual([
      expect.stringMatching(/search2\.roles\[0\]: is also under 'search'/),
    ]);
  });

  test('in a budget and in one within it is right', () => {
    const budgets = { 'search/a': { ...limit, roles: ['job'] }, search: { ...limit, roles: ['job'] } };
    expect(problems(budgets, principals('job'))).toEqual([]);
  });
});

test('one mistake hides no other, of whatever kind and wherever it is', () => {
  const found = problems({
    'a//b': { monthlyLimitUsd: -1 },
    Search: { dailyLimitUsd: 1, weeklyLimitUsd: 1, roles: ['nobody'] },
    'ads/x': { stopAt: 1 },
  }).join('\n');
  for (const part of [
    'budgets.a//b.monthlyLimitUsd: must be more than 0',
    'budgets.a//b: has an empty part',
    "budgets.Search: must be of parts of 1 to 64 small letters, digits, and . _ - between these, got 'Search'",
    'budgets.Search: must have exactly one of',
    'budgets.Search.roles[0]: must be in principals.roles too',
    "budgets.ads/x: is within 'ads'",
    'budgets.ads/x: must have exactly one of',
    'budgets.ads/x.stopAt: is not a setting',
  ]) {
    expect(found).toContain(part);
  }
});

test('property: whatever stands for budgets, the answer is a ConfigError or a configuration', () => {
  const anyBudgets = fc.oneof(
    fc.anything(),
    fc.dictionary(fc.string(), fc.anything()),
    fc.dictionary(
      fc.constantFrom('a', 'a/b', '', '/', 'A'),
      fc.record(
        { monthlyLimitUsd: fc.anything(), rollover: fc.anything(), roles: fc.anything() },
        { requiredKeys: [] },
      ),
    ),
  );
  fc.assert(
    fc.property(anyBudgets, (budgets) => {
      expect(() => problems(budgets)).not.toThrow();
    }),
    { numRuns: 100 },
  );
});

test('the shipped configuration has none', () => {
  expect(loadGuard(shipped, NOW).environments.map(({ budgets }) => budgets)).toEqual([[], [], []]);
});
