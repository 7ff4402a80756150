import { HOUR_MS, MINUTE_MS } from '../calendar';
import { nanoUsd, type NanoUsd } from '../money';
import { addUpTo, since, timesUpTo } from './saturate';
import type { RingEntry } from './types';

/** Long enough to hold an entry of an hour ago when the meter reads every 15 minutes. */
export const RING_MS = 80 * MINUTE_MS;
/** In the first minutes of a month a bucket holds a minute more than the clock has run: too short to be a rate. */
const FIRST_MINUTES = 3;
const BURN_FROM_MS = 2 * MINUTE_MS;
const BURN_TO_MS = 15 * MINUTE_MS;

/** What a month has used in the hour that runs, and in the one before it. */
export interface HourBuckets {
  readonly thisHour: NanoUsd;
  readonly previousHour: NanoUsd;
}

/** Late points raise the month's sum but not this hour's buckets, and the buckets may hold two hours: the smaller counts. */
export function lastHour(
  monthToDate: NanoUsd,
  { thisHour, previousHour }: HourBuckets,
  ring: readonly RingEntry[],
  now: number,
  start: number,
): NanoUsd {
  const buckets = addUpTo(thisHour, previousHour);
  const before = ring.findLast(({ at }) => at <= now - HOUR_MS);
  if (before !== undefined) return least(buckets, since(monthToDate, before.monthToDate));
  return start >= now - HOUR_MS ? least(buckets, monthToDate) : buckets;
}

/**
 * The faster of a short and a long look back, so that neither a sudden rise nor a pause hides what is being spent.
 * Without an earlier read: this hour's bucket over the minutes that it has run, or both buckets over theirs.
 */
export function burn(
  monthToDate: NanoUsd,
  { thisHour, previousHour }: HourBuckets,
  ring: readonly RingEntry[],
  now: number,
): NanoUsd {
  const within = ring.filter(({ at }) => at <= now - BURN_FROM_MS && at >= now - BURN_TO_MS);
  const ends = [within[0], within.at(-1)].flatMap((found) => (found === undefined ? [] : [found]));
  if (ends.length > 0) {
    return most(...ends.map((e) => timesUpTo(since(monthToDate, e.monthToDate), MINUTE_MS / (now - e.at))));
  }
  const minutes = (now % HOUR_MS) / MINUTE_MS;
  const both = timesUpTo(addUpTo(thisHour, previousHour), 1 / (60 + minutes));
  return most(both, timesUpTo(thisHour, 1 / Math.max(minutes, FIRST_MINUTES)));
}

export function nextRing(ring: readonly RingEntry[], now: number, monthToDate: NanoUsd): readonly RingEntry[] {
  return [...ring.filter(({ at }) => at >= now - RING_MS), { at: now, monthToDate }];
}

function most(...amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(Math.max(...amounts));
}

function least(...amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(Math.min(...amounts));
}
