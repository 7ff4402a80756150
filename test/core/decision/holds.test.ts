import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { usd } from '../../../core/money';
import { at, input, known, quiet, NOON, type Seen } from '../../helpers/meter-world';
import { after, next, kindsOf } from './decisions';

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
  test('a deploy during a stop keeps the stop', () => {
    const stop = after({ spend: 96 });
    expect(next(stop.next, NOON + MINUTE_MS, { spend: 96 }, { installedAt: NOON }).desired).toBe('stopped');
  });
});
