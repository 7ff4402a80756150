import { HOUR_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import type { ReplayLines } from '../../../core/replay/lines';
import { replay } from '../../../core/replay/replay';
import { LINES, MODELS, minute, row } from './traces';

describe('a runaway of $4 each 30 seconds from 10:04:10, under a limit of $50', () => {
  const calls = Array.from({ length: 120 }, (_, at) => row(minute('10:04') + 10_000 + at * 30_000, 4));
  const lines: ReplayLines = { ...LINES, limit: usd(50), dailyLimit: usd(10), hourlyBrake: usd(5) };

  test('two minutes of delay, a tick a minute and a minute to enforce: decided at 10:07, held from 10:08, after $32', () => {
    const result = replay(calls, MODELS, lines);
    // The minute 10:04 has two calls, $8. It is over at 10:05, and shows two minutes later: to the tick of 10:07.
    // $8 are above the brake of $5 and below the $10 of the day. The deny holds from 10:08 on; 10:04 to 10:07 are four
    // minutes of two calls, $32. The other 112 calls, $448, are denied.
    expect(result.changes).toMatchObject([{ at: minute('10:07'), holdsFrom: minute('10:08'), to: 'stopped' }]);
    expect(result.changes[0]?.reason).toContain('runaway brake');
    expect(result).toMatchObject({ spent: usd(32), denied: usd(448) });
  });

  test.each([
    // [metric delay, enforcement, decided, held from, spent]: two calls in each minute until it holds.
    [1, 1, '10:06', '10:07', 24],
    [2, 0, '10:07', '10:07', 24],
    [2.5, 1, '10:08', '10:09', 40],
    [5, 3, '10:10', '10:13', 72],
    [10, 1, '10:15', '10:16', 96],
  ] as const)('a delay of %d and %d to enforce: decided at %s, held from %s', (delay, enforcement, at, from, spent) => {
    const timing = { metricDelayMinutes: delay, enforcementMinutes: enforcement };
    const result = replay(calls, MODELS, { ...lines, ...timing });
    expect(result.changes[0]).toMatchObject({ at: minute(at), holdsFrom: minute(from), to: 'stopped' });
    expect(result.spent).toBe(usd(spent));
  });

  test('half a minute to enforce lets the minute go on that has begun', () => {
    const result = replay(calls, MODELS, { ...lines, enforcementMinutes: 0.5 });
    expect(result.changes[0]).toMatchObject({ at: minute('10:07'), holdsFrom: minute('10:07') + 30_000 });
    expect(result.spent).toBe(usd(32));
  });
});

/**
 * Checked by hand. $0.10 a minute from 10:00 on, as one sum of $12 over two hours, limit $100, thresholds 5%, 10%, stop at 95%;
 * daily limit $11, brake $50; quotas are known and small, so that the worst case never asks for a read: the meter reads every
 * five minutes unless a line is near.
 *
 * Install and first read 10:00. Minute m shows at m + 3, so that by a tick at 10:00 + t there show t - 2 minutes: $0.10 x (t - 2).
 * "Near" is within 5% of the limit ($5), or what five minutes of the rate cost; the nearest line is $5 away at first: near,
 * each minute is read.
 *   $5.00 (5%): t - 2 = 50, t = 52: 10:52. Distance to the next line, $10: at $5.00 it is $5.00, near: each minute again.
 *   $10.00 (10%): t - 2 = 100, t = 102: 11:42. The daily line $11 is near by then.
 *   $11.00 (daily): t - 2 = 110, t = 112: 11:52, stopped; it holds from 11:53, after 113 minutes: $11.30 spent, $0.70 denied.
 *   The rate: the first read that sees something is 10:03, $0.10 since the reads of 10:00 and 10:01 ($0.00): at the read of
 *   10:01, two minutes ago, that is $0.05 a minute; $99.90 last 1998 minutes, more than the day (1440) that is warned of. At
 *   10:04: $0.20 over the two minutes since 10:02 is $0.10; $99.80 last 998 minutes: the mail of the rate goes at 10:04.
 *   Midnight: the daily hold falls with its day: open at 00:00, but the replay has ended at 11:59 + 1 + 2 minutes + 1 hour.
 */
test('the times of a trace, by hand', () => {
  const result = replay([row(minute('10:00'), 12, 'small', 2 * HOUR_MS)], MODELS, {
    ...LINES,
    thresholds: [
      { atPercent: 5, effect: 'notify', basis: 'actual' },
      { atPercent: 10, effect: 'notify', basis: 'actual' },
    ],
    dailyLimit: usd(11),
    hourlyBrake: usd(50),
    worstCaseRatePerMinute: usd('0.001'),
  });
  expect(result.alerts.map(({ at, alert }) => [at, alert.kind])).toEqual([
    [minute('10:04'), 'burn'],
    [minute('10:52'), 'threshold'],
    [minute('11:42'), 'threshold'],
    [minute('11:52'), 'state'],
  ]);
  expect(result.changes).toMatchObject([{ at: minute('11:52'), holdsFrom: minute('11:53'), to: 'stopped' }]);
  expect(result.changes[0]?.reason).toContain('daily limit');
  expect(result).toMatchObject({ spent: usd('11.3'), denied: usd('0.7') });
});
