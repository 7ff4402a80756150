import type { UtcDay, UtcMonth } from '../calendar';
import type { Reading } from '../reading';
import type { SpendersDay } from './day';
import { daysOf } from './days';
import type { SpendersOfMonth, TaggedSpend } from './types';

export interface MonthInput {
  readonly month: UtcMonth;
  readonly now: number;
  /** Absent: the config names no log group. */
  readonly log?: {
    readonly logGroup: string;
    readonly otherRegions: readonly string[];
    readonly stored: Reading<readonly SpendersDay[]>;
    /** Why days could not be read just now. */
    readonly failed: ReadonlyMap<UtcDay, string>;
  };
  readonly tagged?: Reading<{ readonly tag: string; readonly spend: readonly TaggedSpend[] }>;
}

const NOT_READ = 'it was not read: only the last whole day is, and up to three before it';

/** What is known of a month, from the days that were read. */
export function spendersOfMonth({ month, now, log, tagged }: MonthInput): SpendersOfMonth {
  return {
    month,
    ...(log && { callers: callersOf(daysOf(month, now), log) }),
    ...(tagged && { tagged }),
  };
}

function callersOf(
  days: readonly UtcDay[],
  { logGroup, otherRegions, stored, failed }: NonNullable<MonthInput['log']>,
): NonNullable<SpendersOfMonth['callers']> {
  if (stored.kind === 'unavailable') return stored;
  const byDay = new Map(stored.value.map((one) => [one.day, one]));
  const read = days.flatMap((day) => byDay.get(day) ?? []);
  return {
    kind: 'known',
    value: {
      logGroup,
      otherRegions,
      usage: read.flatMap(({ usage }) => usage),
      days: read.map(({ day }) => day),
      missing: days.flatMap((day) => (byDay.has(day) ? [] : [{ day, why: failed.get(day) ?? NOT_READ }])),
      rest: read.flatMap(({ day, rest }) => (rest ? [{ day, ...rest }] : [])),
      unknown: read.flatMap(({ day, unknown }) => unknown.map((one) => ({ day, ...one }))),
      apart: read.flatMap(({ day, apart }) => apart.map((one) => ({ day, ...one }))),
      bytesScanned: read.reduce((sum, { bytesScanned }) => sum + bytesScanned, 0),
    },
  };
}
