import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import { usd } from '../../../core/money';
import { input, known, NOON } from '../../helpers/meter-world';
import { after, next, kindsOf } from './decisions';

describe('a line put below the spend waits for a person', () => {
  test('first seen above after the installation', () => {
    const first = decide(input({ assessment: known(NOON, { spend: 96 }) }));
    expect([first.desired, kindsOf(first)]).toEqual(['open', ['threshold', 'grace']]);
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
  test('nothing waits under an override: its own limit is the line', () => {
    const override = { since: NOON, by: 'ana', reason: 'release', limit: usd(55) };
    const lowered = after({ spend: 60 }, { limit: usd(50), override });
    expect([lowered.desired, lowered.next.grace]).toEqual(['stopped', undefined]);
  });
});
