import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { usd } from '../../../core/money';
import type { Override } from '../../../core/stop-lines/override';
import { at, input, NOON } from '../../helpers/meter-world';
import { after, next, kindsOf, UNKNOWN } from './decisions';

describe('an override', () => {
  const override: Override = {
    since: NOON + MINUTE_MS,
    by: 'ana',
    reason: 'release',
    until: NOON + 2 * HOUR_MS,
    limit: usd(150),
  };
  const stopped = () => after({ spend: 96 }).next;

  test('opens, holds to its own limit, and is told', () => {
    const open = next(stopped(), NOON + MINUTE_MS, { spend: 96 }, { override });
    expect([open.desired, open.reason.cause, open.override]).toEqual(['open', 'override', override]);
    expect(kindsOf(open)).toEqual(['state', 'overrideStarted']);
    expect(next(open.next, NOON + HOUR_MS, { spend: '149.99' }, { override }).desired).toBe('open');
    expect(next(open.next, NOON + HOUR_MS, { spend: 150 }, { override }).desired).toBe('stopped');
  });
  test('at its end the state is decided anew', () => {
    const open = next(stopped(), NOON + MINUTE_MS, { spend: 96 }, { override });
    expect(next(open.next, NOON + 2 * HOUR_MS - 1, { spend: 96 }, { override }).desired).toBe('open');
    const ended = next(open.next, NOON + 2 * HOUR_MS, { spend: 96 }, { override });
    expect([ended.desired, kindsOf(ended)]).toEqual(['stopped', ['state', 'overrideEnded']]);
    expect(next(open.next, NOON + 2 * HOUR_MS, { spend: 96 }, { override, limit: usd(200) }).desired).toBe('open');
  });
  test('at its end the state is decided anew from what was last known', () => {
    const open = next(stopped(), NOON + MINUTE_MS, { spend: 96 }, { override });
    const ended = decide(input({ previous: open.next, now: NOON + 2 * HOUR_MS, assessment: UNKNOWN, override }));
    expect(ended.desired).toBe('stopped');
  });
  test('speaks to a meter that cannot see', () => {
    const open = decide(input({ previous: stopped(), now: NOON + MINUTE_MS, assessment: UNKNOWN, override }));
    expect(open.desired).toBe('open');
    expect(
      decide(input({ previous: open.next, now: NOON + 2 * MINUTE_MS, assessment: UNKNOWN, override })).desired,
    ).toBe('open');
  });
  test('ends with the month', () => {
    const open = next(
      stopped(),
      NOON + MINUTE_MS,
      { spend: 96 },
      { override: { ...override, until: at('2026-12-20T00:00') } },
    );
    const december = next(open.next, at('2026-12-01T00:00'), { spend: 96 }, { override });
    expect([december.desired, december.override]).toEqual(['stopped', undefined]);
  });
  test('a plain resume lifts the brake and the day, which count anew from there', () => {
    const { next: previous } = after({ spend: 50, lastHour: 20, today: 40 });
    const resume: Override = { since: NOON + MINUTE_MS, by: 'ana', reason: 'known load test' };
    const now = NOON + MINUTE_MS;
    const open = next(previous, now, { spend: 50, lastHour: 20, today: 40 }, { override: resume });
    expect(open.desired).toBe('open');
    const over = (more: number) =>
      next(
        open.next,
        now + MINUTE_MS,
        { spend: 50 + more, lastHour: 20 + more, today: 40 + more },
        { override: resume },
      ).desired;
    expect([over(19.99), over(20)]).toEqual(['open', 'stopped']);
  });
});
