import { expect, test } from '@jest/globals';
import type { UtcMonth } from '../../../core/calendar';
import { gapsOf } from '../../../core/spenders/gaps';
import { day, days, MONTH } from '../../helpers/spenders';

const at = (time: string) => Date.parse(time);

test.each([
  ['yesterday is read: today is to come', days(1, 9), [], '2026-11-10'],
  ['yesterday is not read yet: its report may still come', days(1, 8), [], '2026-11-09'],
  ['nor the day before: that one is lost', days(1, 7), ['2026-11-08: nobody has read them'], '2026-11-09'],
])('%s', (_what, read, unknown, from) => {
  const gaps = gapsOf({ month: MONTH, days: read, missing: [] }, at('2026-11-10T00:00:00Z'));
  expect(gaps).toEqual({ unknown, toCome: `${from} and later, which the next daily reports read` });
});

test('yesterday is to come also where it is said to be missing: the next reports make up for it', () => {
  const missing = [{ day: day(9), why: 'it was not read' }];
  expect(gapsOf({ month: MONTH, days: days(1, 8), missing }, at('2026-11-10T12:00:00Z')).unknown).toEqual([]);
});

test.each([
  ['the last day may come on the first', '2026-12-01T23:59:59.999Z', [], true],
  ['and is lost on the second', '2026-12-02T00:00:00Z', ['2026-11-30: nobody has read them'], false],
])('a month that is over: %s', (_what, now, unknown, isToCome) => {
  const gaps = gapsOf({ month: MONTH, days: days(1, 29), missing: [] }, at(now));
  expect(gaps.unknown).toEqual(unknown);
  expect('toCome' in gaps).toBe(isToCome);
});

test('a month that is over and read in full lacks nothing', () => {
  expect(gapsOf({ month: MONTH, days: days(1, 30), missing: [] }, at('2027-01-05T00:00:00Z'))).toEqual({ unknown: [] });
});

test('February of a leap year', () => {
  const gaps = gapsOf({ month: '2028-02' as UtcMonth, days: [], missing: [] }, at('2028-03-09T00:00:00Z'));
  expect(gaps.unknown).toEqual(['2028-02-01 to 2028-02-29: nobody has read them']);
});
