import { addDays, DAY_MS, daysBetween, dayStart, monthStart, nextMonth, type UtcMonth } from '../../../core/calendar';
import { nanoUsd, ZERO, type NanoUsd } from '../../../core/money';
import type { EnvironmentReport, Point } from './data';

/** A calendar month of one environment, which has a limit of its own. */
export interface Course {
  readonly month: UtcMonth;
  readonly spent: NanoUsd;
  /** Where the line begins, at nothing. */
  readonly from: number;
  /** Ascending in time and in spend, from nothing on. */
  readonly points: readonly Point[];
}

/** Asked for by each part of the page. */
const known = new WeakMap<EnvironmentReport, readonly Course[]>();

/** Month by month: two months are never added up, since a limit is for one. */
export function coursesOf(report: EnvironmentReport): readonly Course[] {
  const courses = known.get(report) ?? madeOf(report);
  known.set(report, courses);
  return courses;
}

function madeOf(report: EnvironmentReport): readonly Course[] {
  const fine = report.points.length > 0 ? report.points : dayEnds(report.days);
  const months = new Map<string, Point[]>();
  // The end of a month's last hour is the first moment of the next month.
  for (const point of fine) {
    const month = new Date(point.at - 1).toISOString().slice(0, 7);
    const points = months.get(month) ?? [];
    months.set(month, points);
    points.push(point);
  }
  return [...months].map(([name, points]) => {
    const month = name as UtcMonth;
    const firstDay = report.days.find(({ day }) => day.startsWith(month))?.day;
    const from = firstDay === undefined ? monthStart(month) : dayStart(firstDay);
    const through = withEvents(points, report.events, month);
    return { month, from, spent: through.at(-1)?.spent ?? ZERO, points: [{ at: from, spent: ZERO }, ...through] };
  });
}

/** Month to date shortly before a time, as the line has it. */
export function spentAt({ points }: Course, at: number): NanoUsd {
  const next = points.findIndex((point) => point.at >= at);
  const after = points[next];
  const before = points[next - 1];
  if (after === undefined) return points.at(-1)?.spent ?? ZERO;
  if (before === undefined || after.at === before.at) return after.spent;
  const share = (at - before.at) / (after.at - before.at);
  return nanoUsd(Math.round(before.spent + (after.spent - before.spent) * share));
}

export function monthEnd(month: UtcMonth): number {
  return monthStart(nextMonth(month));
}

/** Month to date at the end of each day, days without usage included. */
export function dayEnds(days: EnvironmentReport['days']): readonly Point[] {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  const byDay = new Map(days.map(({ day, spent }) => [day, spent]));
  let sum: NanoUsd = ZERO;
  let month = '';
  return daysBetween(first.day, addDays(last.day, 1)).map((day) => {
    sum = nanoUsd((day.slice(0, 7) === month ? sum : 0) + (byDay.get(day) ?? 0));
    month = day.slice(0, 7);
    return { at: dayStart(day) + DAY_MS, spent: sum };
  });
}

/** The line goes through what happened, where the spend of that moment is known and fits what is known around it. */
function withEvents(points: readonly Point[], events: EnvironmentReport['events'], month: string): readonly Point[] {
  const told = events.flatMap(({ at, spent }) =>
    spent === undefined || !new Date(at).toISOString().startsWith(month) ? [] : [{ at, spent }],
  );
  const all = [...points, ...told].sort((a, b) => a.at - b.at || a.spent - b.spent);
  const ceiling = points.at(-1)?.spent ?? ZERO;
  let most: number = ZERO;
  return all.map(({ at, spent }) => {
    most = Math.min(Math.max(most, spent), ceiling);
    return { at, spent: nanoUsd(most) };
  });
}
