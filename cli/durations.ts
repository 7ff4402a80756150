import { HOUR_MS, MINUTE_MS } from '../core/calendar';
import { UsageError } from './errors';

const UNITS = { m: MINUTE_MS, h: HOUR_MS } as const;

/**
 * `30m` or `2h` in milliseconds.
 * @param option such as `--hold`, for the error
 */
export function durationMs(option: string, text: string, longestMs: number): number {
  const [, count = '', unit = ''] = /^(\d{1,4})([mh])$/.exec(text) ?? [];
  const ms = Number(count) * (UNITS[unit as keyof typeof UNITS] ?? 0);
  if (ms > 0 && ms <= longestMs) return ms;
  throw new UsageError(
    `${option} ${text}: not a duration; allowed: minutes or hours up to ${longestMs / HOUR_MS}h, such as 30m or 2h`,
  );
}
