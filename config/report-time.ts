import { DAY_MS } from '../core/calendar';
import { clockChanges, skippedTime, type ClockChange } from '../core/report';

/** Nobody looks at a report's time again for years; rules of a zone further ahead are guesses. */
const AHEAD_MS = 10 * 365 * DAY_MS;

/** By zone, for years from the time that it was last asked of: the environments of a configuration are checked at one time. */
const changes = new Map<string, { readonly from: number; readonly found: readonly ClockChange[] }>();

function changesOf(timeZone: string, from: number): readonly ClockChange[] {
  const known = changes.get(timeZone);
  if (known?.from === from) return known.found;
  const found = clockChanges(timeZone, from, from + AHEAD_MS);
  changes.set(timeZone, { from, found });
  return found;
}

/**
 * Scheduler leaves a day out on which the local time of a schedule does not exist
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html, read 2026-11-28). Moved by us, the report would come
 * at another time than the one that was asked for, all year.
 * @returns what is wrong with the time, if anything
 */
export function reportTimeProblem(
  at: string,
  report: { readonly hour: number; readonly minute: number; readonly timeZone: string },
  now: number,
): string | undefined {
  const skipped = skippedTime(changesOf(report.timeZone, now), report);
  if (skipped === undefined) return undefined;
  const { day, from, to } = skipped;
  return `must be a time of every day: on ${day} the clocks of ${report.timeZone} go from ${from} to ${to}, and that day would have no report; choose one outside of ${from} to ${to}, got '${at}'`;
}
