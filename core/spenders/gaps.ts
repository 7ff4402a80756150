import { addDays, daysBetween, firstDay, nextMonth, utcDay, type UtcDay, type UtcMonth } from '../calendar';

/** Which days of a month a source has answered for. */
export interface ReadDays {
  readonly month: UtcMonth;
  readonly days: readonly UtcDay[];
  readonly missing: readonly { readonly day: UtcDay; readonly why: string }[];
}

export interface Gaps {
  /** What is not known of days that are over, in words. */
  readonly unknown: readonly string[];
  /** Of today and yesterday, whose report is still to come or makes up for them. */
  readonly toCome?: string;
}

/** Days that neither were read nor are said to be missing are unknown too: a guard that was deployed later knows nothing of them. */
export function gapsOf({ month, days, missing }: ReadDays, now: number): Gaps {
  const read = new Set(days);
  const whyOf = new Map(missing.map(({ day, why }) => [day, why]));
  const yesterday = addDays(utcDay(now), -1);
  const begun = daysBetween(firstDay(month), firstDay(nextMonth(month))).filter((day) => day <= utcDay(now));
  const unread = begun.filter((day) => !read.has(day));
  const late = unread.filter((day) => day >= yesterday);
  const lost = unread
    .filter((day) => !late.includes(day))
    .map((day) => ({ day, why: whyOf.get(day) ?? 'nobody has read them' }));
  return {
    unknown: spans(lost).map(({ from, to, why }) => `${from === to ? from : `${from} to ${to}`}: ${why}`),
    ...(late[0] === undefined ? {} : { toCome: `${late[0]} and later, which the next daily reports read` }),
  };
}

/** Days in a row with one reason, as one. */
function spans(
  days: readonly { readonly day: UtcDay; readonly why: string }[],
): readonly { readonly from: UtcDay; readonly to: UtcDay; readonly why: string }[] {
  const all: { from: UtcDay; to: UtcDay; why: string }[] = [];
  for (const { day, why } of days) {
    const last = all.at(-1);
    if (last !== undefined && last.why === why && addDays(last.to, 1) === day) last.to = day;
    else all.push({ from: day, to: day, why });
  }
  return all;
}
