import { costCheck } from './harness';

/** A deployment moves the report's time on a day: that local day has one report at most, and one at least. */

const ZONE = 'Europe/Berlin';
/** A local time of 28 November 2026, an hour ahead of UTC. */
const at = (time: string) => `2026-11-28T${time}:00+01:00`;

/** Whether the day's report goes out at each of these local times, in turn, with one table over all of them. */
async function mailedAt(...times: readonly string[]): Promise<readonly string[]> {
  const check = costCheck({ now: new Date(at('00:00')).toISOString(), variables: { REPORT_TIME_ZONE: ZONE } });
  const mailed: string[] = [];
  let now = Date.parse(at('00:00'));
  for (const time of times) {
    const due = Date.parse(at(time));
    check.pass(due - now);
    now = due;
    const before = check.mail.sent.length;
    await check.scheduled(new Date(due).toISOString());
    if (check.mail.sent.length > before) mailed.push(time);
  }
  return mailed;
}

/** What is left of the day's schedule where it is moved at a time: the earlier ones of the old, and the later ones of the new. */
const due = (old: string, next: string, movedAt: string) => [
  ...[old, '23:50'].filter((time) => time < movedAt),
  ...[next, '23:50'].filter((time) => time >= movedAt),
];

test.each([
  ['later, after the report', '08:00', '18:00', '12:00', ['08:00']],
  ['later, before it', '08:00', '18:00', '07:00', ['18:00']],
  ['earlier, after it', '18:00', '08:00', '19:00', ['18:00']],
  ['earlier, before it, and the new time is past', '18:00', '08:00', '12:00', ['23:50']],
  ['earlier, before both', '18:00', '08:00', '07:00', ['08:00']],
  ['to a minute later, just after', '08:00', '08:01', '08:01', ['08:00']],
])('%s: one report', async (_what, old, next, movedAt, expected) => {
  expect(await mailedAt(...due(old, next, movedAt))).toEqual(expected);
});

test('the next local day has its own', async () => {
  const check = costCheck({ now: '2026-11-28T07:00:00.000Z', variables: { REPORT_TIME_ZONE: ZONE } });
  await check.scheduled('2026-11-28T07:00:00Z');
  // Midnight in Berlin.
  check.pass(16 * 3_600_000 - 60_000);
  await check.scheduled('2026-11-28T22:59:00Z');
  expect(check.mail.sent).toHaveLength(1);
  check.pass(60_000);
  await check.scheduled('2026-11-28T23:00:00Z');
  expect(check.mail.sent).toHaveLength(2);
});
