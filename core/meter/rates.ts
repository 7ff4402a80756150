import { HOUR_MS, MINUTE_MS } from '../calendar';
import { nanoUsd, type NanoUsd, addUpTo, since, timesUpTo, ZERO } from '../money';
import type { RingEntry } from './types';

/** Long enough to hold an entry of an hour ago when the meter reads every 15 minutes. */
const RING_MS = 80 * MINUTE_MS;
/** In the first minutes of a month a bucket holds a minute more than the clock has run: too short to be a rate. */
const FIRST_MINUTES = 3;
const BURN_FROM_MS = 2 * MINUTE_MS;
const BURN_TO_MS = 15 * MINUTE_MS;

/** What a month has used in the hour that runs, and in the one before it. */
export interface HourBuckets {
  readonly thisHour: NanoUsd;
  readonly previousHour: NanoUsd;
}

/** Of the earlier reads of a month, those that a rate is told from. */
export interface LookBack {
  /** The latest one of an hour ago or more. */
  readonly hourAgo: RingEntry | undefined;
  /** Of those two to fifteen minutes ago the first and the last. */
  readonly oldest: RingEntry | undefined;
  readonly newest: RingEntry | undefined;
}

/** @param ring oldest first */
export function lookBack(ring: readonly RingEntry[], now: number): LookBack {
  let [hourAgo, oldest, newest]: (RingEntry | undefined)[] = [];
  // Of the innermost loop of a replay.
  const [from, to, hour] = [now - BURN_TO_MS, now - BURN_FROM_MS, now - HOUR_MS];
  for (let index = ring.length - 1; index >= 0 && hourAgo === undefined; index--) {
    const entry = ring[index];
    if (entry === undefined) continue;
    const { at } = entry;
    if (at <= to && at >= from) {
      newest ??= entry;
      oldest = entry;
    }
    if (at <= hour) hourAgo = entry;
  }
  return { hourAgo, oldest, newest };
}

/** Late points raise the month's sum but not this hour's buckets, and the buckets may hold two hours: the smaller counts. */
export function lastHour(
  monthToDate: NanoUsd,
  { thisHour, previousHour }: HourBuckets,
  { hourAgo }: LookBack,
): NanoUsd {
  const buckets = addUpTo(thisHour, previousHour);
  return least(buckets, since(monthToDate, hourAgo?.monthToDate ?? ZERO));
}

/**
 * The faster of a short and a long look back, so that neither a sudden rise nor a pause hides what is being spent.
 * Without an earlier read: this hour's bucket over the minutes that it has run, or both buckets over theirs.
 */
export function burn(
  monthToDate: NanoUsd,
  { thisHour, previousHour }: HourBuckets,
  { oldest, newest }: LookBack,
  now: number,
): NanoUsd {
  if (oldest !== undefined && newest !== undefined) {
    return most(rateSince(oldest, monthToDate, now), rateSince(newest, monthToDate, now));
  }
  const minutes = (now % HOUR_MS) / MINUTE_MS;
  const both = timesUpTo(addUpTo(thisHour, previousHour), 1 / (60 + minutes));
  return most(both, timesUpTo(thisHour, 1 / Math.max(minutes, FIRST_MINUTES)));
}

function rateSince({ at, monthToDate: then }: RingEntry, monthToDate: NanoUsd, now: number): NanoUsd {
  return timesUpTo(since(monthToDate, then), MINUTE_MS / (now - at));
}

export function nextRing(ring: readonly RingEntry[], now: number, monthToDate: NanoUsd): readonly RingEntry[] {
  const next = ring.slice(firstSince(ring, now - RING_MS));
  next.push({ at: now, monthToDate });
  return next;
}

/** @param ring oldest first @returns its length where there is none */
function firstSince(ring: readonly RingEntry[], from: number): number {
  const found = ring.findIndex(({ at }) => at >= from);
  return found < 0 ? ring.length : found;
}

/**
 * With what is known of the time after the last read: until the first call that it cannot have seen the month's sum stood where it
 * was. So a rate that begins after a long silence is told as sharply as if each minute of the silence had been read.
 * @param since start of the minute of that call
 */
export function untilFirstCall<Memory extends { readonly ring: readonly RingEntry[]; readonly at: number }>(
  memory: Memory & { readonly monthToDate: NanoUsd },
  since: number | undefined,
): Memory {
  if (since === undefined || since <= memory.at) return memory;
  return { ...memory, ring: [...memory.ring, { at: since, monthToDate: memory.monthToDate }] };
}

function most(...amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(Math.max(...amounts));
}

function least(...amounts: readonly NanoUsd[]): NanoUsd {
  return nanoUsd(Math.min(...amounts));
}
