import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { fireTimes, parseSchedule } from '../../../simulator/template/schedule-expression';

const times = (expression: string, zone: string | undefined, from: string, to: string) =>
  [...fireTimes(parseSchedule(expression, zone), Date.parse(from), Date.parse(to))].map((at) =>
    new Date(at).toISOString().slice(0, 16),
  );

describe('rate', () => {
  test.each([
    ['rate(1 minute)', MINUTE_MS],
    ['rate(15 minutes)', 15 * MINUTE_MS],
    ['rate(1 hour)', HOUR_MS],
    ['rate(2 days)', 2 * DAY_MS],
  ])('%s', (expression, everyMs) => expect(parseSchedule(expression)).toEqual({ kind: 'rate', everyMs }));

  test('fires from the start on, and not at the end', () => {
    expect(times('rate(6 hours)', undefined, '2026-03-01T00:00Z', '2026-03-02T00:00Z')).toEqual([
      '2026-03-01T00:00',
      '2026-03-01T06:00',
      '2026-03-01T12:00',
      '2026-03-01T18:00',
    ]);
    expect(
      fireTimes(parseSchedule('rate(1 minute)'), Date.parse('2026-03-01T00:00Z'), Date.parse('2026-04-01T00:00Z')),
    ).toHaveLength(44_640);
  });
});

describe('cron', () => {
  test('without a zone is UTC', () => {
    expect(times('cron(0 8 * * ? *)', undefined, '2026-03-01T00:00Z', '2026-03-03T00:00Z')).toEqual([
      '2026-03-01T08:00',
      '2026-03-02T08:00',
    ]);
  });

  test('in a zone fires at its local time', () => {
    expect(times('cron(0 8 * * ? *)', 'America/Sao_Paulo', '2026-03-01T00:00Z', '2026-03-03T00:00Z')).toEqual([
      '2026-03-01T11:00',
      '2026-03-02T11:00',
    ]);
    expect(times('cron(30 0 * * ? *)', 'Pacific/Auckland', '2026-03-01T00:00Z', '2026-03-02T00:00Z')).toEqual([
      '2026-03-01T11:30',
    ]);
  });

  test('keeps its local time over a change of the clock', () => {
    expect(times('cron(0 8 * * ? *)', 'America/New_York', '2026-03-07T00:00Z', '2026-03-10T00:00Z')).toEqual([
      '2026-03-07T13:00',
      '2026-03-08T12:00',
      '2026-03-09T12:00',
    ]);
  });

  test('a time that the clock skips does not fire', () => {
    expect(times('cron(30 2 * * ? *)', 'America/New_York', '2026-03-07T00:00Z', '2026-03-10T00:00Z')).toEqual([
      '2026-03-07T07:30',
      '2026-03-09T06:30',
    ]);
  });

  test('a time that the clock repeats fires once, the first time', () => {
    expect(times('cron(30 1 * * ? *)', 'America/New_York', '2026-10-31T12:00Z', '2026-11-02T12:00Z')).toEqual([
      '2026-11-01T05:30',
      '2026-11-02T06:30',
    ]);
  });

  test.each([
    ['cron(0/20 9 1 3 ? 2026)', ['2026-03-01T09:00', '2026-03-01T09:20', '2026-03-01T09:40']],
    ['cron(15 10 ? MAR MON-TUE *)', ['2026-03-02T10:15', '2026-03-03T10:15']],
    ['cron(0 0,12 3 * ? *)', ['2026-03-03T00:00', '2026-03-03T12:00']],
    ['cron(0 6 ? * 1 *)', ['2026-03-01T06:00']],
    ['cron(0 6 * * ? 2027)', []],
  ])('%s', (expression, expected) =>
    expect(times(expression, 'UTC', '2026-03-01T00:00Z', '2026-03-04T00:00Z')).toEqual(expected),
  );
});

test.each([
  ['at(2026-03-01T00:00:00)', 'UTC', 'not a rate'],
  ['rate(0 minutes)', 'UTC', 'not a rate'],
  ['rate(5 weeks)', 'UTC', 'not a rate'],
  ['cron(0 8 * * *)', 'UTC', 'six fields expected, got 5'],
  ['cron(60 8 * * ? *)', 'UTC', "'60' is not within 0 to 59"],
  ['cron(0 8 L * ? *)', 'UTC', "'L' is not within 1 to 31"],
  ['cron(0 8 ? * 2#1 *)', 'UTC', 'is not within 1 to 7'],
  ['cron(0/x 8 * * ? *)', 'UTC', 'no whole step'],
  ['cron(0 8 * * ? *)', 'Mars/Olympus', "unknown time zone 'Mars/Olympus'"],
])('%s in %s cannot be played, and says why', (expression, zone, says) => {
  expect(() => parseSchedule(expression, zone)).toThrow(says);
  expect(() => parseSchedule(expression, zone)).toThrow(expression);
});
