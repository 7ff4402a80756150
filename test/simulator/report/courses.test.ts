import { usd } from '../../../core/money';
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
