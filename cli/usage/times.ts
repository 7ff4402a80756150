import { DateTime, IANAZone } from 'luxon';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../core/calendar';
import { shown } from './problems';

/** Milliseconds since the epoch; a date without a time of day says that it stands for its whole day, a month for its month. */
export interface ReadTime {
  readonly at: number;
  readonly spanMs: number;
}

export const TIME_WANTED =
  'ISO with its zone, such as 2026-11-23T14:00:00Z or 2026-11-23 14:00 Europe/Berlin, a day, or seconds or milliseconds since 1970';

const FIRST_YEAR = 2000;
const LAST_YEAR = 2099;
const FROM = Date.UTC(FIRST_YEAR, 0, 1);
const TO = Date.UTC(LAST_YEAR + 1, 0, 1);
/** Seconds, milliseconds, microseconds and nanoseconds since 1970 do not overlap within these years. */
const EPOCH_UNITS_MS = [1_000, 1, 1e-3, 1e-6];
const PARTS = /^(\d{4})[-/](\d\d)(?:[-/](\d\d)(?:(?:T|\s+)(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?)?)?\s*(.*)$/;
const PLAIN = /^\d{4}-\d\d-\d\dT[01]\d:[0-5]\d:[0-5]\d(?:\.\d+)?Z$/;
const OFFSET = /^([+-])(\d\d):?(\d\d)?$/;

/** Reads times as people's files have them. */
export class Times {
  /** Rows of a file are of few days: a day's start is worked out once. */
  private lastDay = 'none';
  private lastDayStart = 0;

  /** @param zone of times and days that name none; undefined: days are UTC days, and a time must name its zone */
  constructor(private readonly zone: string | undefined) {}

  /** @returns what is wrong with it as a text */
  read(value: unknown, zone = this.zone): ReadTime | string {
    if (typeof value === 'number') return epoch(value) ?? wanted(value);
    if (typeof value !== 'string') return wanted(value);
    // Most rows of a long file: of the same day as the row before.
    if (value.startsWith(this.lastDay) && PLAIN.test(value)) {
      const seconds =
        Number(value.slice(11, 13)) * 3_600 + Number(value.slice(14, 16)) * 60 + Number(value.slice(17, -1));
      return { at: this.lastDayStart + Math.floor(seconds * 1_000), spanMs: 0 };
    }
    const text = value.trim();
    if (/^\d{9,19}(\.\d+)?$/.test(text)) return epoch(Number(text)) ?? wanted(value);
    const parts = PARTS.exec(text);
    if (!parts) return wanted(value);
    const [, year = '', month = '', day, hour, minute, second = '0', fraction = '0', rest = ''] = parts;
    if (Number(year) < FIRST_YEAR || Number(year) > LAST_YEAR) {
      return `year ${year} is not between ${FIRST_YEAR} and ${LAST_YEAR}, got ${shown(value)}`;
    }
    if (Number(month) < 1 || Number(month) > 12) return `there is no month ${month}, got ${shown(value)}`;
    if (day !== undefined && (Number(day) < 1 || Number(day) > daysIn(Number(year), Number(month)))) {
      return `there is no ${year}-${month}-${day}`;
    }
    const named = zoneOf(rest, zone);
    if (hour === undefined) {
      if (typeof named === 'string' && rest !== '') return wanted(value);
      return wholeOf(year, month, day, typeof named === 'string' ? 0 : named);
    }
    if (typeof named === 'string') return rest === '' ? `${wanted(value)}; --time-zone names one for all` : named;
    if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return `there is no such time of day: ${text}`;
    const within =
      Number(hour) * HOUR_MS +
      Number(minute) * MINUTE_MS +
      Number(second) * 1_000 +
      Math.floor(Number(`0.${fraction}`) * 1_000);
    if (typeof named === 'number') {
      return { at: this.dayStart(year, month, day ?? '01') + within - named * MINUTE_MS, spanMs: 0 };
    }
    return localTime(
      named.zone,
      `${year}-${month}-${day}T${hour}:${minute}:${second.padStart(2, '0')}`,
      fraction,
      text,
    );
  }

  private dayStart(year: string, month: string, day: string): number {
    const key = `${year}-${month}-${day}T`;
    if (key === this.lastDay) return this.lastDayStart;
    this.lastDay = key;
    this.lastDayStart = Date.UTC(Number(year), Number(month) - 1, Number(day));
    return this.lastDayStart;
  }
}

export function isZone(name: string): boolean {
  return /^(utc|gmt|z)$/i.test(name) || (/^[A-Z][\w+-]*\/[\w+/-]+$/i.test(name) && IANAZone.isValidZone(name));
}

/** Minutes east of UTC, an IANA zone, or what is wrong. */
function zoneOf(rest: string, fallback: string | undefined): number | { readonly zone: string } | string {
  const text = rest.replace(/\[(.+)\]$/, (_, name: string) => (rest.startsWith('[') ? name : '')).trim() || fallback;
  if (text === undefined) return 'no zone';
  if (/^(utc|gmt|z)$/i.test(text)) return 0;
  const [, sign, hours, minutes = '0'] = OFFSET.exec(text) ?? [];
  if (sign !== undefined && Number(hours) <= 14 && Number(minutes) <= 59) {
    return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  }
  return isZone(text)
    ? { zone: text }
    : `unknown time zone ${shown(text)}; write an offset or a name such as Europe/Berlin`;
}

function wholeOf(
  year: string,
  month: string,
  day: string | undefined,
  zone: number | { readonly zone: string },
): ReadTime {
  const named = typeof zone === 'number' ? `UTC${zone < 0 ? '-' : '+'}${clock(Math.abs(zone))}` : zone.zone;
  const start = DateTime.fromObject(
    { year: Number(year), month: Number(month), day: Number(day ?? '1') },
    { zone: named },
  );
  const end = start.plus(day === undefined ? { months: 1 } : { days: 1 });
  return { at: start.toMillis(), spanMs: end.toMillis() - start.toMillis() };
}

function localTime(zone: string, iso: string, fraction: string, text: string): ReadTime | string {
  const found = DateTime.fromISO(iso, { zone });
  // Luxon moves a time that the clocks leave out; it is then no time of that zone.
  if (!found.isValid || found.toFormat("yyyy-MM-dd'T'HH:mm:ss") !== iso) return `there is no such local time: ${text}`;
  return { at: found.toMillis() + Math.floor(Number(`0.${fraction}`) * 1_000), spanMs: 0 };
}

function epoch(value: number): ReadTime | undefined {
  for (const unitMs of EPOCH_UNITS_MS) {
    const at = Math.floor(value * unitMs);
    if (at >= FROM && at < TO) return { at, spanMs: 0 };
  }
  return undefined;
}

function clock(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}`;
}

function daysIn(year: number, month: number): number {
  return Math.round((Date.UTC(year, month, 1) - Date.UTC(year, month - 1, 1)) / DAY_MS);
}

function wanted(value: unknown): string {
  return `time must be ${TIME_WANTED}, got ${shown(value)}`;
}
