import { HOUR_MS } from '../../../core/calendar';
import { nanoUsd, usd } from '../../../core/money';
import { isStandingDue, type Standing } from '../../../core/organization/standing';
import { NOON, standing } from '../../helpers/organization';

const told = standing();
const minute = { at: new Date(NOON + 60_000).toISOString() };
const due = (over: Partial<Standing>) => isStandingDue(told, standing({ ...minute, ...over }));

test('what was never told is told, and again by a process that has just started', () => {
  expect(isStandingDue(undefined, told)).toBe(true);
});

test('nothing new is not told', () => {
  expect(due({})).toBe(false);
  expect(due({ asOf: minute.at, reason: 'spend 10.1% is under all lines' })).toBe(false);
});

test.each<[string, Partial<Standing>]>([
  ['the state decided', { desired: 'degraded' }],
  ['the state in effect', { enforced: 'unknown' }],
  ['the month', { month: '2026-12' }],
  ['the limit', { limitNano: usd(101) }],
  ['blind', { blind: true }],
  ['complete', { atLeast: true }],
  ['a dry run', { enforce: false }],
  ['the version', { guardVersion: '1.2.4' }],
  ['an amount that is unknown from now on', { spentNano: null }],
])('a change is told: %s', (_what, over) => {
  expect(due(over)).toBe(true);
  expect(isStandingDue(standing({ ...over }), standing(minute))).toBe(true);
});

test.each([
  ['below 1% of the limit', nanoUsd(usd(11) - 1), false],
  ['at 1%', usd(11), true],
  ['above', nanoUsd(usd(11) + 1), true],
  ['downwards, below', nanoUsd(usd(9) + 1), false],
  ['downwards, at', usd(9), true],
])('spend that has moved %s', (_what, spentNano, expected) => {
  expect(due({ spentNano })).toBe(expected);
});

test('small moves add up: they count from what was told last', () => {
  expect(due({ spentNano: usd('10.9') })).toBe(false);
  expect(due({ spentNano: usd('11.1') })).toBe(true);
});

test('of a limit of nothing any move is told, and none is not', () => {
  const nothing = standing({ limitNano: 0 });
  expect(isStandingDue(nothing, standing({ ...minute, limitNano: 0 }))).toBe(false);
  expect(isStandingDue(nothing, standing({ ...minute, limitNano: 0, spentNano: usd(10) + 1 }))).toBe(true);
});

test.each([
  ['just before an hour', HOUR_MS - 1, false],
  ['an hour', HOUR_MS, true],
  ['a clock that stepped back', -1, true],
])('a sign of life after %s', (_what, ms, expected) => {
  expect(isStandingDue(told, standing({ at: new Date(NOON + ms).toISOString() }))).toBe(expected);
});
