import { DAY_MS, dayStart, HOUR_MS } from '../../../core/calendar';
import { daysAsked, LOG_KEPT_DAYS } from '../../../core/spenders/days';

const hours = Array.from({ length: 49 }, (_, hour) => Date.parse('2026-11-28T00:00:00Z') + hour * HOUR_MS - 1);
const agesMs = hours.map((now) => now - dayStart(daysAsked(now)[0]!));

test('a log that keeps its records long enough has all of each day that is asked for, whenever that is', () => {
  expect(Math.max(...agesMs)).toBeLessThan(LOG_KEPT_DAYS * DAY_MS);
});

test('a day less would lose a part of one, which would pass for all of it', () => {
  expect(Math.max(...agesMs)).toBeGreaterThan((LOG_KEPT_DAYS - 1) * DAY_MS);
});
