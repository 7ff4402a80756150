import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import type { DecideInput } from '../../../core/decision/types';
import { usd } from '../../../core/money';
import { at, input, known, quiet, NOON, type Seen } from '../../helpers/meter-world';
import { after, next, kindsOf, UNKNOWN } from './decisions';

describe('trap 23: what is reached holds', () => {
  test('projected: after the stop the burn is gone and the stop stays', () => {
    const stop = after({ spend: 60, burn: 20 });
    const later = next(stop.next, NOON + HOUR_MS, { spend: 60 });
    expect([later.desired, later.alerts]).toEqual(['stopped', []]);
  });
  test('until the month turns', () => {
    const stop = after({ spend: 96 });
    const turn = next(stop.next, at('2026-12-01T00:00'), {});
    expect([turn.desired, kindsOf(turn)]).toEqual(['open', ['state']]);
  });
  test('until the limit is raised', () => {
    const stop = after({ spend: 60, burn: 20 });
    expect(next(stop.next, NOON + HOUR_MS, { spend: 60 }, { limit: usd(101) }).desired).toBe('open');
    expect(next(stop.next, NOON + HOUR_MS, { spend: 60 }, { limit: usd(99) }).desired).toBe('stopped');
  });
  test('or the stop percentage', () => {
    const stop = after({ spend: 90 }, { stopAtPercent: 90, previous: quiet(NOON - HOUR_MS, { stopAtPercent: 90 }) });
    expect(stop.desired).toBe('stopped');
    expect(next(stop.next, NOON + HOUR_MS, { spend: 90 }, { stopAtPercent: 95 }).desired).toBe('degraded');
  });
  test.each<[string, Seen]>([
    ['daily', { spend: 60, today: 40 }],
    ['brake', { spend: 60, lastHour: 20 }],
    ['projected', { spend: 60, burn: 20 }],
  ])('%s: until the next UTC day, though the figure falls before', (_name, seen) => {
    const stop = after(seen);
    const night = next(stop.next, at('2026-11-10T23:59'), { spend: 60 });
    expect(night.desired).toBe('stopped');
    expect(next(night.next, at('2026-11-11T00:00'), { spend: 60 }).desired).toBe('open');
  });
  test('a tick without a read decides on the last one: still seen, and yesterday does not hold today', () => {
    const before = at('2026-11-10T23:55');
    const assessment = known(before, { spend: 60, today: 40 });
    const stop = decide(input({ previous: quiet(before - HOUR_MS), now: before, assessment }));
    const midnight = at('2026-11-11T00:00');
    const again = decide(input({ previous: stop.next, now: midnight, assessment }));
    expect([stop.desired, again.desired, again.next.lastSeenAt]).toEqual(['stopped', 'open', midnight]);
  });
  test('a raised daily limit opens on the same day', () => {
    const stop = after({ spend: 60, today: 40 });
    expect(next(stop.next, NOON + HOUR_MS, { spend: 60, today: 40 }, { dailyLimit: usd(41) }).desired).toBe('open');
  });
  test.each<[string, Seen]>([
    ['daily', { spend: 60, today: 40 }],
    ['brake', { spend: 60, lastHour: 20 }],
  ])('%s: a raised monthly limit does not open what stopped by another line', (_name, seen) => {
    const stop = after(seen);
    expect(next(stop.next, NOON + HOUR_MS, { spend: 60 }, { limit: usd(200) }).desired).toBe('stopped');
  });
  test.each<[string, Partial<DecideInput>, string]>([
    ['with the lines as they were', {}, 'stopped'],
    ['a lower limit', { limit: usd(99) }, 'stopped'],
    ['a lower percentage', { stopAtPercent: 94 }, 'stopped'],
    ['a higher percentage', { stopAtPercent: 95.01 }, 'degraded'],
    ['a higher limit, though the stop line is lower', { limit: usd('100.01'), stopAtPercent: 94 }, 'degraded'],
  ])('a calibration that falls again opens nothing: %s', (_name, over, desired) => {
    const stop = after({ spend: 80 }, { calibration: 1.2 });
    expect(stop.reason.cause).toBe('threshold');
    expect(next(stop.next, NOON + HOUR_MS, { spend: 80 }, over).desired).toBe(desired);
  });
  test.each<[string, Partial<DecideInput>, string]>([
    ['with the lines as they were', {}, 'degraded'],
    ['a limit that is raised', { limit: usd('100.01') }, 'open'],
    ['a threshold that is raised', { thresholds: [{ atPercent: 80, effect: 'degrade', basis: 'actual' }] }, 'open'],
    ['a threshold that is gone', { thresholds: [] }, 'open'],
  ])('degraded, and a read that shows less: %s', (_name, over, desired) => {
    const degraded = after({ spend: 75 });
    expect(next(degraded.next, NOON + HOUR_MS, { spend: 74 }, over).desired).toBe(desired);
  });
  test('a tick that sees nothing does not forget it', () => {
    const stop = after({ spend: 60, burn: 20 });
    const dark = decide(input({ previous: stop.next, now: NOON + MINUTE_MS, assessment: UNKNOWN }));
    expect(next(dark.next, NOON + 2 * MINUTE_MS, { spend: 60 }).desired).toBe('stopped');
  });
  test.each<[string, Seen, string]>([
    ['a rate does not hold the new month', { burn: 10 }, 'open'],
    ['the brake holds the day in which its hour ended', { lastHour: 20 }, 'stopped'],
  ])('a read of the old month, decided on again after midnight: %s', (_name, seen, desired) => {
    const before = at('2026-11-30T23:55');
    const assessment = known(before, { spend: 60, ...seen });
    const stop = decide(input({ previous: quiet(before - HOUR_MS), now: before, assessment }));
    const midnight = at('2026-12-01T00:00');
    const again = decide(input({ previous: stop.next, now: midnight, assessment }));
    expect(again.desired).toBe('stopped');
    expect(next(again.next, midnight + MINUTE_MS, {}).desired).toBe(desired);
  });
  test('a line that is reached read after read is held once, as it was reached last', () => {
    const stop = after({ spend: 96 });
    const later = next(stop.next, NOON + HOUR_MS, { spend: 97 });
    expect(later.next.holds.map(({ cause, text }) => [cause, text])).toEqual([
      ['threshold', 'spend 97.0% >= 95.0%'],
      ['degrade', 'spend 97.0% >= 75.0%'],
    ]);
  });
  test('a deploy during a stop keeps the stop', () => {
    const stop = after({ spend: 96 });
    expect(next(stop.next, NOON + MINUTE_MS, { spend: 96 }, { installedAt: NOON }).desired).toBe('stopped');
  });
  test('before anything was read nothing holds', () => {
    expect(decide(input({ assessment: UNKNOWN })).next.holds).toEqual([]);
  });
});
