import { utcDay } from '../../../core/calendar';
import { meterLine } from '../../../core/report/meter-line';
import type { MeterState } from '../../../core/decision/meter-state';
import type { Order } from '../../../core/stop-lines/orders';
import { usd } from '../../../core/money';
import { at, known } from '../../helpers/meter-world';
import { quietMeter } from '../../helpers/quiet-meter';

const NOW = at('2026-11-23T11:00');
const MINUTE = 60_000;
const running = quietMeter(NOW);
const hold = {
  cause: 'threshold',
  level: 'stopped',
  line: usd(95),
  limit: usd(100),
  day: utcDay(NOW),
  text: 'spend 96.0% >= 95.0%',
} as const;

function line(state: MeterState | undefined, over: { order?: Order; enforce?: boolean; now?: number } = {}) {
  return meterLine({ kind: 'known', value: state }, over.order, over.enforce ?? true, over.now ?? NOW);
}

function held(desired: 'degraded' | 'stopped', over: Partial<MeterState> = {}): MeterState {
  const holds = [{ ...hold, level: desired }];
  return quietMeter(NOW, { desired, decision: { ...running.decision, desired, holds }, ...over });
}

test('runs and sees: armed, with the time of the last full read', () => {
  expect(line(running)).toEqual({
    line: 'meter',
    state: 'armed',
    why: 'last saw everything at 2026-11-23 11:00 UTC',
  });
});

test.each([
  [9, 'armed'],
  [10, 'armed'],
  [10.001, 'blind'],
  [600, 'blind'],
])('last run %s minutes ago: %s', (minutes, state) => {
  expect(line(running, { now: NOW + minutes * MINUTE })).toMatchObject({ state });
});

test('never run: blind, not absent and not armed', () => {
  expect(line(undefined)).toEqual({ line: 'meter', state: 'blind', why: 'it has not run yet' });
});

test('its item cannot be read: unknown', () => {
  const state = meterLine({ kind: 'unavailable', why: 'ThrottlingException from AWS' }, undefined, true, NOW);
  expect(state).toMatchObject({ state: 'unknown', why: expect.stringContaining('Throttling') });
});

test.each<[string, Partial<NonNullable<MeterState['reading']>>, RegExp]>([
  ['an incomplete answer', { unknown: 'CloudWatch answers PartialData' }, /: CloudWatch answers PartialData$/],
  ['the canary', { canaryOverdueSince: NOW }, /: the canary has not shown up$/],
  ['points left out', {}, /: points had to be left out/],
])('blind since, and why: %s', (_what, reading, why) => {
  const decision = { ...running.decision, blindSince: NOW - 20 * MINUTE };
  const found = line(quietMeter(NOW, { decision, reading: { at: NOW, ...reading } }));
  expect(found).toMatchObject({ state: 'blind', why: expect.stringMatching(why) });
  expect(found.why).toContain('since 2026-11-23 10:40 UTC');
});

test('blind while it holds: both are said', () => {
  const state = held('stopped');
  const found = line({ ...state, decision: { ...state.decision, blindSince: NOW } });
  expect(found).toMatchObject({ state: 'blind' });
  expect(found.why).toContain('all models are denied since 2026-11-23: spend 96.0% >= 95.0%');
});

test('stopped: since everybody is denied, why, and who is still open', () => {
  const enforcement = { ...running.enforcement, stoppedSince: NOW - 90 * MINUTE, pagedOpen: ['role app'] };
  expect(line(held('stopped', { enforcement }))).toEqual({
    line: 'meter',
    state: 'applied',
    why: 'all models are denied since 2026-11-23 09:30 UTC: spend 96.0% >= 95.0%; still open: role app',
  });
});

test('degraded: since the day of the line', () => {
  expect(line(held('degraded'))).toMatchObject({
    state: 'applied',
    why: 'large models are denied since 2026-11-23: spend 96.0% >= 95.0%',
  });
});

test('a stop that somebody ordered says who and why', () => {
  const order: Order = { kind: 'stop', stop: { since: NOW, by: 'ann', reason: 'leaked key' } };
  expect(line(held('stopped'), { order })).toMatchObject({
    state: 'applied',
    why: expect.stringContaining('ordered by ann: leaked key'),
  });
});

test('a dry run denies nobody, and says what it would do', () => {
  expect(line(running, { enforce: false })).toEqual({
    line: 'meter',
    state: 'dryRun',
    why: 'it denies nobody; its decision is open: spend is under every line',
  });
  const stopped = { ...held('stopped'), desired: 'open' } as const;
  expect(line(stopped, { enforce: false }).why).toBe('it denies nobody; its decision is stopped: spend 96.0% >= 95.0%');
});

test('a dry run that cannot see is blind', () => {
  expect(line(running, { enforce: false, now: NOW + 11 * MINUTE })).toMatchObject({ state: 'blind' });
});

test('armed with a read that failed, and with a line in its grace period', () => {
  const grace = { until: NOW + 30 * MINUTE, why: 'lowered', causes: ['threshold'] } as const;
  const state = quietMeter(NOW, {
    decision: { ...running.decision, grace },
    reading: { at: NOW, known: known(NOW - 5 * MINUTE), unknown: 'ThrottlingException from AWS' },
  });
  expect(line(state).why).toBe(
    'last saw everything at 2026-11-23 10:55 UTC; the last read failed: ThrottlingException from AWS; a line is reached and waits until 2026-11-23 11:30 UTC',
  );
});
