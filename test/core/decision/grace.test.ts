import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { usd } from '../../../core/money';
import { at, input, known, NOON } from '../../helpers/meter-world';
import { after, next, kindsOf, UNKNOWN } from './decisions';

describe('a line put below the spend waits for a person', () => {
  test('first seen above after the installation', () => {
    const first = decide(input({ assessment: known(NOON, { spend: 96 }) }));
    expect([first.desired, kindsOf(first)]).toEqual(['open', ['threshold', 'grace']]);
    expect(first.alerts[1]).toMatchObject({ why: 'firstSeen' });
    const wait = next(first.next, NOON + 30 * MINUTE_MS - 1, { spend: 96 });
    expect([wait.desired, wait.alerts]).toEqual(['open', []]);
    expect(next(wait.next, NOON + 30 * MINUTE_MS, { spend: 96 }).desired).toBe('stopped');
  });
  test('a limit lowered by a deploy', () => {
    const lowered = after({ spend: 60 }, { limit: usd(50) });
    expect([lowered.desired, lowered.reason.cause]).toEqual(['open', 'grace']);
    expect(kindsOf(lowered)).toContain('grace');
    expect(next(lowered.next, NOON + 30 * MINUTE_MS, { spend: 60 }, { limit: usd(50) }).desired).toBe('stopped');
  });
  test('raised again within the grace: nothing happened', () => {
    const lowered = after({ spend: 60 }, { limit: usd(50) });
    const raised = next(lowered.next, NOON + MINUTE_MS, { spend: 60 });
    expect([raised.desired, next(raised.next, NOON + HOUR_MS, { spend: 60 }).desired]).toEqual(['open', 'open']);
  });
  test('what the earlier lines would have stopped does not wait', () => {
    const lowered = after({ spend: 60 }, { limit: usd(50) });
    expect(next(lowered.next, NOON + MINUTE_MS, { spend: 96 }, { limit: usd(50) }).desired).toBe('stopped');
    const already = after({ spend: 96 }, { limit: usd(50) });
    expect([already.desired, kindsOf(already)]).toEqual(['stopped', ['threshold']]);
  });
  test('a lowered limit does not end the wait of a first read', () => {
    const first = decide(input({ assessment: known(NOON, { spend: 30, today: 40, burn: 14 }) }));
    expect(kindsOf(first)).toContain('grace');
    const lowered = next(first.next, NOON + MINUTE_MS, { spend: 30, today: 40, burn: 4 }, { limit: usd(50) });
    expect(lowered.desired).toBe('open');
  });
  test('a runaway while it waits does not', () => {
    const lowered = after({ spend: 60 }, { limit: usd(50) });
    expect(next(lowered.next, NOON + MINUTE_MS, { spend: 80, lastHour: 20 }, { limit: usd(50) }).desired).toBe(
      'stopped',
    );
  });
  test('spend that crosses a line in the usual way does not wait', () => {
    expect(after({ spend: 95 }).desired).toBe('stopped');
  });
  test('a line that is first reached while another waits does not', () => {
    const first = decide(input({ assessment: known(NOON, { spend: 80 }) }));
    expect(first.desired).toBe('open');
    expect(next(first.next, NOON + MINUTE_MS, { spend: 95 }).desired).toBe('stopped');
  });
  test('a stop line put below a spend that degrades already: it stays degraded, and the mail names what waits', () => {
    const lowered = after({ spend: 80 }, { limit: usd(50) });
    expect(lowered.desired).toBe('degraded');
    const [, grace] = lowered.alerts;
    expect(grace).toMatchObject({
      kind: 'grace',
      why: 'lowered',
      triggers: [{ cause: 'threshold', level: 'stopped' }],
    });
    expect(grace?.kind === 'grace' && grace.triggers.length).toBe(1);
  });
  test('lowered twice: it waits once, and what the lines before the first would have stopped does not', () => {
    const once = after({ spend: 40 }, { limit: usd(50) });
    const twice = next(once.next, NOON + MINUTE_MS, { spend: 40 }, { limit: usd(40) });
    expect([twice.desired, twice.next.grace?.until]).toEqual(['open', NOON + 30 * MINUTE_MS]);
    const spent = (spend: number | string) =>
      next(twice.next, NOON + 2 * MINUTE_MS, { spend }, { limit: usd(40) }).desired;
    expect(['74.99', 75, 95].map(spent)).toEqual(['open', 'degraded', 'stopped']);
  });
  test.each([
    [0, 'stopped'],
    [1, 'open'],
  ])('a grace of %i minutes: %s', (graceMinutes, desired) => {
    expect(after({ spend: 60 }, { limit: usd(50), graceMinutes }).desired).toBe(desired);
  });
  test('a tick that sees nothing neither ends the wait nor goes without it', () => {
    const { next: previous } = after({ spend: 60 });
    const dark = (state: typeof previous, minutes: number) =>
      decide(input({ previous: state, now: NOON + minutes * MINUTE_MS, assessment: UNKNOWN, limit: usd(50) }));
    const lowered = dark(previous, 1);
    expect([lowered.desired, kindsOf(lowered)]).toEqual(['open', ['grace']]);
    const waits = dark(lowered.next, 30);
    expect(waits.desired).toBe('open');
    expect(dark(waits.next, 31).desired).toBe('stopped');
  });
  test('a new month does not wait: its spend has reached the lines that it began with', () => {
    const limit = { limit: usd(50) };
    const lowered = after({ spend: 60 }, { ...limit, now: at('2026-11-30T23:50') });
    expect(lowered.next.grace?.until).toBe(at('2026-12-01T00:20'));
    expect(next(lowered.next, at('2026-12-01T00:10'), { spend: 60 }, limit).desired).toBe('stopped');
  });
  test('nothing waits under an override: its own limit is the line', () => {
    const override = { since: NOON, by: 'ana', reason: 'release', limit: usd(55) };
    const lowered = after({ spend: 60 }, { limit: usd(50), override });
    expect([lowered.desired, lowered.next.grace]).toEqual(['stopped', undefined]);
  });
});
