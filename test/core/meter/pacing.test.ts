import fc from 'fast-check';
import { MINUTE_MS } from '../../../core/calendar';
import { GATE_MS, type PaceInput } from '../../../core/meter/pacing';
import { usd } from '../../../core/money';
import { at, NOON, type Seen } from '../../helpers/meter-world';
import { ACTIVE, after, FORECAST_AT_20, IDLE, NO_GATE, paceAfter } from './pace-after';

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
