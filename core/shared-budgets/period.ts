import {
  addDays,
  DAY_MS,
  dayStart,
  monthStart,
  nextMonth,
  utcDay,
  utcMonth,
  type UtcDay,
  type UtcMonth,
} from '../calendar';

/** What a shared budget is for: a month, a week from Monday to Sunday, or a day, each of UTC. */
export type BudgetPeriod = 'month' | 'week' | 'day';

/** One of them: `2026-11`, `2026-W48` (ISO 8601) or `2026-11-28`. */
export type PeriodKey = UtcMonth | UtcDay | (string & { readonly unit: 'UtcWeek' });

const WEEK = /^(\d{4})-W(\d\d)$/;
const DAYS_OF_WEEK = 7;

/** The running one at `atMs`. */
export function periodAt(period: BudgetPeriod, atMs: number): PeriodKey {
  if (period === 'month') return utcMonth(atMs);
  return period === 'day' ? utcDay(atMs) : weekAt(atMs);
}

export function periodStart(key: PeriodKey): number {
  const week = WEEK.exec(key);
  if (week) return firstMonday(Number(week[1])) + (Number(week[2]) - 1) * DAYS_OF_WEEK * DAY_MS;
  return key.length === 'yyyy-mm'.length ? monthStart(key as UtcMonth) : dayStart(key as UtcDay);
}

/** When it is over, and the next begins. ms since the epoch. */
export function periodEnd(key: PeriodKey): number {
  const start = periodStart(key);
  if (WEEK.test(key)) return start + DAYS_OF_WEEK * DAY_MS;
  return key.length === 'yyyy-mm'.length ? monthStart(nextMonth(key as UtcMonth)) : start + DAY_MS;
}

export function previousPeriod(period: BudgetPeriod, key: PeriodKey): PeriodKey {
  return periodAt(period, periodStart(key) - 1);
}

/** Whether all of `inner` is in `outer`: days are in weeks and months, no week is in a month. */
export function isWithin(inner: PeriodKey, outer: PeriodKey): boolean {
  return periodStart(outer) <= periodStart(inner) && periodEnd(inner) <= periodEnd(outer);
}

/** The week is of the year that its Thursday is in. */
function weekAt(atMs: number): PeriodKey {
  const start = mondayOf(atMs);
  const year = new Date(start + 3 * DAY_MS).getUTCFullYear();
  const number = Math.round((start - firstMonday(year)) / (DAYS_OF_WEEK * DAY_MS)) + 1;
  return `${year}-W${String(number).padStart(2, '0')}` as PeriodKey;
}

/** The 4th of January is in the first week. */
function firstMonday(year: number): number {
  return mondayOf(dayStart(`${year}-01-04` as UtcDay));
}

function mondayOf(atMs: number): number {
  const day = utcDay(atMs);
  const sinceMonday = (new Date(dayStart(day)).getUTCDay() + 6) % DAYS_OF_WEEK;
  return dayStart(addDays(day, -sinceMonday));
}
