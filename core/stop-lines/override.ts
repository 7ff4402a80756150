import { monthStart, nextMonth, utcMonth } from '../calendar';
import { formatUsd, type NanoUsd } from '../money';

/** A person's word that the environment goes on. Every field is audited and mailed. */
export interface Override {
  /** When it was given, ms since the epoch; also its identity. */
  readonly since: number;
  /** ARN or name. */
  readonly by: string;
  readonly reason: string;
  /** Replaces the monthly stop line. Absent: a plain resume, which lifts what holds and leaves the lines as they are. */
  readonly limit?: NanoUsd;
  /** Absent: the end of the month. */
  readonly until?: number;
}

/** When it ends: at `until`, at the latest with the UTC month in which it was given. Exclusive. */
export function overrideEnd({ since, until }: Override): number {
  const monthEnd = monthStart(nextMonth(utcMonth(since)));
  return until === undefined ? monthEnd : Math.min(until, monthEnd);
}

/** The override while it holds. A clock that steps back does not end it. */
export function activeOverride(override: Override | undefined, now: number): Override | undefined {
  return override !== undefined && now < overrideEnd(override) ? override : undefined;
}

/** What is wrong with an override that somebody asks for; empty when it can be granted. */
export function overrideProblems(
  override: Override,
  { monthToDate, stopLine, now }: { readonly monthToDate: NanoUsd; readonly stopLine: NanoUsd; readonly now: number },
): readonly string[] {
  const problems: string[] = [];
  const above = `${formatUsd(monthToDate)} is spent and the stop line is ${formatUsd(stopLine)}`;
  if (override.by.trim() === '') problems.push('by: must name who asks');
  if (override.reason.trim() === '') problems.push('reason: must not be empty');
  if (monthToDate >= stopLine) {
    if (override.until === undefined) problems.push(`until: must be given, since ${above}`);
    if (override.limit === undefined) problems.push(`limit: must be given, since ${above}`);
  }
  if (override.until !== undefined && !(override.until > now)) problems.push('until: must be in the future');
  if (override.limit !== undefined && override.limit <= monthToDate) {
    problems.push(`limit: must exceed what is spent (${formatUsd(monthToDate)}), got ${formatUsd(override.limit)}`);
  }
  return problems;
}
