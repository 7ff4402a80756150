import {
  addDays,
  daysBetween,
  firstDay,
  HOUR_MS,
  nextMonth,
  utcDay,
  utcMonth,
  type UtcDay,
  type UtcMonth,
} from '../calendar';

/** After which a day's records have come; Bedrock delivers them within minutes, for which no document gives a bound. */
const SETTLED_MS = HOUR_MS;
/** A day that was missed is asked for on so many days more. */
const LOOK_BACK_DAYS = 3;
/** So long must a log keep its records that the last run which asks for a day finds all of it. A part would pass for the whole. */
export const LOG_KEPT_DAYS = LOOK_BACK_DAYS + 3;

/** The last UTC day that is over and whose records have come. */
export function lastWholeDay(now: number): UtcDay {
  return addDays(utcDay(now - SETTLED_MS), -1);
}

/** Of which the daily report tells: on the first of a month, the one that has ended. */
export function monthReported(now: number): UtcMonth {
  return utcMonth(now - SETTLED_MS - 24 * HOUR_MS);
}

/** That may be asked for, oldest first. */
export function daysAsked(now: number): readonly UtcDay[] {
  const last = lastWholeDay(now);
  return daysBetween(addDays(last, -LOOK_BACK_DAYS), addDays(last, 1));
}

/** Whole days of a month so far. */
export function daysOf(month: UtcMonth, now: number): readonly UtcDay[] {
  const [afterMonth, afterLast] = [firstDay(nextMonth(month)), addDays(lastWholeDay(now), 1)];
  return daysBetween(firstDay(month), afterLast < afterMonth ? afterLast : afterMonth);
}
