import { nanoUsd, usd } from '../../../core/money';
import {
  budgetKey,
  type BudgetView,
  keysOfBudget,
  keysWithin,
  limitsInForce,
  lineOf,
  ofBudget,
  ordersInForce,
  parentOf,
  percentGone,
  PATH_PART,
  type PeriodKey,
  tightest,
} from '../../../core/shared-budgets';

test.each([
  ['', [''], undefined],
  ['a', ['', 'a'], ''],
  ['a/b', ['', 'a', 'a/b'], 'a'],
  ['a/b/a', ['', 'a', 'a/b', 'a/b/a'], 'a/b'],
])("the line of '%s'", (path, line, parent) => {
  expect(lineOf(path)).toEqual(line);
  expect(parentOf(path)).toBe(parent);
});

test.each(['a', 'a1', '0', 'a-b', 'a.b', 'a_b', 'x'.repeat(64)])("'%s' is a part of a path", (part) => {
  expect(PATH_PART.test(part)).toBe(true);
});

test.each(['', 'A', 'a/b', 'a#b', 'a*', 'a?', '-a', 'a-', '.', 'ä', ' a', 'x'.repeat(65)])("'%s' is none", (part) => {
  expect(PATH_PART.test(part)).toBe(false);
});

describe('keys', () => {
  /** As IAM matches `StringLike`. */
  const isLike = (pattern: string, key: string) =>
    new RegExp(
      `^${pattern
        .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
      's',
    ).test(key);
  const PERIODS = ['2026-11', '2026-W48', '2026-11-28'] as PeriodKey[];
  const PATHS = ['', 'search', 'search/nightly', 'search/nightly/x', 'search2', 'searc', 'ads', 'ads/search', 'w48'];

  test('no two budgets or periods have the same', () => {
    const keys = ['dev', 'dev2'].flatMap((name) =>
      PATHS.flatMap((path) => PERIODS.map((period) => budgetKey(name, path, period))),
    );
    expect(new Set(keys).size).toBe(keys.length);
  });

  test.each(PATHS)("those of '%s' are matched by its own patterns and by no other budget's", (path) => {
    for (const other of PATHS) {
      // The environment's own is for months.
      for (const period of other === '' ? PERIODS.slice(0, 1) : PERIODS) {
        const key = budgetKey('dev', other, period);
        expect(keysOfBudget('dev', path).some((pattern) => isLike(pattern, key))).toBe(other === path);
        const isBelow = path === '' ? other !== '' : other.startsWith(`${path}/`);
        expect(isLike(keysWithin('dev', path), key)).toBe(isBelow);
      }
    }
  });
});

describe('orders', () => {
  const order = (limit: number, until?: number) => ({
    ...{ limit: usd(limit), by: 'alex', reason: 'load test', at: 1 },
    ...(until !== undefined && { until }),
  });

  test.each([
    [9, true],
    [10, false],
    [11, false],
  ])('at %d one until 10 is in force: %s', (now, is) => {
    expect(Object.keys(ordersInForce({ a: order(5, 10), b: order(6) }, now))).toEqual(is ? ['a', 'b'] : ['b']);
  });

  test('have their limits; the others those of the configuration', () => {
    const nodes = ['a', 'b', 'constructor'].map((path) => ({ path, period: 'month', limit: usd(1) }) as const);
    expect(limitsInForce(nodes, { a: order(5, 10), gone: order(9) }, 9)).toEqual({
      ...{ a: usd(5), b: usd(1) },
      ['constructor']: usd(1),
    });
    expect(ofBudget({}, 'constructor')).toBeUndefined();
  });
});

describe('the tightest', () => {
  const view = (budget: string, limit: number, remaining: number) =>
    ({ budget, limit: nanoUsd(limit), remaining: nanoUsd(remaining) }) as BudgetView;

  test.each([
    [100, 100, 0],
    [100, 20, 80],
    [100, -10, 110],
    // Of nothing all is gone.
    [0, 0, 100],
    [0, -5, 100],
  ])('of %d, %d left is %d%% gone', (limit, remaining, percent) => {
    expect(percentGone(view('a', limit, remaining))).toBeCloseTo(percent);
  });

  test('is the one of which most is gone; of equal ones the largest', () => {
    expect(tightest([view('', 100, 50), view('a', 10, 4), view('a/b', 5, 3)])?.budget).toBe('a');
    expect(tightest([view('', 100, 50), view('a', 10, 5)])?.budget).toBe('');
    expect(tightest([])).toBeUndefined();
  });
});
