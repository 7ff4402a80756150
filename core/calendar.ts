/**
 * Bills, budgets and metrics run on UTC days and months; only the report's clock time is local. Time is passed in,
 * as milliseconds since the epoch; a day is `YYYY-MM-DD`, a month `YYYY-MM`.
 */
export type UtcDay = string & { readonly unit: 'UtcDay' };
export type UtcMonth = string & { readonly unit: 'UtcMonth' };

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** The last day asked for: nearly always it is the one that is asked for next, and a date costs more to write than to compare. */
let last: { readonly from: number; readonly to: number; readonly day: UtcDay; readonly month: UtcMonth } | undefined;

function dayOf(atMs: number): NonNullable<typeof last> {
  if (last !== undefined && atMs >= last.from && atMs < last.to) return last;
  const day = new Date(atMs).toISOString().slice(0, 10) as UtcDay;
  const from = Math.floor(atMs / DAY_MS) * DAY_MS;
  last = { from, to: from + DAY_MS, day, month: day.slice(0, 7) as UtcMonth };
  return last;
}

export function utcDay(atMs: number): UtcDay {
  return dayOf(atMs).day;
}

/** As people read it: `2026-11-23 10:58 UTC`. */
export function utcTime(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

export function utcMonth(atMs: number): UtcMonth {
  return dayOf(atMs).month;
}

export function dayStart(day: UtcDay): number {
  if (last?.day === day) return last.from;
  return Date.parse(`${day}T00:00:00Z`);
}

export function addDays(day: UtcDay, days: number): UtcDay {
  return utcDay(dayStart(day) + days * DAY_MS);
}

interface Month {
  readonly from: number;
  readonly next: UtcMonth;
  readonly previous: UtcMonth;
}

/** Those asked about so far, which are few: a tick asks some ten times, mostly of the same one. */
const months = new Map<UtcMonth, Month>();

function monthOf(month: UtcMonth): Month {
  const known = months.get(month);
  if (known !== undefined) return known;
  const from = Date.parse(`${month}-01T00:00:00Z`);
  // The 28th exists in every month; four days later is always the next one.
  const next = monthAt(Date.parse(`${month}-28T00:00:00Z`) + 4 * DAY_MS);
  const made = { from, next, previous: monthAt(from - 1) };
  months.set(month, made);
  return made;
}

function monthAt(atMs: number): UtcMonth {
  return new Date(atMs).toISOString().slice(0, 7) as UtcMonth;
}

export function monthStart(month: UtcMonth): number {
  return monthOf(month).from;
}

export function firstDay(month: UtcMonth): UtcDay {
  return `${month}-01` as UtcDay;
}

export function nextMonth(month: UtcMonth): UtcMonth {
  return monthOf(month).next;
}

export function previousMonth(month: UtcMonth): UtcMonth {
  return monthOf(month).previous;
}

export function daysIn(month: UtcMonth): number {
  return Math.round((monthStart(nextMonth(month)) - monthStart(month)) / DAY_MS);
}

/** All days from `from` up to, not including, `to`. */
export function daysBetween(from: UtcDay, to: UtcDay): readonly UtcDay[] {
  const days: UtcDay[] = [];
  for (let day = from; day < to; day = addDays(day, 1)) days.push(day);
  return days;
}
