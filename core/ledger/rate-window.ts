import { DAY_MS, MINUTE_MS } from '../calendar';
import type { RateOutcome } from './ports';

/** Requests admitted by all processes, by the minute. */
export interface RateWindow {
  /** Minutes since the epoch, of the last bucket; no process counts into an earlier one. */
  readonly minute: number;
  /** In that bucket. */
  readonly current: number;
  /** Count by minute, of the buckets before it that still count; empty ones are left out. */
  readonly earlier: Readonly<Record<string, number>>;
  /** In all of them. */
  readonly used: number;
  /** In the UTC day of `minute`. */
  readonly dayUsed: number;
}

/** Absent: not limited. */
export interface RateLimits {
  readonly perHour?: number;
  readonly perDay?: number;
}

/**
 * Buckets that count for the hour: 60 minutes touch 61 of them, and one more is for clocks that differ, by up to a minute.
 * So no 60 minutes, wherever they begin, hold more than the limit; at a steady rate 58/60 of it are used.
 */
export const BUCKETS = 62;

export function minuteOf(now: number): number {
  return Math.floor(now / MINUTE_MS);
}

/** The window at that minute; at its own where the caller's clock is behind. */
export function windowAt(window: RateWindow | undefined, minute: number): RateWindow {
  if (!window) return { minute, current: 0, earlier: {}, used: 0, dayUsed: 0 };
  if (window.minute >= minute) return window;
  const counted = Object.entries(allBuckets(window)).filter(
    ([bucket, count]) => count > 0 && Number(bucket) > minute - BUCKETS,
  );
  return {
    minute,
    current: 0,
    earlier: Object.fromEntries(counted),
    used: counted.reduce((sum, [, count]) => sum + count, 0),
    dayUsed: dayOf(window.minute) === dayOf(minute) ? window.dayUsed : 0,
  };
}

/** Requests that still fit; below zero where a limit was lowered. */
export function room({ used, dayUsed }: RateWindow, { perHour = Infinity, perDay = Infinity }: RateLimits): number {
  return Math.min(perHour - used, perDay - dayUsed);
}

export function admitted(window: RateWindow, count: number): RateWindow {
  const { current, used, dayUsed } = window;
  return { ...window, current: current + count, used: used + count, dayUsed: dayUsed + count };
}

/** For a window without room: which limit keeps it full for longest, and until when. */
export function rateRefusal(
  window: RateWindow,
  { perHour = Infinity, perDay = Infinity }: RateLimits,
  now: number,
): RateOutcome & { readonly kind: 'refused' } {
  const hour = window.used >= perHour ? hourFreeAt(window, window.used - perHour + 1) : 0;
  const day = window.dayUsed >= perDay ? (dayOf(window.minute) + 1) * DAY_MS : 0;
  const retryAfterSeconds = Math.max(1, Math.ceil((Math.max(hour, day) - now) / 1000));
  return { kind: 'refused', window: day >= hour ? 'day' : 'hour', retryAfterSeconds };
}

/** When the oldest buckets that hold as many requests as must go no longer count, in ms since the epoch. */
function hourFreeAt(window: RateWindow, excess: number): number {
  let freed = 0;
  // Names that are whole numbers come in their order.
  for (const [bucket, count] of Object.entries(allBuckets(window))) {
    freed += count;
    if (freed >= excess) return (Number(bucket) + BUCKETS) * MINUTE_MS;
  }
  return (window.minute + BUCKETS) * MINUTE_MS;
}

function allBuckets({ earlier, minute, current }: RateWindow): Readonly<Record<string, number>> {
  return { ...earlier, [minute]: current };
}

function dayOf(minute: number): number {
  return Math.floor((minute * MINUTE_MS) / DAY_MS);
}
