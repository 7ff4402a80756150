import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { usd } from '../../../core/money';
import type { Override } from '../../../core/stop-lines/override';
import { at, input, known, NOON, quiet } from '../../helpers/meter-world';
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
  test('its end opens nothing while nothing is seen, though the limit is raised meanwhile', () => {
    const open = next(stopped(), NOON + MINUTE_MS, { spend: 96 }, { override });
    const again = next(open.next, NOON + HOUR_MS, { spend: 150 }, { override });
    expect(again.desired).toBe('stopped');
    const over = { previous: again.next, now: NOON + 2 * HOUR_MS, override, limit: usd(300), dailyLimit: usd(300) };
    expect(decide(input({ ...over, assessment: UNKNOWN })).desired).toBe('stopped');
    expect(decide(input({ ...over, assessment: known(over.now, { spend: 150 }) })).desired).toBe('open');
  });
  test('its end with the month, while nothing is seen: what the old month spent does not stop the new one', () => {
    const untilItsEnd = { override: { since: NOON, by: 'ana', reason: 'release', limit: usd(150) } };
    const open = next(stopped(), at('2026-11-30T23:59'), { spend: 96 }, untilItsEnd);
    const over = { previous: open.next, now: at('2026-12-01T00:00'), assessment: UNKNOWN, ...untilItsEnd };
    const december = decide(input(over));
    expect([open.desired, december.desired, december.override]).toEqual(['open', 'open', undefined]);
  });
  test('given before anything was read: it counts from zero, from this day on', () => {
    const first = decide(input({ assessment: UNKNOWN, now: NOON + MINUTE_MS, override }));
    expect(first.next.override).toEqual({
      since: override.since,
      monthToDate: usd(0),
      day: '2026-11-10',
      today: usd(0),
    });
  });
  test('given at the first read: it counts from there', () => {
    const first = decide(
      input({ now: NOON + MINUTE_MS, assessment: known(NOON + MINUTE_MS, { spend: 50, today: 40 }), override }),
    );
    expect(first.next.override).toMatchObject({ monthToDate: usd(50), day: '2026-11-10', today: usd(40) });
  });
  test('decided after midnight on a read of yesterday: all of the new day counts', () => {
    const before = at('2026-11-10T23:55');
    const assessment = known(before, { spend: 50, today: 40 });
    const stop = decide(input({ previous: quiet(before - HOUR_MS), now: before, assessment }));
    const midnight = at('2026-11-11T00:00');
    const resume = { override: { since: midnight, by: 'ana', reason: 'release' } };
    const open = decide(input({ previous: stop.next, now: midnight, assessment, ...resume }));
    const today = (amount: number | string) =>
      next(open.next, midnight + HOUR_MS, { spend: 70, today: amount }, resume).desired;
    expect(['39.99', 40].map(today)).toEqual(['open', 'stopped']);
  });
  describe('a plain resume of what a rate stopped', () => {
    const resume = { override: { since: NOON, by: 'ana', reason: 'release' } };
    const burning = (ms: number, spend: number | string) => {
      const open = decide(
        input({
          previous: after({ spend: 50, burn: 10 }).next,
          assessment: known(NOON, { spend: 50, burn: 10 }),
          ...resume,
        }),
      );
      expect(open.desired).toBe('open');
      return next(open.next, NOON + ms, { spend, burn: 10 }, resume).desired;
    };
    test.each([
      ['33.3', 'degraded'],
      ['33.4', 'stopped'],
    ])('what has burnt since then stops again: $%s within 10 minutes: %s', (more, desired) => {
      expect(burning(10 * MINUTE_MS, 50 + Number(more))).toBe(desired);
    });
    test.each([
      [15 * MINUTE_MS - 1, 'open'],
      [15 * MINUTE_MS, 'stopped'],
      [15 * MINUTE_MS + 1, 'stopped'],
    ])('the rate as it is read counts again after 15 minutes: %i ms: %s', (ms, desired) => {
      expect(burning(ms, 60)).toBe(desired);
    });
  });
});
