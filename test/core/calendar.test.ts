import {
  addDays,
  daysBetween,
  daysIn,
  monthStart,
  nextMonth,
  previousMonth,
  utcDay,
  utcMonth,
  type UtcDay,
  type UtcMonth,
} from '../../core/calendar';

test.each([
  ['2026-12-31T23:59:59.999Z', '2026-12-31', '2026-12'],
  ['2027-01-01T00:00:00.000Z', '2027-01-01', '2027-01'],
  ['2028-02-29T12:00:00.000Z', '2028-02-29', '2028-02'],
])('%s is on %s in %s', (at, day, month) => {
  expect(utcDay(Date.parse(at))).toBe(day);
  expect(utcMonth(Date.parse(at))).toBe(month);
});

test.each([
  ['2026-01', 31, '2026-02', '2025-12'],
  ['2026-02', 28, '2026-03', '2026-01'],
  ['2028-02', 29, '2028-03', '2028-01'],
  ['2026-12', 31, '2027-01', '2026-11'],
])('%s has %i days, then comes %s; before it %s', (month, days, next, previous) => {
  expect(daysIn(month as UtcMonth)).toBe(days);
  expect(nextMonth(month as UtcMonth)).toBe(next);
  expect(previousMonth(month as UtcMonth)).toBe(previous);
  expect(utcMonth(monthStart(month as UtcMonth))).toBe(month);
});

test('days run over month and leap-day edges', () => {
  expect(addDays('2028-02-28' as UtcDay, 1)).toBe('2028-02-29');
  expect(addDays('2027-01-01' as UtcDay, -1)).toBe('2026-12-31');
  expect(daysBetween('2026-12-30' as UtcDay, '2027-01-02' as UtcDay)).toEqual([
    '2026-12-30',
    '2026-12-31',
    '2027-01-01',
  ]);
  expect(daysBetween('2026-12-30' as UtcDay, '2026-12-30' as UtcDay)).toEqual([]);
});
