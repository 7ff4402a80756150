import { usd, ZERO } from '../../../core/money';
import type { Override } from '../../../core/stop-lines/override';
import type { Threshold } from '../../../core/stop-lines/thresholds';
import {
  configuredLines,
  linesUnder,
  percentText,
  strongest,
  triggers,
  type DesiredState,
  type Figures,
  type StopLines,
} from '../../../core/stop-lines/triggers';

const LINES: StopLines = { limit: usd(100), stop: usd(95), degrade: usd(75), daily: usd(40), brake: usd(20) };
const FIGURES: Figures = {
  monthToDate: ZERO,
  today: ZERO,
  lastHour: ZERO,
  burnPerMinute: ZERO,
  calibration: 1,
  delayMinutes: 5,
};
const found = (over: Partial<Figures>, lines = LINES) => triggers({ ...FIGURES, ...over }, lines);
const causes = (over: Partial<Figures>, lines = LINES) => found(over, lines).map(({ cause }) => cause);

describe('the lines of a config', () => {
  const config = { limit: usd(100), stopAtPercent: 95, dailyLimit: usd(40), hourlyBrake: usd(20) };
  const degrade = (atPercent: number, basis: Threshold['basis'] = 'actual'): Threshold => ({
    atPercent,
    effect: 'degrade',
    basis,
  });

  test('are amounts; the lowest threshold that degrades counts', () => {
    const thresholds: readonly Threshold[] = [{ atPercent: 10, effect: 'notify', basis: 'actual' }, degrade(90)];
    expect(configuredLines({ ...config, thresholds: [...thresholds, degrade(75)] })).toEqual(LINES);
  });

  test.each<[string, readonly Threshold[]]>([
    ['none degrades', [{ atPercent: 10, effect: 'notify', basis: 'actual' }]],
    ['only a forecast would', [degrade(50, 'forecast')]],
  ])('nothing degrades where %s', (_, thresholds) => {
    expect(configuredLines({ ...config, thresholds })).not.toHaveProperty('degrade');
  });

  test('give way to an override with a limit, but for the brake; one without leaves them', () => {
    const override: Override = { since: 0, by: 'ana', reason: 'release' };
    expect(linesUnder({ ...override, limit: usd(150) }, LINES)).toEqual({
      limit: usd(150),
      stop: usd(150),
      brake: usd(20),
    });
    expect(linesUnder(override, LINES)).toBe(LINES);
    expect(linesUnder(undefined, LINES)).toBe(LINES);
  });
});

test('every line that is reached is found, the strongest first, with the line and its level', () => {
  const all = found({ monthToDate: usd(95), today: usd(40), lastHour: usd(20), burnPerMinute: usd(1) });
  expect(all.map(({ cause, level, line }) => [cause, level, line])).toEqual([
    ['threshold', 'stopped', usd(95)],
    ['projected', 'stopped', usd(100)],
    ['daily', 'stopped', usd(40)],
    ['brake', 'stopped', usd(20)],
    ['degrade', 'degraded', usd(75)],
  ]);
});

test('nothing is projected where nothing burns, be the limit reached', () => {
  expect(causes({ monthToDate: usd(100) })).toEqual(['threshold', 'degrade']);
  expect(causes({ monthToDate: usd(100), burnPerMinute: usd('0.000000001') })).toContain('projected');
});

test('a line that is absent is not reached', () => {
  const { limit, stop, brake } = LINES;
  expect(causes({ monthToDate: usd(94), today: usd(94) }, { limit, stop, brake })).toEqual([]);
});

test.each<[string, Partial<Figures>, string]>([
  ['below', { today: usd('33.33') }, ''],
  ['at', { today: usd('33.34') }, 'daily'],
  ['below', { lastHour: usd('16.66') }, ''],
  ['at', { lastHour: usd('16.67') }, 'brake'],
  ['below', { monthToDate: usd(60), burnPerMinute: usd('4.66') }, ''],
  ['at', { monthToDate: usd(60), burnPerMinute: usd('4.67') }, 'projected'],
])('calibration raises every figure that stops: %s, %p is %p', (_, over, cause) => {
  expect(causes({ ...over, calibration: 1.2 }).join()).toBe(cause);
});

describe('the reason', () => {
  test('says what is calibrated, and nothing where nothing is', () => {
    expect(found({ monthToDate: usd(80), calibration: 1.2 })[0]?.text).toBe('spend 96.0% >= 95.0% (calibrated x1.2)');
    expect(found({ monthToDate: usd(96) })[0]?.text).toBe('spend 96.0% >= 95.0%');
  });

  test.each([
    ['94.999999999', '94.9%'],
    ['95', '95.0%'],
    ['95.09', '95.0%'],
    ['95.1', '95.1%'],
    ['120', '120.0%'],
  ])('%s of 100 is %s: never said to be reached before it is', (amount, text) => {
    expect(percentText(usd(amount), usd(100))).toBe(text);
  });

  test('has no percentage of nothing', () => {
    expect(percentText(usd(1), ZERO)).toBe('over 100%');
  });
});

test.each<[readonly DesiredState[], DesiredState]>([
  [[], 'open'],
  [['open', 'degraded'], 'degraded'],
  [['stopped', 'degraded', 'open'], 'stopped'],
  [['degraded', 'stopped'], 'stopped'],
])('the strongest of %j is %s', (states, most) => {
  expect(strongest(...states)).toBe(most);
});
