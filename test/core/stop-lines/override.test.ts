import { activeOverride, overrideEnd, overrideProblems, type Override } from '../../../core/stop-lines/override';
import { usd } from '../../../core/money';
import { at } from '../../helpers/meter-world';

const NOW = at('2026-11-10T12:00');
const given: Override = { since: NOW, by: 'ana', reason: 'release', until: NOW + 3_600_000, limit: usd(150) };

test.each([
  ['its own time', given, NOW + 3_600_000],
  ['the month, at the latest', { ...given, until: at('2026-12-05T00:00') }, at('2026-12-01T00:00')],
  ['the month, when nothing is said', { since: NOW, by: 'ana', reason: 'x' }, at('2026-12-01T00:00')],
  ['February', { since: at('2028-02-29T23:59'), by: 'ana', reason: 'x' }, at('2028-03-01T00:00')],
  ['the year', { since: at('2026-12-31T23:59'), by: 'ana', reason: 'x' }, at('2027-01-01T00:00')],
])('an override ends with %s', (_name, override, end) => {
  expect(overrideEnd(override)).toBe(end);
  expect(activeOverride(override, end - 1)).toBe(override);
  expect(activeOverride(override, end)).toBeUndefined();
});

test.each<[string, Partial<Override>, number, readonly string[]]>([
  ['below the stop line nothing more is needed', { until: undefined, limit: undefined }, 94, []],
  ['at it, until and limit are', { until: undefined, limit: undefined }, 95, ['until', 'limit']],
  ['above it', { until: undefined }, 120, ['until']],
  ['complete', {}, 120, []],
  ['a limit that is spent already', { limit: usd(120) }, 120, ['limit']],
  ['a time that is over', { until: NOW }, 120, ['until']],
  ['nobody and no reason', { by: ' ', reason: '' }, 1, ['by', 'reason']],
  ['blanks are no reason', { reason: ' ' }, 1, ['reason']],
  ['a limit just above what is spent', { limit: usd('120.000000001') }, 120, []],
  ['a time just to come', { until: NOW + 1 }, 120, []],
])('what is asked for: %s', (_name, over, spent, fields) => {
  const problems = overrideProblems({ ...given, ...over } as Override, {
    monthToDate: usd(spent),
    stopLine: usd(95),
    now: NOW,
  });
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(fields);
});
