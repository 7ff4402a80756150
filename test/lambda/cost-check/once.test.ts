import { costCheck, NOW } from './harness';

const MINUTE = 60_000;

describe('once each time it is due, whatever is delivered twice', () => {
  test('trap 13: a duplicate event does not mail again; the next day does', async () => {
    const check = costCheck({ now: NOW });
    await check.scheduled();
    check.pass(MINUTE);
    expect(await check.scheduled()).toEqual({ kind: 'skipped', why: "this day's report was sent" });
    check.pass(24 * 60 * MINUTE);
    await check.scheduled('2026-11-24T11:00:00Z');
    expect(check.mail.sent).toHaveLength(2);
  });

  test('two at once: one reports', async () => {
    const check = costCheck({ now: NOW });
    const results = await Promise.all([check.scheduled(), check.scheduled()]);
    expect(results.map(({ kind }) => kind).sort()).toEqual(['reported', 'skipped']);
    expect(check.mail.sent).toHaveLength(1);
  });

  test('a run that died before its mail: Lambda’s retry takes over', async () => {
    const check = costCheck({ now: NOW });
    check.deps.mail.send = async () => {
      throw new Error('timed out');
    };
    await expect(check.scheduled()).rejects.toThrow('timed out');
    delete (check.deps.mail as { send?: unknown }).send;
    check.pass(MINUTE);
    expect(await check.scheduled()).toMatchObject({ kind: 'reported', mailed: true });
  });

  test('a fault that may pass is retried, and the last attempt reports it as unknown', async () => {
    const failure = () => ({ why: 'Cost Explorer answers ServiceUnavailable', retryable: true });
    const check = costCheck({ now: NOW, failure });
    for (const pause of [1, 2]) {
      await expect(check.scheduled()).rejects.toMatchObject({ code: 'BILL_UNAVAILABLE' });
      expect(check.mail.sent).toHaveLength(0);
      check.pass(pause * MINUTE);
    }
    await check.scheduled();
    expect(check.mail.sent[0]!.body).toContain('ServiceUnavailable');
  });

  test('a late event reports as of now, for the day it was due on', async () => {
    const check = costCheck({ now: NOW });
    await check.scheduled('2026-11-21T11:00:00Z');
    expect([...check.state.reports.keys()]).toEqual(['2026-11-21 America/Sao_Paulo']);
  });

  test('on demand: no mail unless asked, and no claim', async () => {
    const check = costCheck({ now: NOW });
    await check.onDemand();
    expect(check.mail.sent).toHaveLength(0);
    await check.onDemand({ mail: true });
    expect(check.mail.sent).toHaveLength(1);
    expect(check.state.reports.size).toBe(0);
  });
});

test.each([
  [null, /the event must be an object, got null/],
  ['now', /the event must be an object/],
  [[], /the event must be an object/],
  [{ source: 'timer' }, /source must be 'schedule', or left out, got "timer"/],
  [{ source: 'schedule' }, /scheduledAt must be an ISO date.*got nothing/],
  [{ source: 'schedule', scheduledAt: '<aws.scheduler.scheduled-time>' }, /scheduledAt must be an ISO date/],
  [{ source: 'schedule', scheduledAt: '2027-01-01T00:00:00Z' }, /scheduledAt must be not later than now/],
  [{ mail: 'yes' }, /mail must be true or false, got "yes"/],
])('a malformed event %p is refused, and nothing is sent', async (event, message) => {
  const check = costCheck({ now: NOW });
  await expect(check.handler(event)).rejects.toThrow(message);
  expect(check.mail.sent).toHaveLength(0);
});
