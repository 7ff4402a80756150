import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import {
  admitted,
  BUCKETS,
  minuteOf,
  rateRefusal,
  room,
  windowAt,
  type RateWindow,
} from '../../../core/ledger/rate-window';

const AT = Date.parse('2026-11-12T10:00:00Z');
const minute = minuteOf(AT);
const at = (counts: Record<number, number>, dayUsed?: number): RateWindow => {
  const earlier = Object.fromEntries(
    Object.entries(counts)
      .filter(([ago]) => ago !== '0')
      .map(([ago, n]) => [minute - Number(ago), n]),
  );
  const used = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return { minute, current: counts[0] ?? 0, earlier, used, dayUsed: dayUsed ?? used };
};

describe('the window moves on', () => {
  test.each([
    [BUCKETS - 1, 3],
    [BUCKETS, 0],
    [BUCKETS + 1, 0],
  ])('after %d minutes three requests count as %d', (minutes, used) => {
    expect(windowAt(at({ 0: 3 }), minute + minutes).used).toBe(used);
  });

  test('never back, for a clock that is behind', () => {
    const window = at({ 0: 3 });
    expect(windowAt(window, minute - 1)).toBe(window);
  });

  test.each([
    ['2026-11-12T23:59:59Z', 3],
    ['2026-11-13T00:00:00Z', 0],
  ])('at %s the day has %d', (time, dayUsed) => {
    expect(windowAt(at({ 0: 3 }), minuteOf(Date.parse(time))).dayUsed).toBe(dayUsed);
  });

  test('from nothing', () => {
    expect(windowAt(undefined, minute)).toEqual({ minute, current: 0, earlier: {}, used: 0, dayUsed: 0 });
  });

  test('and is itself within its minute', () => {
    const window = at({ 0: 3 });
    expect(windowAt(window, minute)).toBe(window);
  });

  test('and its last minute becomes one of the earlier ones, counted on', () => {
    expect(windowAt(at({ 0: 3, 5: 2, 61: 7 }, 20), minute + 1)).toEqual({
      ...{ minute: minute + 1, current: 0, earlier: { [minute]: 3, [minute - 5]: 2 } },
      ...{ used: 5, dayUsed: 20 },
    });
  });

  test('a request that is admitted counts in its minute, its hour and its day', () => {
    expect(admitted(at({ 0: 3, 5: 2 }, 20), 2)).toEqual(at({ 0: 5, 5: 2 }, 22));
  });

  test('empty buckets are dropped', () => {
    expect(windowAt(at({ 0: 0, 5: 2 }), minute + 1).earlier).toEqual({ [minute - 5]: 2 });
  });
});

describe('room', () => {
  test.each([
    [9, 1],
    [10, 0],
    [11, -1],
  ])('with %d of 10 an hour: %d', (used, left) => {
    expect(room(at({ 0: used }), { perHour: 10 })).toBe(left);
    expect(room(at({ 0: 1 }, used), { perHour: 100, perDay: 10 })).toBe(left);
  });

  test('is endless without limits', () => {
    expect(room(admitted(at({ 0: 5 }), 1), {})).toBe(Infinity);
  });
});

describe('a refusal names the exact second in which a place is free', () => {
  const full = at({ 0: 4, 30: 5, 61: 1 });

  test.each([
    ['the oldest bucket goes', 10, 0, (BUCKETS - 61) * 60],
    ['counted from now', 10, 1, (BUCKETS - 61) * 60 - 1],
    ['parts of a second count as one', 10, 0.001, (BUCKETS - 61) * 60],
    ['two must go after the limit was lowered', 9, 0, (BUCKETS - 30) * 60],
    ['all must', 1, 0, BUCKETS * 60],
  ])('hour: %s', (_, perHour, secondsLater, retryAfterSeconds) => {
    const refusal = rateRefusal(full, { perHour }, AT + secondsLater * 1000);
    expect(refusal).toEqual({ kind: 'refused', window: 'hour', retryAfterSeconds });
    // True then, and not a second earlier.
    const then = AT + Math.floor(secondsLater) * 1000 + retryAfterSeconds * 1000;
    expect(room(windowAt(full, minuteOf(then)), { perHour })).toBeGreaterThan(0);
    expect(room(windowAt(full, minuteOf(then - 1000)), { perHour })).toBeLessThanOrEqual(0);
  });

  test('day: to midnight UTC', () => {
    expect(rateRefusal(full, { perDay: 10 }, AT)).toEqual({
      kind: 'refused',
      window: 'day',
      retryAfterSeconds: (14 * HOUR_MS) / 1000,
    });
  });

  test.each([
    ['before midnight', '2026-11-12T23:59:58Z', 2],
    ['parts of a second count as one', '2026-11-12T23:59:58.999Z', 2],
    ['at least a second, by a clock that is ahead', '2026-11-13T00:00:30Z', 1],
  ])('day, by a window that is full: %s', (_, time, retryAfterSeconds) => {
    expect(rateRefusal(full, { perDay: 10 }, Date.parse(time))).toMatchObject({ window: 'day', retryAfterSeconds });
  });

  test.each([
    ['the hour', { perHour: 10, perDay: 11 }, 'hour'],
    ['the day', { perHour: 11, perDay: 10 }, 'day'],
  ])('only %s is full', (_, limits, window) => {
    expect(rateRefusal(full, limits, AT).window).toBe(window);
  });

  const ending = (time: string): RateWindow => ({
    ...{ minute: minuteOf(Date.parse(time)), current: 10, earlier: {}, used: 10, dayUsed: 10 },
  });

  test('the day alone, though the hour of its last minute ends later', () => {
    const late = '2026-11-12T23:59:00Z';
    expect(rateRefusal(ending(late), { perHour: 11, perDay: 10 }, Date.parse(late))).toMatchObject({
      ...{ window: 'day', retryAfterSeconds: 60 },
    });
  });

  test('the day, where the hour ends with it', () => {
    const time = '2026-11-12T22:58:00Z';
    expect(rateRefusal(ending(time), { perHour: 10, perDay: 10 }, Date.parse(time))).toMatchObject({
      ...{ window: 'day', retryAfterSeconds: BUCKETS * 60 },
    });
  });

  test('where no bucket can make room, as for a limit of none, the hour from now on', () => {
    expect(rateRefusal(full, { perHour: 0 }, AT).retryAfterSeconds).toBe(BUCKETS * 60);
  });

  test('where both are full, the later one', () => {
    expect(rateRefusal(full, { perHour: 10, perDay: 10 }, AT).window).toBe('day');
    const late = Math.ceil(AT / DAY_MS) * DAY_MS - MINUTE_MS;
    const window = { ...full, minute: minuteOf(late), earlier: {}, current: 10 };
    expect(rateRefusal(window, { perHour: 10, perDay: 10 }, late)).toMatchObject({
      window: 'hour',
      retryAfterSeconds: BUCKETS * 60,
    });
  });
});
