import { MINUTE_MS } from '../../../core/calendar';
import { type CallBound, looksAgain, type PaceInput } from '../../../core/meter/pacing';
import { usd } from '../../../core/money';
import { at, known, NOON, type Seen } from '../../helpers/meter-world';
import { ACTIVE, after, LINES, NO_GATE, paceAfter } from './pace-after';

/** No call but these since the read; each can have cost a dollar. */
const calls = (count: number, over: Partial<CallBound> = {}): Partial<PaceInput> => ({
  worstCaseRatePerMinute: 'unknown',
  calls: {
    ...(count > 0 && { since: NOON - 60 * MINUTE_MS }),
    calls: count,
    mostACall: usd(1),
    calibration: 1,
    delayMinutes: 4,
    ...over,
  },
});
const sinceMinutes = (minutes: number) => ({ since: NOON - minutes * MINUTE_MS });
const seen = (minutes: number) => ({ gate: { ...ACTIVE, lastActivityAt: NOON - minutes * MINUTE_MS } });

describe('what the calls seen can have cost', () => {
  // At $10 the brake, $20 away, is the nearest line; the limit is $90 away, $30 of which a rate could reach ahead.
  test.each<[string, number, Seen, Partial<PaceInput>, string]>([
    ['less than to the nearest line: reading could show no crossing', 1, { spend: 10 }, calls(19), 'wait: wait'],
    ['as much', 1, { spend: 10 }, calls(20), 'read: calls'],
    ['more', 1, { spend: 10 }, calls(21), 'read: calls'],
    [
      'a worst case that could not either',
      1,
      { spend: 10 },
      { ...calls(21), worstCaseRatePerMinute: usd('6.66') },
      'wait: wait',
    ],
    ['and one that could', 1, { spend: 10 }, { ...calls(21), worstCaseRatePerMinute: usd('6.67') }, 'read: calls'],
    ['to the daily limit', 1, { spend: 30, today: 30 }, calls(10), 'read: calls'],
    ['to less than the daily limit', 1, { spend: 30, today: 30 }, calls(9), 'wait: wait'],
    [
      'a new day: all of its limit is left',
      1,
      { spend: 30, today: 30 },
      { ...calls(19), now: at('2026-11-11T00:01'), lastFullRead: at('2026-11-11T00:00') },
      'wait: wait',
    ],
    [
      'a limit of the day that yesterday has reached',
      1,
      { spend: 41, today: 41 },
      {
        ...calls(40),
        hourlyBrake: usd(90),
        thresholds: [],
        now: at('2026-11-11T00:01'),
        lastFullRead: at('2026-11-11T00:00'),
      },
      'read: calls',
    ],
    ['what was used in the hour counts', 1, { spend: 10, lastHour: 15 }, calls(5), 'read: calls'],
    [
      'a stop looks ahead by the rate: a third of the way to the limit',
      1,
      { spend: 80 },
      { ...calls(6), hourlyBrake: usd(90) },
      'wait: wait',
    ],
    ['reaching it', 1, { spend: 80 }, { ...calls(7), hourlyBrake: usd(90) }, 'read: calls'],
    [
      'with the rate of the read before',
      1,
      { spend: 80, burn: '0.5' },
      { ...calls(6), hourlyBrake: usd(90) },
      'read: calls',
    ],
    [
      'calibrated figures are nearer to the stop',
      1,
      { spend: 60 },
      { ...calls(13, { calibration: 1.5 }), hourlyBrake: usd(90) },
      'read: calls',
    ],
    ['the same, not calibrated', 1, { spend: 60 }, { ...calls(13), hourlyBrake: usd(90) }, 'wait: wait'],
    [
      'a mail goes out by the raw figure',
      1,
      { spend: 74 },
      { ...calls(1, { calibration: 1.4 }), hourlyBrake: usd(90), dailyLimit: usd(90) },
      'read: calls',
    ],
    ['near a line: every 5 minutes', 4, { spend: 49 }, calls(1, { mostACall: usd('0.5') }), 'wait: wait'],
    ['near a line, 5 minutes', 5, { spend: 49 }, calls(1, { mostACall: usd('0.5') }), 'read: near'],
    ['a doubled burn cannot cross either', 1, { spend: 10, burn: 2 }, calls(1), 'wait: wait'],
    ['no line is left', 1, { spend: 120, today: 40, lastHour: 20 }, calls(1_000), 'wait: wait'],
  ])('%s', (_name, minutes, before, over, expected) => {
    expect(after(minutes, before, over)).toBe(expected);
  });

  test.each<[string, number, Partial<PaceInput>, string]>([
    ['a call waits 15 minutes at most', 20, calls(1, sinceMinutes(15)), 'wait: wait'],
    ['from the end of its minute on', 20, calls(1, sinceMinutes(16)), 'read: active'],
    ['or from the read before on', 14, calls(1, sinceMinutes(60)), 'wait: wait'],
    ['15 minutes after it', 15, calls(1, sinceMinutes(60)), 'read: active'],
    ['while everybody is denied', 20, calls(1, { ...sinceMinutes(6), stopped: true }), 'read: active'],
    ['5 minutes at most', 20, calls(1, { ...sinceMinutes(5), stopped: true }), 'wait: wait'],
    ['no call: every hour', 59, { ...calls(0), ...seen(70) }, 'wait: wait'],
    ['20 s early', 60 - 20 / 60, { ...calls(0), ...seen(70) }, 'read: idle'],
    ['more than that', 60 - 21 / 60, { ...calls(0), ...seen(70) }, 'wait: wait'],
    ['a gate that has shown no call for less than 90 minutes', 15, { ...calls(0), ...seen(90 - 1 / 60) }, 'wait: wait'],
    ['and for as long: it may have stopped to see', 15, { ...calls(0), ...seen(90) }, 'read: idle'],
    ['within 15 minutes not even then', 14, { ...calls(0), ...seen(90) }, 'wait: wait'],
    [
      'near a line, no call: nothing can have been spent',
      50,
      { ...calls(0), ...seen(70), dailyLimit: usd(10) },
      'wait: wait',
    ],
    [
      'a gate that failed: as if nothing was known',
      1,
      { ...calls(0), gate: { ...ACTIVE, failed: true } },
      'read: worstCase',
    ],
    ['a gate that has never shown data', 1, { ...calls(0), gate: NO_GATE }, 'read: worstCase'],
  ])('%s', (_name, minutes, over, expected) => {
    expect(after(minutes, { spend: 9 }, over)).toBe(expected);
  });

  test.each<[string, Seen, Partial<CallBound>, string]>([
    ['a raised limit is a line', { spend: 118, today: 0 }, { override: { limit: usd(120) } }, 'read: calls'],
    ['without it none is left', { spend: 118, today: 0 }, {}, 'wait: wait'],
    ['further away', { spend: 100, today: 0 }, { override: { limit: usd(120) } }, 'wait: wait'],
    [
      'a brake that was reached counts anew',
      { spend: 105, lastHour: 21 },
      { override: { limit: usd(200) } },
      'read: calls',
    ],
    ['and the day', { spend: 105, today: 41 }, { override: {} }, 'read: calls'],
  ])('under an override: %s', (_name, before, over, expected) => {
    expect(after(1, before, calls(2, over))).toBe(expected);
  });

  test('the reason says which', () => {
    expect(paceAfter(1, { spend: 10 }, calls(20)).reason.text).toBe(
      'the calls since the last read could have crossed a line',
    );
    expect(paceAfter(60, {}, { ...calls(0), ...seen(70) }).reason.text).toMatch(/no call: read every 60 minutes/);
    expect(paceAfter(60, {}, { ...calls(0), ...seen(90) }).reason.text).toMatch(/no call: read every 15 minutes/);
  });
});

describe('a second look between two ticks', () => {
  test.each<[string, number, Partial<PaceInput>, string]>([
    ['half a minute after the first', 30_000, { again: true }, 'read: near'],
    ['20 s early', 10_000, { again: true }, 'read: near'],
    ['more than that: the same look twice', 9_999, { again: true }, 'wait: tooSoon'],
    ['which no other look is', 30_000, {}, 'wait: tooSoon'],
  ])('%s', (_name, ms, over, expected) => {
    expect(after(ms / MINUTE_MS, { spend: 49 }, over)).toBe(expected);
  });

  const asks = (before: Seen, over: Partial<PaceInput> = {}) => {
    const { limit, thresholds, stopAtPercent, dailyLimit, hourlyBrake } = { ...LINES, ...over };
    return looksAgain({
      ...{ now: NOON, limit, thresholds, stopAtPercent, dailyLimit, hourlyBrake },
      ...{ gate: ACTIVE, metricDelayMinutes: 2, assessment: known(NOON, before), burnPrevious: usd(10), ...over },
    });
  };
  // Nearest is the brake at $20.
  test.each<[string, Seen, Partial<PaceInput>, boolean]>([
    ['the rate reaches a line within 5 minutes', { spend: 10, burn: 4 }, {}, true],
    ['not within them', { spend: 10, burn: '3.99' }, {}, false],
    ['doubled, and reaches one within the hour', { spend: 10, burn: 1 }, { burnPrevious: usd('0.5') }, true],
    ['not quite doubled', { spend: 10, burn: 1 }, { burnPrevious: usd('0.51') }, false],
    ['doubled, and reaches none', { spend: 10, burn: '0.33' }, { burnPrevious: usd(0) }, false],
    ['the hour, just', { spend: 10, burn: '0.34' }, { burnPrevious: usd(0) }, true],
    ['nothing burns', { spend: 49 }, {}, false],
    ['near a line for days, at a rate that takes hours', { spend: 49, burn: '0.01' }, {}, false],
    [
      'calls went on 5 minutes ago',
      { spend: 10, burn: 4 },
      { gate: { ...ACTIVE, lastActivityAt: NOON - 5 * MINUTE_MS } },
      true,
    ],
    [
      'and for longer not',
      { spend: 10, burn: 4 },
      { gate: { ...ACTIVE, lastActivityAt: NOON - 5 * MINUTE_MS - 1 } },
      false,
    ],
    ['no call was ever shown', { spend: 10, burn: 4 }, { gate: NO_GATE }, false],
    ['no line is left', { spend: 120, today: 40, lastHour: 20, burn: 40 }, {}, false],
    ['no read before', { spend: 10, burn: 1 }, { burnPrevious: undefined }, false],
    ['nothing is known', {}, { assessment: { kind: 'unknown', why: 'x' } }, false],
  ])('%s', (_name, before, over, expected) => {
    expect(asks(before, over)).toBe(expected);
  });
});
