import { DAY_MS } from '../../../core/calendar';
import { fireTimes, parseSchedule } from '../../../simulator/template/schedule-expression';
import { costCheck } from './harness';

/** How many reports are mailed over these days by a daily schedule, each delivered twice. */
async function mailed(at: string, zone: string, from: string, to: string): Promise<readonly string[]> {
  const [hour, minute] = at.split(':').map(Number);
  const schedule = parseSchedule(`cron(${minute} ${hour} * * ? *)`, zone);
  const check = costCheck({ now: from });
  const start = Date.parse(from);
  let now = start;
  const days: string[] = [];
  for (const due of fireTimes(schedule, start, Date.parse(to))) {
    check.pass(due - now);
    now = due;
    const before = check.mail.sent.length;
    const scheduledAt = new Date(due).toISOString();
    await check.scheduled(scheduledAt);
    await check.scheduled(scheduledAt);
    for (let sent = before; sent < check.mail.sent.length; sent += 1) days.push(localDay(due, zone));
  }
  return days;
}

function localDay(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}

describe('a change to summer time loses no report, and one back doubles none', () => {
  test.each([
    ['19:30', 'America/New_York', '2027-03-14'],
    ['01:30', 'Europe/Berlin', '2027-03-28'],
    ['10:00', 'Australia/Sydney', '2027-10-03'],
    ['19:30', 'America/New_York', '2027-11-07'],
    ['01:30', 'Europe/Berlin', '2027-10-31'],
    ['10:00', 'Australia/Sydney', '2027-04-04'],
  ])('%s in %s about %s', async (at, zone, changed) => {
    const around = [-3, 3].map((days) => new Date(Date.parse(changed) + days * DAY_MS + 12 * 3_600_000).toISOString());
    const days = await mailed(at, zone, around[0]!, around[1]!);
    expect(days).toEqual([...new Set(days)]);
    expect(days).toHaveLength(6);
  });
});
