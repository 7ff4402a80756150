import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { reportTimeProblem } from '../../config/report-time';
import { clockChanges, skippedTime } from '../../core/report/clock-changes';

const NOW = Date.parse('2026-11-23T00:00:00Z');

function problem(at: string, timeZone: string, now = NOW): string | undefined {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  return reportTimeProblem(at, { hour, minute, timeZone }, now);
}

test.each([
  ['America/New_York', '01:59', '02:00', '02:59', '03:00'],
  ['Europe/Berlin', '01:59', '02:00', '02:59', '03:00'],
  ['Antarctica/Troll', '00:59', '01:00', '02:59', '03:00'],
  ['Australia/Lord_Howe', '01:59', '02:00', '02:29', '02:30'],
  ['America/Santiago', '23:59', '00:00', '00:59', '01:00'],
  ['Asia/Beirut', '23:59', '00:00', '00:59', '01:00'],
])('%s has %s each day, not %s to %s, and again %s', (zone, before, first, last, after) => {
  expect([problem(before, zone), problem(after, zone)]).toEqual([undefined, undefined]);
  for (const at of [first, last]) expect(problem(at, zone)).toContain(`choose one outside of ${first} to ${after}`);
});

test.each(['UTC', 'America/Sao_Paulo', 'Asia/Kolkata', 'Asia/Tokyo'])('%s has every time', (zone) => {
  const times = Array.from({ length: 24 }, (_, hour) => `${String(hour).padStart(2, '0')}:30`);
  expect(times.flatMap((at) => problem(at, zone) ?? [])).toEqual([]);
});

test('a day that a zone leaves out whole is no day, and needs no report', () => {
  // Samoa went from 29 to 31 December 2011, https://data.iana.org/time-zones/tzdb/australasia (read 2026-11-28).
  const changes = clockChanges('Pacific/Apia', Date.parse('2011-12-01'), Date.parse('2012-01-31'));
  expect(changes.map(({ after, before }) => (after - before) / 3_600_000)).toEqual([24]);
  expect(skippedTime(changes, { hour: 8, minute: 0 })).toBeUndefined();
});

test('what is deployed is still operated: its report time is told, and refused by the next deployment', () => {
  const environments = {
    ...shipped.environments,
    dev: { ...shipped.environments['dev']!, report: { at: '02:30', timeZone: 'Europe/Berlin' } },
  };
  const { notices } = loadGuard({ ...shipped, environments }, NOW, undefined, 'operate');
  expect(notices.filter(({ environment }) => environment === 'dev').map(({ text }) => text)).toContainEqual(
    expect.stringContaining('on 2027-03-28 the clocks of Europe/Berlin go from 02:00 to 03:00'),
  );
  expect(() => loadGuard({ ...shipped, environments }, NOW)).toThrow('report.at');
  // At another time the next change is another.
  expect(problem('02:30', 'Europe/Berlin', Date.parse('2027-04-01'))).toContain('on 2028-03-26');
  expect(problem('02:30', 'Europe/Berlin')).toContain('on 2027-03-28');
});
