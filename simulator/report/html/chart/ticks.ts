import { DAY_MS, HOUR_MS } from '../../../../core/calendar';

/** Few round amounts from nothing up to at most `most`. */
export function dollarTicks(most: number): readonly number[] {
  if (!(most > 0)) return [0];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? 10 * power;
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, at) => at * step);
}

const DAYS = [1, 2, 3, 5, 7, 14, 31];

/** Days at midnight UTC, at most so many. */
export function dayTicks(from: number, to: number, count: number): readonly Date[] {
  const days = Math.max(1, Math.ceil((to - from) / DAY_MS));
  const step = DAYS.find((size) => days / size <= count) ?? Math.ceil(days / count);
  const first = Math.ceil(from / DAY_MS) * DAY_MS;
  return every(step * DAY_MS, first, to);
}

const HOURS = [1, 2, 3, 6, 12];

/** As {@link dayTicks}, of hours where the time is short. */
export function timeTicks(from: number, to: number, count: number): readonly Date[] {
  const hours = (to - from) / HOUR_MS;
  const step = HOURS.find((size) => hours / size <= count);
  if (step === undefined) return dayTicks(from, to, count);
  return every(step * HOUR_MS, Math.ceil(from / (step * HOUR_MS)) * step * HOUR_MS, to);
}

function every(step: number, from: number, to: number): readonly Date[] {
  const count = Math.max(0, Math.floor((to - from) / step) + 1);
  return Array.from({ length: count }, (_, at) => new Date(from + at * step)).filter((at) => at.getTime() < to);
}
