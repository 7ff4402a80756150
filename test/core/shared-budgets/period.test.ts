import * as fc from 'fast-check';
import { DateTime } from 'luxon';
import {
  isWithin,
  periodAt,
  periodEnd,
  type PeriodKey,
  periodStart,
  previousPeriod,
} from '../../../core/shared-budgets';

const at = (text: string) => Date.parse(text);
const times = fc.integer({ min: at('2020-01-01T00:00:00Z'), max: at('2050-01-01T00:00:00Z') });
const PERIODS = ['month', 'week', 'day'] as const;

test.each([
  ['month', '2026-11-30T23:59:59.999Z', '2026-11'],
  ['month', '2026-12-01T00:00:00Z', '2026-12'],
  ['day', '2026-11-28T23:59:59.999Z', '2026-11-28'],
  ['day', '2026-11-29T00:00:00Z', '2026-11-29'],
  ['week', '2026-11-29T23:59:59.999Z', '2026-W48'],
  ['week', '2026-11-30T00:00:00Z', '2026-W49'],
  // The year of a week is that of its Thursday.
  ['week', '2026-12-31T12:00:00Z', '2026-W53'],
  ['week', '2027-01-03T23:59:59.999Z', '2026-W53'],
  ['week', '2027-01-04T00:00:00Z', '2027-W01'],
  ['week', '2024-12-30T00:00:00Z', '2025-W01'],
] as const)('%s of %s is %s', (period, time, key) => {
  expect(periodAt(period, at(time))).toBe(key);
});

test('weeks are those of ISO 8601', () => {
  fc.assert(
    fc.property(times, (time) => {
      const { weekYear, weekNumber } = DateTime.fromMillis(time, { zone: 'utc' });
      expect(periodAt('week', time)).toBe(`${weekYear}-W${String(weekNumber).padStart(2, '0')}`);
    }),
  );
});

test.each(PERIODS)('every time is in one %s, which begins where the one before ends', (period) => {
  fc.assert(
    fc.property(times, (time) => {
      const key = periodAt(period, time);
      expect(periodStart(key)).toBeLessThanOrEqual(time);
      expect(periodEnd(key)).toBeGreaterThan(time);
      expect(periodAt(period, periodStart(key))).toBe(key);
      expect(periodAt(period, periodEnd(key) - 1)).toBe(key);
      expect(periodEnd(previousPeriod(period, key))).toBe(periodStart(key));
    }),
  );
});

test.each([
  ['2026-11-28', '2026-11', true],
  ['2026-11-28', '2026-W48', true],
  ['2026-11-30', '2026-W48', false],
  ['2026-W48', '2026-11', true],
  // From Monday the 30th on it is in two months.
  ['2026-W49', '2026-11', false],
  ['2026-W49', '2026-12', false],
  ['2026-11', '2026-11', true],
  ['2026-11', '2026-W48', false],
] as const)('whether %s is within %s: %s', (inner, outer, is) => {
  expect(isWithin(inner as PeriodKey, outer as PeriodKey)).toBe(is);
});
