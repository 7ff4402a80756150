import { DAY_MS } from '../core/calendar';
import { clockChanges, skippedTime } from '../core/report';

/** Nobody looks at a report's time again for years; rules of a zone further ahead are guesses. */
const AHEAD_MS = 10 * 365 * DAY_MS;

/** Ten years of a zone take as long to look through as all else of an environment, and environments mostly have one zone. */
let known = { now: NaN, zones: new Map<string, ReturnType<typeof clockChanges>>() };

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
  const skipped = skippedTime(changesAhead(report.timeZone, now), report);
  if (skipped === undefined) return undefined;
  const { day, from, to } = skipped;
  return `must be a time of every day: on ${day} the clocks of ${report.timeZone} go from ${from} to ${to}, and that day would have no report; choose one outside of ${from} to ${to}, got '${at}'`;
}

function changesAhead(timeZone: string, now: number): ReturnType<typeof clockChanges> {
  if (known.now !== now) known = { now, zones: new Map() };
  const changes = known.zones.get(timeZone) ?? clockChanges(timeZone, now, now + AHEAD_MS);
  known.zones.set(timeZone, changes);
  return changes;
}
