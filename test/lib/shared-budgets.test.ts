import { parseCostCheckEnv } from '../../lambda/cost-check/env';
import { parseSpendMeterEnv } from '../../lambda/spend-meter/env';
import { environmentOf, madeFor, PRINCIPALS, templateOf, toldTo } from '../helpers/stack';

const limit = { monthlyLimitUsd: 1 };
const NODES = [
  { path: 'search', period: 'week', limit: 500_000_000 },
  { path: 'search/nightly', period: 'day', limit: 2_000_000_000, rolloverUpTo: 4_000_000_000 },
];
const without = madeFor(environmentOf('dev'));
const tree = madeFor(
  environmentOf('dev', {
    principals: PRINCIPALS,
    budgets: {
      'search/nightly': { dailyLimitUsd: 2, rollover: { upToUsd: 4 }, roles: ['app'] },
      search: { weeklyLimitUsd: 0.5 },
    },
  }),
);

describe.each([
  ['spend-meter', parseSpendMeterEnv],
  ['cost-check', parseCostCheckEnv],
] as const)('%s is told of the budgets within the environment', (feature, parse) => {
  const told = toldTo(tree, feature);

  test('each after those it is within, without whose they are', () => {
    expect(parse(told).BUDGETS).toEqual(NODES);
  });

  test('of none by their absence, so that nothing changes for whom has none', () => {
    expect(Object.keys(toldTo(without, feature))).not.toContain('BUDGETS');
    expect(parse(toldTo(without, feature)).BUDGETS).toEqual([]);
    expect(parse({ ...told, BUDGETS: '[]' }).BUDGETS).toEqual([]);
  });

  test.each([
    ['no JSON', '['],
    ['empty', ''],
    ['no list', '{}'],
    ['a path that is empty', JSON.stringify([{ ...NODES[0], path: '' }])],
    ['a period of another kind', JSON.stringify([{ ...NODES[0], period: 'year' }])],
    ['half a nano-dollar', JSON.stringify([{ ...NODES[0], limit: 0.5 }])],
    ['less than nothing', JSON.stringify([{ ...NODES[0], limit: -1 }])],
    ['no limit', JSON.stringify([{ path: 'search', period: 'day' }])],
    ['a rollover that is a text', JSON.stringify([{ ...NODES[0], rolloverUpTo: '4' }])],
  ])('%s is refused by name', (_what, BUDGETS) => {
    expect(() => parse({ ...told, BUDGETS })).toThrow(/wrong environment variables: BUDGETS/);
  });
});

test('budgets that nobody is granted add no resource', () => {
  const ids = (budgets: object) => Object.keys(templateOf('dev', { budgets }).toJSON().Resources as object);
  expect(ids({ search: limit })).toEqual(Object.keys(without.template.toJSON().Resources as object));
});
