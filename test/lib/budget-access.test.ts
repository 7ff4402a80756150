import { MAX_POLICY_CHARACTERS, policyCharacters } from '../../lib/policy-size';
import { environmentOf, resourcesOf, templateFor, templateOf, type Resource, type Statement } from '../helpers/stack';

const DESCRIPTION = /^Spend guard: reserves in budget /;
const principals = { roles: ['team/job', 'other'], users: [], groups: [] };
const limit = { monthlyLimitUsd: 1 };

function policiesOf(budgets: object, more: object = {}): readonly Resource[] {
  const all = resourcesOf(templateOf('dev', { principals, budgets, ...more }), 'AWS::IAM::ManagedPolicy');
  return Object.values(all).filter(({ Properties }) => DESCRIPTION.test(String(Properties['Description'])));
}

const rolesOf = (policies: readonly Resource[]) => policies.map(({ Properties }) => Properties['Roles']);

function keysOf({ Properties }: Resource): readonly string[] {
  const [share] = Properties['PolicyDocument'].Statement as Statement[];
  return share!.Condition!['ForAllValues:StringLike']!['dynamodb:LeadingKeys'] as string[];
}

test('a policy for each budget that has roles, attached to these by name, whatever their path', () => {
  const found = policiesOf({
    search: { ...limit, roles: ['team/job', 'other'] },
    'search/nightly': { ...limit, roles: ['job'] },
    ads: limit,
  });
  expect(rolesOf(found)).toEqual([['job', 'other'], ['job']]);
});

test('none without roles, and none without budgets', () => {
  expect(policiesOf({ search: limit })).toEqual([]);
  expect(policiesOf({})).toEqual([]);
});

test('names the items of its line, of what is within it, and the request limits; each in every period', () => {
  const [policy] = policiesOf({ search: limit, 'search/nightly': { ...limit, roles: ['job'] } });
  expect(keysOf(policy!)).toEqual([
    'BUDGET#dev#????-??',
    ...['#????-??', '#????-??-??', '#????-W??'].map((period) => `BUDGET#dev/search${period}`),
    ...['#????-??', '#????-??-??', '#????-W??'].map((period) => `BUDGET#dev/search/nightly${period}`),
    'BUDGET#dev/search/nightly/*',
    'RATE#dev',
  ]);
});

test('paths that differ in what ids leave out are policies of their own, whatever their roles are called', () => {
  const roles = ['Policy', 'Resource', 'Role', 'r'];
  const granted = Object.fromEntries(
    ['a/b', 'a--b', 'a.b', 'ab'].map((path, at) => [path, { ...limit, roles: [roles[at]] }]),
  );
  const found = policiesOf({ a: limit, ...granted }, { principals: { ...principals, roles } });
  expect(rolesOf(found).flat().sort()).toEqual(roles);
});

test('the longest that there can be is within what IAM takes', () => {
  const parts = Array.from({ length: 4 }, (_, at) => String(at).repeat(64));
  const paths = parts.map((_, at) => parts.slice(0, at + 1).join('/'));
  const budgets = Object.fromEntries(paths.map((path) => [path, { ...limit, roles: ['job'] }]));
  const longest = { ...environmentOf('dev', { principals, budgets }), name: 'e'.repeat(24) };
  const policies = Object.values(resourcesOf(templateFor(longest), 'AWS::IAM::ManagedPolicy'));
  const sizes = policies.map(({ Properties }) => policyCharacters(Properties['PolicyDocument']));
  expect(Math.max(...sizes)).toBeGreaterThan(2_500);
  expect(Math.max(...sizes)).toBeLessThanOrEqual(MAX_POLICY_CHARACTERS);
});
