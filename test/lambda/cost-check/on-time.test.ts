import fc from 'fast-check';
import {
  addDays,
  DAY_MS,
  daysBetween,
  dayStart,
  HOUR_MS,
  MINUTE_MS,
  utcDay,
  type UtcDay,
} from '../../../core/calendar';
import { clockChanges, reportDay, skippedTime, type ClockChange } from '../../../core/report/clock-changes';
import { parseEvent } from '../../../lambda/cost-check/event';
import { STALE_CLAIM_MS } from '../../../lambda/cost-check/handler';
import { FakeReportState } from '../../../simulator/fakes/report-state';
import { fireTimes, parseSchedule } from '../../../simulator/template/schedule-expression';
import { costCheck } from './harness';

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

function daily({ hour, minute }: TimeOfDay, zone: string) {
  return parseSchedule(`cron(${minute} ${hour} * * ? *)`, zone);
}

/** How many reports are mailed over these days by a daily schedule, each delivered twice. */
async function mailed(at: string, zone: string, from: string, to: string): Promise<readonly string[]> {
  const [hour = 0, minute = 0] = at.split(':').map(Number);
  const schedule = daily({ hour, minute }, zone);
  const check = costCheck({ now: from, variables: { REPORT_TIME_ZONE: zone } });
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

const formats = new Map<string, Intl.DateTimeFormat>();

function localDay(at: number, timeZone: string): string {
  const format = formats.get(timeZone) ?? new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  formats.set(timeZone, format);
  return format.format(at);
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

describe('property: in every zone, over a year', () => {
  const [FIRST, LAST] = ['2027-01-01', '2027-12-31'] as UtcDay[];
  /** All zones, one of those that have the same clock all year. */
  const CLOCKS = [
    ...new Map(
      Intl.supportedValuesOf('timeZone').map((zone) => {
        const from = dayStart(FIRST!) - DAY_MS;
        const changes = clockChanges(zone, from, dayStart(LAST!) + 2 * DAY_MS);
        return [JSON.stringify([hourOf(from, zone), changes]), { zone, changes }];
      }),
    ).values(),
  ];

  /** The local days on which a report goes out, of two deliveries of each; and the longest wait between two. */
  async function reportsOf(zone: string, time: TimeOfDay, days: readonly UtcDay[]) {
    const state = new FakeReportState();
    // A local day begins and ends within a day of the UTC one.
    const [from, to] = [dayStart(days[0]!) - DAY_MS, dayStart(days.at(-1)!) + 2 * DAY_MS];
    const due = [...fireTimes(daily(time, zone), from, to)];
    const on: string[] = [];
    for (const at of due) {
      for (const now of [at, at + 30_000]) {
        const event = parseEvent({ source: 'schedule', scheduledAt: new Date(at).toISOString() }, now);
        if (event.kind !== 'schedule') throw new Error('not taken for the schedule');
        const claim = await state.claim(reportDay(event.dueAt, zone), now, now - STALE_CLAIM_MS);
        if (claim.kind !== 'claimed') continue;
        await state.markSent(reportDay(event.dueAt, zone), now);
        on.push(localDay(at, zone));
      }
    }
    const waits = due.slice(1).map((at, index) => at - due[index]!);
    return { on: on.filter((day) => day >= days[0]! && day <= days.at(-1)!), longestWait: Math.max(...waits) };
  }

  async function check(zone: string, changes: readonly ClockChange[], at: TimeOfDay, days: readonly UtcDay[]) {
    const { on, longestWait } = await reportsOf(zone, at, days);
    if (skippedTime(changes, at) === undefined) {
      expect({ zone, at, on }).toEqual({ zone, at, on: days });
      // The alarm on a missing report waits for 28.
      expect(longestWait).toBeLessThanOrEqual(26 * HOUR_MS);
      return;
    }
    const lost = days.filter((day) => !on.includes(day));
    const named = changes.map((change) => skippedTime([change], at)?.day).filter((day) => days.includes(day as UtcDay));
    expect({ zone, at, lost }).toEqual({ zone, at, lost: named });
  }

  test('one report each local day, none lost, none twice, but where config refuses the time', async () => {
    expect(CLOCKS.length).toBeGreaterThan(60);
    const anyTime = fc.record({ hour: fc.integer({ min: 0, max: 23 }), minute: fc.integer({ min: 0, max: 59 }) });
    const times = fc.sample(anyTime, { numRuns: CLOCKS.length, seed: 2027 });
    const days = daysBetween(FIRST!, addDays(LAST!, 1));
    for (const [index, { zone, changes }] of CLOCKS.entries()) await check(zone, changes, times[index]!, days);
  });

  test('and so at the very minutes of a change', async () => {
    for (const { zone, changes } of CLOCKS) {
      for (const { at, before, after } of changes) {
        const day = utcDay(at);
        const days = daysBetween(addDays(day, -3), addDays(day, 4));
        for (const local of [at + before, at + after].flatMap((edge) => [edge - MINUTE_MS, edge])) {
          const [hour, minute] = [new Date(local).getUTCHours(), new Date(local).getUTCMinutes()];
          await check(zone, changes, { hour, minute }, days);
        }
      }
    }
  });
});

function hourOf(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' }).format(at);
}
