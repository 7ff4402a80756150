import { DAY_MS, MINUTE_MS, utcDay } from '../calendar';
import type { ReportDay } from './ports';

/** A change of the clocks of a time zone, by the rules that the running Node knows. */
export interface ClockChange {
  /** The first minute after it, ms since the epoch. */
  readonly at: number;
  /** What the local clock is ahead of UTC, in ms. */
  readonly before: number;
  readonly after: number;
}

/** No rule in force changes the clocks and changes them back within a week; the shortest, Ramadan in Morocco, lasts five. */
const STEP_MS = 7 * DAY_MS;

/** @param timeZone IANA name; every change within [from, to), in order */
export function clockChanges(timeZone: string, from: number, to: number): readonly ClockChange[] {
  const offsetAt = offsetsOf(timeZone);
  const changes: ClockChange[] = [];
  const start = Math.floor(from / MINUTE_MS) * MINUTE_MS;
  let before = offsetAt(start);
  for (let low = start; low < to; low += STEP_MS) {
    const high = Math.min(low + STEP_MS, to);
    const after = offsetAt(high);
    if (before !== after) changes.push({ at: firstMinute(offsetAt, low, high, before), before, after });
    before = after;
  }
  return changes;
}

const days = new Map<string, Intl.DateTimeFormat>();

/** The day of the local clock at that time (ms), and whose it is; UTC's where the zone is not known. @param timeZone IANA name */
export function reportDay(at: number, timeZone: string): ReportDay {
  const format = days.get(timeZone) ?? dayFormat(timeZone);
  days.set(timeZone, format);
  return `${format.format(at)} ${timeZone}` as ReportDay;
}

function dayFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  } catch (error) {
    // A zone that is newer than this Node: Scheduler knows it, and a report must not be lost for it.
    if (error instanceof RangeError) return new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC', dateStyle: 'short' });
    throw error;
  }
}

export interface SkippedTime {
  /** The local day that has no such time. */
  readonly day: string;
  /** What the clocks go from and to, `HH:MM`. */
  readonly from: string;
  readonly to: string;
}

/**
 * The first local day of which a change leaves out this time. A day that is left out whole, as where a zone crosses the date line,
 * is no day.
 */
export function skippedTime(
  changes: readonly ClockChange[],
  { hour, minute }: { readonly hour: number; readonly minute: number },
): SkippedTime | undefined {
  const ofDay = (hour * 60 + minute) * MINUTE_MS;
  for (const { at, before, after } of changes) {
    const [from, to] = [at + before, at + after];
    for (let day = Math.floor(from / DAY_MS) * DAY_MS; day < to; day += DAY_MS) {
      const isWhole = from <= day && day + DAY_MS <= to;
      const isLeftOut = from <= day + ofDay && day + ofDay < to;
      if (isLeftOut && !isWhole) return { day: utcDay(day), from: clock(from), to: clock(to) };
    }
  }
  return undefined;
}

function firstMinute(offsetAt: (at: number) => number, from: number, to: number, before: number): number {
  let [low, high] = [from, to];
  while (high - low > MINUTE_MS) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE_MS) * MINUTE_MS;
    if (offsetAt(middle) === before) low = middle;
    else high = middle;
  }
  return high;
}

/** Local time of day of what stands for it as if it were UTC. */
function clock(local: number): string {
  return new Date(local).toISOString().slice(11, 16);
}

function offsetsOf(timeZone: string): (at: number) => number {
  // Sweden writes 2026-11-23 08:00:00: taking such a text apart is ten times as fast as asking for the parts.
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' });
  return (at) => Date.parse(`${format.format(at).replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
}
