import fc from 'fast-check';
import { MINUTE_MS } from '../../../core/calendar';
import { type CallBound, GATE_MS, looksAgain, pace, type PaceInput } from '../../../core/meter/pacing';
import { usd } from '../../../core/money';
import { at, known, LIMIT, NOON, THRESHOLDS, type Seen } from '../../helpers/meter-world';

const ACTIVE = { everShowedData: true, lastActivityAt: NOON, failed: false };
const IDLE = { everShowedData: true, lastActivityAt: NOON - 15 * MINUTE_MS, failed: false };
const FORECAST_AT_20: PaceInput['thresholds'] = [{ atPercent: 20, effect: 'notify', basis: 'forecast' }];
const NO_GATE = { everShowedData: false, failed: false };

const LINES = {
  ...{ limit: LIMIT, thresholds: THRESHOLDS, stopAtPercent: 95 },
  ...{ dailyLimit: usd(40), hourlyBrake: usd(20) },
};

/** `minutes` after a full read that saw `seen`. */
function after(minutes: number, seen: Seen, over: Partial<PaceInput> = {}) {
  const { read, reason } = paceAfter(minutes, seen, over);
  return `${read ? 'read' : 'wait'}: ${reason.kind}`;
}

function paceAfter(minutes: number, seen: Seen, over: Partial<PaceInput>) {
  const lastFullRead = NOON - minutes * MINUTE_MS;
  return pace({
    now: NOON,
    lastFullRead,
    gate: ACTIVE,
    assessment: known(lastFullRead, seen),
    ...LINES,
    worstCaseRatePerMinute: usd('0.01'),
    metricDelayMinutes: 2,
    burnPrevious: usd(1),
    ...over,
  });
}

test.each<[string, number, Seen, Partial<PaceInput>, string]>([
  ['nothing read yet', 0, {}, { lastFullRead: undefined }, 'read: first'],
  ['read, and nothing kept of it', 1, {}, { assessment: undefined }, 'read: first'],
  ['the clock went back', -1, {}, {}, 'read: clock'],
  ['the very moment of the last read', 0, { spend: 49 }, {}, 'wait: tooSoon'],
  ['a duplicate tick', 0.5, { spend: 49 }, {}, 'wait: tooSoon'],
  ['more than 20 s early', 39_999 / MINUTE_MS, { spend: 49 }, {}, 'wait: tooSoon'],
  ['a tick that came 20 s early', 40_000 / MINUTE_MS, { spend: 49 }, {}, 'read: near'],
  ['the last read was unknown', 1, {}, { assessment: { kind: 'unknown', why: 'x' } }, 'read: unknown'],
  ['active, 4 minutes', 4, { spend: 10 }, {}, 'wait: wait'],
  ['active, more than 20 s before 5 minutes', 279_999 / MINUTE_MS, { spend: 10 }, {}, 'wait: wait'],
  ['active, 20 s before', 280_000 / MINUTE_MS, { spend: 10 }, {}, 'read: active'],
  ['active, 5 minutes', 5, { spend: 10 }, {}, 'read: active'],
  ['idle, 5 minutes', 5, { spend: 10 }, { gate: IDLE }, 'wait: wait'],
  ['idle, 14 minutes', 14, { spend: 10 }, { gate: IDLE }, 'wait: wait'],
  ['idle, more than 20 s before 15', 879_999 / MINUTE_MS, { spend: 10 }, { gate: IDLE }, 'wait: wait'],
  ['idle, 20 s before', 880_000 / MINUTE_MS, { spend: 10 }, { gate: IDLE }, 'read: idle'],
  ['idle, 15 minutes', 15, { spend: 10 }, { gate: IDLE }, 'read: idle'],
  ['idle and near a line: nothing can have been spent', 5, { spend: 49 }, { gate: IDLE }, 'wait: wait'],
  [
    'activity within 15 minutes still counts',
    5,
    { spend: 10 },
    { gate: { ...IDLE, lastActivityAt: NOON - 15 * MINUTE_MS + 1 } },
    'read: active',
  ],
  ['the gate failed: as if active', 5, { spend: 10 }, { gate: { ...IDLE, failed: true } }, 'read: active'],
  ['more than 5% off the threshold', 1, { spend: '44.99' }, {}, 'wait: wait'],
  ['5% off', 1, { spend: 45 }, {}, 'read: near'],
  ['just passed: the next is far', 1, { spend: 50 }, {}, 'wait: wait'],
  ['the burn does not reach it in 5 minutes', 1, { spend: 10, burn: '1.99' }, {}, 'wait: wait'],
  ['near a forecast: no line for what is spent', 1, { spend: 19 }, { thresholds: FORECAST_AT_20 }, 'wait: wait'],
  ['near the daily limit', 1, { spend: 10, today: 35 }, {}, 'read: near'],
  ['near the brake', 1, { spend: 10, lastHour: 15 }, {}, 'read: near'],
  ['5 minutes of burn do not reach the brake', 1, { spend: 10, burn: '3.99' }, { burnPrevious: usd(3) }, 'wait: wait'],
  ['they reach it', 1, { spend: 10, burn: 4 }, { burnPrevious: usd(3) }, 'read: near'],
  ['the burn has doubled', 1, { spend: 10, burn: 2 }, {}, 'read: doubled'],
  ['from nothing to something', 1, { spend: 10, burn: '0.01' }, { burnPrevious: usd(0) }, 'read: doubled'],
  ['nothing is no doubling', 1, { spend: 10 }, { burnPrevious: usd(0) }, 'wait: wait'],
  ['worst case below the line', 1, { spend: 10 }, { worstCaseRatePerMinute: usd('6.66') }, 'wait: wait'],
  [
    'worst case at the line, the delay counted in',
    1,
    { spend: 10 },
    { worstCaseRatePerMinute: usd('6.67') },
    'read: worstCase',
  ],
  [
    'worst case 4 minutes below the line',
    1,
    { spend: 10 },
    { worstCaseRatePerMinute: usd('4.999999999'), metricDelayMinutes: 3 },
    'wait: wait',
  ],
  ['just at the line', 1, { spend: 10 }, { worstCaseRatePerMinute: usd(5), metricDelayMinutes: 3 }, 'read: worstCase'],
  ['worst case unknown: it could cross', 1, { spend: 10 }, { worstCaseRatePerMinute: 'unknown' }, 'read: worstCase'],
  [
    'every line is reached: none to cross',
    1,
    { spend: 120, today: 40, lastHour: 20 },
    { worstCaseRatePerMinute: 'unknown' },
    'wait: wait',
  ],
])('%s', (_name, minutes, seen, over, expected) => {
  expect(after(minutes, seen, over)).toBe(expected);
});

test.each<[string, PaceInput['worstCaseRatePerMinute'], RegExp]>([
  ['unknown', 'unknown', /worst case is unknown/],
  ['known', usd(10), /^at the worst case/],
])('the reason tells whether the worst case is known: %s', (_name, worstCaseRatePerMinute, text) => {
  expect(paceAfter(1, { spend: 10 }, { worstCaseRatePerMinute }).reason.text).toMatch(text);
});

test('the lines follow the configuration: another limit or stop counts at once, with the same thresholds', () => {
  const near = (over: Partial<PaceInput>) => after(1, { spend: 79 }, over);
  expect(near({})).toBe('wait: wait');
  expect(near({ stopAtPercent: 80 })).toBe('read: near');
  expect(near({})).toBe('wait: wait');
  expect(near({ limit: usd(80) })).toBe('read: near');
});

test('the gate looks back over the time that activity counts for, the delay and a lost tick besides', () => {
  const stillActive = (minutes: number) =>
    after(5, { spend: 10 }, { gate: { ...ACTIVE, lastActivityAt: NOON - minutes * MINUTE_MS } }) === 'read: active';
  const counts = Array.from({ length: 60 }, (_, minutes) => minutes).filter(stillActive).length;
  const delayMinutes = 2;
  expect(GATE_MS).toBeGreaterThanOrEqual((counts + delayMinutes + 1) * MINUTE_MS);
});

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

describe('trap 37: a gate that has never shown data is no gate', () => {
  test.each([
    [4, 'wait: wait'],
    [5, 'read: noGate'],
  ])('after %s minutes: %s', (minutes, expected) => {
    expect(after(minutes, { spend: 10 }, { gate: NO_GATE })).toBe(expected);
  });
  test('near a line it is as if active', () => {
    expect(after(1, { spend: 49 }, { gate: NO_GATE })).toBe('read: near');
  });
});

test.each(['2026-12-01T00:00', '2027-01-01T00:00', '2027-03-01T00:00'])(
  'the first tick of a month reads: %s',
  (turn) => {
    expect(after(0, {}, { now: at(turn), lastFullRead: at(turn) - 1000 })).toBe('read: month');
  },
);

test('property: no more than 15 minutes pass, 5 with activity, whatever the figures', () => {
  const dollars = fc.nat(200);
  fc.assert(
    fc.property(dollars, dollars, dollars, fc.constantFrom(ACTIVE, IDLE, NO_GATE), (spend, today, lastHour, gate) => {
      const seen = { spend, today, lastHour };
      expect(after(15, seen, { gate })).toMatch(/^read/);
      if (gate !== IDLE) expect(after(5, seen, { gate })).toMatch(/^read/);
    }),
  );
});
