import { TIMES } from '../../config/budget-notices';
import { loadGuard } from '../../config/load';
import { addDays, DAY_MS, dayStart, type UtcDay, utcDay } from '../../core/calendar';
import { type BudgetPeriod, periodAt, periodEnd, periodStart } from '../../core/shared-budgets';
import { changed, NOW } from './changed-guard';

/** What is said of the budgets within dev's own, which is of $50 a month. */
function notices(budgets: object, more: object = {}): readonly string[] {
  const shown = loadGuard(changed('dev', { budgets, monthlyLimitUsd: 50, ...more }), NOW).notices;
  return shown.filter(({ environment, text }) => environment === 'dev' && /budget/.test(text)).map(({ text }) => text);
}

const month = (monthlyLimitUsd: number) => ({ monthlyLimitUsd });
const week = (weeklyLimitUsd: number) => ({ weeklyLimitUsd });
const day = (dailyLimitUsd: number) => ({ dailyLimitUsd });

test('without budgets nothing is said', () => {
  expect(notices({})).toEqual([]);
});

describe('one budget that promises more than the one that it is within has', () => {
  test.each<[string, object, number]>([
    ['as much as the environment', { search: month(50) }, 0],
    ['a cent more', { search: month(50.01) }, 1],
    ['31 days, as much', { search: day(1.61) }, 0],
    ['31 days, more', { search: day(1.62) }, 1],
    ['six weeks, as much', { search: week(8.33) }, 0],
    ['six weeks, more', { search: week(8.34) }, 1],
    ['seven days in a week, as much', { a: week(7), 'a/b': day(1) }, 0],
    ['seven days in a week, more', { a: week(7), 'a/b': day(1.01) }, 1],
    ['a month of 28 days, as much', { a: day(1), 'a/b': month(28) }, 0],
    ['a month of 28 days, more', { a: day(1), 'a/b': month(28.01) }, 1],
    ['a month of four weeks, as much', { a: week(5), 'a/b': month(20) }, 0],
    ['a month of four weeks, more', { a: week(5), 'a/b': month(20.01) }, 1],
    ['a week of days, as much', { a: day(1), 'a/b': week(7) }, 0],
    ['a week of days, more', { a: day(1), 'a/b': week(7.01) }, 1],
    ['with what is carried over, as much', { a: { ...month(40), rollover: { upToUsd: 10 } } }, 0],
    ['with what is carried over, more', { a: { ...month(40), rollover: { upToUsd: 10.01 } } }, 1],
    [
      'what the parent may carry over is not there for sure',
      { a: { ...month(20), rollover: { upToUsd: 20 } }, 'a/b': month(21) },
      1,
    ],
  ])('%s', (_what, budgets, count) => {
    expect(notices(budgets)).toHaveLength(count);
  });

  test('is named with both sums', () => {
    expect(notices({ search: month(20), 'search/nightly': { ...day(2), rollover: { upToUsd: 4 } } })).toEqual([
      "budget 'search/nightly' promises up to $66.00 in a month, more than budget 'search' has, which holds it: $20.00",
    ]);
    expect(notices({ search: month(60) })).toEqual([
      "budget 'search' promises up to $60.00 in a month, more than the environment's budget has, which holds it: $50.00",
    ]);
  });
});

describe('several that promise more together', () => {
  test.each<[string, object, number]>([
    ['as much as the environment', { a: month(25), b: month(25) }, 0],
    ['a cent more', { a: month(25), b: month(25.01) }, 1],
    ['what is within one of them counts once', { a: month(25), b: month(25), 'a/x': month(20), 'b/x': month(20) }, 0],
    ['in the longest of their periods', { a: day(1), 'a/x': day(0.5), 'a/y': week(3.5) }, 0],
    ['and more in it', { a: day(1), 'a/x': day(0.5), 'a/y': week(3.51) }, 1],
  ])('%s', (_what, budgets, count) => {
    expect(notices(budgets)).toHaveLength(count);
  });

  test('are named with their sums, the largest first', () => {
    expect(notices({ a: month(20), b: day(1), c: week(2) })).toEqual([
      "the environment's budget holds what is within it to $50.00 in a month; together these promise up to $63.00 (b $31.00, a $20.00, c $12.00)",
    ]);
  });

  test('the small ones of many in one', () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`team-${at}`, month(at + 1)]));
    const [said, ...more] = notices(many, { monthlyLimitUsd: 200, dailyLimitPercent: 20 });
    expect(more).toEqual([]);
    expect(said).toMatch(/up to \$20,100\.00 \(team-199 \$200\.00, team-198 \$199\.00, .*, 195 more \$19,110\.00\)$/);
  });

  test('sums that money cannot hold', () => {
    const said = notices({ a: day(1_000_000), b: day(1_000_000) }).join('\n');
    expect(said).toContain('together these promise up to more than $9,007,199.25 (a more than');
  });
});

describe('how many days and weeks a longer period has', () => {
  const periodsIn = (of: BudgetPeriod, within: BudgetPeriod) => {
    const counts = new Set<number>();
    for (let at: UtcDay = utcDay(Date.UTC(2020, 0, 1)); at < ('2060-01-01' as UtcDay); at = addDays(at, 1)) {
      const outer = periodAt(within, dayStart(at));
      if (periodStart(outer) !== dayStart(at)) continue;
      const days = Array.from(
        { length: (periodEnd(outer) - dayStart(at)) / DAY_MS },
        (_, n) => dayStart(at) + n * DAY_MS,
      );
      counts.add(new Set(days.map((ms) => periodAt(of, ms))).size);
    }
    return { fewest: Math.min(...counts), most: Math.max(...counts) };
  };

  test.each([
    ['day', 'week'],
    ['day', 'month'],
    ['week', 'month'],
  ] as const)('%s in %s, over forty years', (of, within) => {
    expect(periodsIn(of, within)).toEqual(TIMES[`${of} in ${within}` as keyof typeof TIMES]);
  });
});

describe('a role that is held to its budget, and may assume the invoker role', () => {
  const arn = 'arn:aws:iam::111122223333:role/team/job';
  const budgets = { search: { ...month(1), roles: ['job'] } };
  const principals = { roles: ['job'], users: [], groups: [] };
  const trust = (...trusted: string[]) => ({
    principals,
    account: '111122223333',
    assumableBy: { principals: trusted },
  });

  test('is not held, and told how to be', () => {
    expect(notices(budgets, trust(arn))).toEqual([
      `role 'job' is granted budget 'search', and may reserve in all by the invoker role: to hold it to its own, take ${arn} out of assumableBy.principals`,
    ]);
  });

  test.each([
    ['nobody', []],
    ['another role', ['arn:aws:iam::111122223333:role/jobs']],
    ['a user of its name', ['arn:aws:iam::111122223333:user/job']],
    ['a role of its name elsewhere', ['arn:aws:iam::999988887777:role/job']],
  ])('%s may: nothing is said', (_what, trusted) => {
    expect(notices(budgets, trust(...trusted))).toEqual([]);
  });
});
