import fc from 'fast-check';
import { HOUR_MS } from '../../../core/calendar';
import { nanoUsd, usd } from '../../../core/money';
import { courseChart } from '../../../simulator/report/html/course-chart';
import { coursesOf, dayEnds, spentAt } from '../../../simulator/report/html/courses';
import { at, daysFrom, environment, QUIET } from './page-fixture';

test('month to date begins anew with each month', () => {
  const days = daysFrom('2026-03-31', [2, 2, 2]);
  expect(dayEnds(days).map(({ spent }) => spent)).toEqual([usd(2), usd(2), usd(4)]);
  const courses = coursesOf(environment({ ...QUIET, days }));
  expect(courses.map(({ month, spent }) => [month, spent])).toEqual([
    ['2026-03', usd(2)],
    ['2026-04', usd(4)],
  ]);
  const apart = [...daysFrom('2026-03-01', [2]), ...daysFrom('2026-03-04', [2])];
  expect(dayEnds(apart).map(({ spent }) => spent)).toEqual([usd(2), usd(2), usd(2), usd(4)]);
});

test('the end of the last hour of a month is of that month', () => {
  const points = [
    { at: at('2026-03-31T23:00Z'), spent: usd(8) },
    { at: at('2026-04-01T00:00Z'), spent: usd(9) },
    { at: at('2026-04-01T01:00Z'), spent: usd(1) },
  ];
  const courses = coursesOf(environment({ ...QUIET, points, days: daysFrom('2026-03-31', [9, 1]) }));
  expect(courses.map(({ spent }) => spent)).toEqual([usd(9), usd(1)]);
});

describe('the line goes through what happened', () => {
  const stop = { at: at('2026-03-01T10:20Z'), kind: 'stop' as const, text: 'x', spent: usd(5) };
  const points = [10, 11, 12].map((hour, index) => ({ at: at(`2026-03-01T${hour}:00Z`), spent: usd(1 + index * 4) }));
  const course = (spent: number) =>
    coursesOf(
      environment({ ...QUIET, days: daysFrom('2026-03-01', [9]), points, events: [{ ...stop, spent: usd(spent) }] }),
    )[0]!;

  test('at its own spend', () => {
    expect(course(4.5).points).toContainEqual({ at: stop.at, spent: usd(4.5) });
    expect(spentAt(course(4.5), stop.at)).toBe(usd(4.5));
  });

  test('and never falls, nor ends above what was spent', () => {
    for (const spent of [0, 20]) {
      const amounts = course(spent).points.map((point) => point.spent);
      expect(amounts).toEqual([...amounts].sort((a, b) => a - b));
      expect(amounts.at(-1)).toBe(usd(9));
    }
  });

  test('between two known times it is as far as the time is', () => {
    expect(spentAt(course(3), at('2026-03-01T11:30Z'))).toBe(usd(7));
    expect(spentAt(course(3), at('2026-03-02T11:30Z'))).toBe(usd(9));
  });
});

test('what is under the line ends at the line, and the time of a denial has upright edges', () => {
  const start = at('2026-03-01T00:00Z');
  const hour = fc.integer({ min: 1, max: 47 });
  const changes = fc.uniqueArray(hour, { minLength: 1, maxLength: 6 });
  const hourly = fc.array(fc.integer({ min: 0, max: 3_000_000_000 }), { minLength: 48, maxLength: 48 });
  fc.assert(
    fc.property(hourly, changes, (spent, hours) => {
      let sum = 0;
      const points = spent.map((amount, index) => ({
        at: start + (index + 1) * HOUR_MS,
        spent: nanoUsd((sum += amount)),
      }));
      const times = hours.toSorted((a, b) => a - b).map((one) => start + one * HOUR_MS);
      const report = environment({
        days: daysFrom('2026-03-01', [1, 1]),
        points,
        spent: { kind: 'known', value: nanoUsd(sum) },
        events: times.map((time) => ({
          at: time,
          kind: 'open' as const,
          text: 'x',
          spent: points.find((point) => point.at === time)!.spent,
        })),
        holds: times.map((from) => ({
          from,
          until: from + HOUR_MS,
          state: 'stopped' as const,
          by: 'the meter' as const,
        })),
      });
      const drawn = courseChart(report, coursesOf(report)[0]!, { size: 'wide', id: 'x', running: false });
      const pathOf = (name: string) => new RegExp(`<g class="${name}"[^>]*><path[^>]* d="([^"]*)"`).exec(drawn)?.[1];
      expect(pathOf('line')).toMatch(/^M/);
      expect(pathOf('area')?.startsWith(pathOf('line')!)).toBe(true);
      const [, held = ''] = /<g class="held stopped"[^>]*>(.*?)<\/g>/.exec(drawn) ?? [];
      expect(held.match(/<rect /g)).toHaveLength(times.length);
      expect(held).not.toContain('<path');
    }),
    { numRuns: 30 },
  );
});
