import { addDays, daysBetween, daysIn, firstDay, utcDay, utcMonth, type UtcDay } from '../calendar';
import { add, fromBigInt, nanoUsd, ZERO, type NanoUsd } from '../money';

/** Whole days with a bill, since the first spend, that a forecast or a usual day needs. */
export const DAYS_NEEDED = 3;
/** Days that the forecast averages over: a week, so that weekends weigh as they do. */
const FORECAST_DAYS = 7;
/** Days behind the usual day. */
const USUAL_DAYS = 14;

export type Estimate =
  { readonly kind: 'known'; readonly amount: NanoUsd } | { readonly kind: 'unavailable'; readonly why: string };

const TOO_LITTLE: Estimate = {
  kind: 'unavailable',
  why: `fewer than ${DAYS_NEEDED} whole days since the first spend`,
};

/** What was billed on each whole day before today since the first spend; a day without a row was billed nothing. */
function wholeDays(byDay: ReadonlyMap<UtcDay, NanoUsd>, today: UtcDay): readonly NanoUsd[] {
  const spent = [...byDay.keys()].filter((day) => (byDay.get(day) ?? 0) > 0).sort();
  const first = spent[0];
  return first === undefined ? [] : daysBetween(first, today).map((day) => byDay.get(day) ?? ZERO);
}

/**
 * What the month is expected to end at: what is billed through yesterday, plus the mean of the last 7 whole days for each
 * day that is left, today included; at least what is billed already.
 * @param byDay by UTC day, of this month and the one before
 */
export function forecastMonth(byDay: ReadonlyMap<UtcDay, NanoUsd>, now: number): Estimate {
  const today = utcDay(now);
  const days = wholeDays(byDay, today);
  if (days.length < DAYS_NEEDED) return TOO_LITTLE;
  const month = utcMonth(now);
  const past = daysBetween(firstDay(month), today);
  const sum = (of: readonly UtcDay[]) => add(...of.map((day) => byDay.get(day) ?? ZERO));
  const recent = days.slice(-FORECAST_DAYS);
  const daysLeft = daysIn(month) - past.length;
  const ahead = fromBigInt((BigInt(add(...recent)) * BigInt(daysLeft)) / BigInt(recent.length));
  const soFar = add(sum(past), sum([today]));
  return { kind: 'known', amount: nanoUsd(Math.max(add(sum(past), ahead), soFar)) };
}

/** What yesterday is held against. */
export function usualDay(byDay: ReadonlyMap<UtcDay, NanoUsd>, now: number): Estimate {
  return usualBefore(byDay, addDays(utcDay(now), -1));
}

/** The median of up to 14 whole days before one: one odd day does not move it. */
export function usualBefore(byDay: ReadonlyMap<UtcDay, NanoUsd>, day: UtcDay): Estimate {
  const days = wholeDays(byDay, day).slice(-USUAL_DAYS);
  if (days.length < DAYS_NEEDED) return TOO_LITTLE;
  const sorted = [...days].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? ZERO;
  const lower = sorted.length % 2 === 0 ? (sorted[middle - 1] ?? upper) : upper;
  return { kind: 'known', amount: nanoUsd(Math.ceil((lower + upper) / 2)) };
}
