import fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { usd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { replay, unguardedCost, type ReplayLines } from '../../../core/replay/replay';
import { stepsOf, type PricedModel, type UsageRow } from '../../../core/replay/usage';

/** A million input tokens is a dollar. */
const price = {
  input: picoUsdPerToken(1),
  output: picoUsdPerToken(4),
  cacheRead: picoUsdPerToken('0.1'),
  cacheWrite: picoUsdPerToken('1.25'),
};
const MODELS: readonly PricedModel[] = [
  { id: 'small', tier: 'small', price },
  { id: 'large', tier: 'large', price },
];
const LINES: ReplayLines = {
  limit: usd(100),
  thresholds: [
    { atPercent: 50, effect: 'notify', basis: 'actual' },
    { atPercent: 90, effect: 'degrade', basis: 'actual' },
    { atPercent: 95, effect: 'stop', basis: 'actual' },
  ],
  stopAtPercent: 95,
  dailyLimit: usd(1000),
  hourlyBrake: usd(1000),
  metricDelayMinutes: 2,
  enforcementMinutes: 2,
  graceMinutes: 0,
};
const START = Date.parse('2026-11-02T00:00:00Z');

const row = (hours: number, dollars: number, modelId = 'small', spanMs = 0): UsageRow => ({
  at: START + hours * HOUR_MS,
  spanMs,
  modelId,
  tokens: { input: Math.round(dollars * 1_000_000), output: 0, cacheRead: 0, cacheWrite: 0 },
});

describe('steps', () => {
  test('property: a span is spread over its steps, and not a token is lost', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.integer({ min: 0, max: 3 * HOUR_MS }), (tokens, spanMs) => {
        const { steps, stepMs } = stepsOf(
          [{ ...row(0, 0), spanMs, tokens: { input: tokens, output: 0, cacheRead: 0, cacheWrite: 0 } }],
          MODELS,
        );
        const sum = steps.reduce((all, { byModel }) => all + (byModel.get('small')?.tokens ?? 0), 0);
        expect(sum).toBe(tokens);
        expect(steps).toHaveLength(Math.max(1, Math.ceil(spanMs / stepMs)));
      }),
    );
  });

  test('a model without a price is an error', () => {
    expect(() => stepsOf([row(0, 1, 'unheard-of')], MODELS)).toThrow('no price for unheard-of');
  });
});

test('a quiet month: nothing fires, everything is spent', () => {
  const steps = stepsOf([row(1, 10), row(200, 20)], MODELS);
  expect(replay(steps, LINES)).toMatchObject({ changes: [], spent: usd(30), denied: 0 });
});

test('a slow overrun: announced at 50, degraded at 90, stopped at 95; what comes later is denied and counted', () => {
  const hourly = Array.from({ length: 240 }, (_, hour) => row(hour, 0.5, hour % 2 === 0 ? 'small' : 'large', HOUR_MS));
  const result = replay(stepsOf(hourly, MODELS), LINES);
  expect(result.changes.map(({ to }) => to)).toEqual(['degraded', 'stopped']);
  expect(result.spent).toBeGreaterThanOrEqual(usd(95));
  expect(result.spent).toBeLessThan(usd(96));
  expect(result.spent + result.denied).toBe(usd(120));
  expect(result.alerts.map(({ alert }) => alert.kind)).toContain('threshold');
  const large = result.byModel.find(({ modelId }) => modelId === 'large');
  expect(large?.denied).toBeGreaterThan(usd(10));
});

test('the next month begins anew', () => {
  const rows = [...Array.from({ length: 28 * 24 }, (_, hour) => row(hour, 0.2, 'small', HOUR_MS)), row(31 * 24, 3)];
  const result = replay(stepsOf(rows, MODELS), LINES);
  expect(result.changes.at(-1)?.to).toBe('open');
  expect(result.months.map(({ month }) => month)).toEqual(['2026-11', '2026-12']);
  expect(result.months[1]).toMatchObject({ spent: usd(3), denied: 0 });
});

test('a runaway is stopped by its rate before the line, and the daily limit holds until midnight', () => {
  const steps = stepsOf([row(10, 60, 'small', HOUR_MS), row(11, 60, 'small', HOUR_MS)], MODELS);
  const result = replay(steps, { ...LINES, dailyLimit: usd(20) });
  expect(result.changes[0]?.reason).toContain('daily limit');
  expect(result.spent).toBeLessThan(usd(40));
  expect(result.changes.at(-1)?.to).not.toBe('open');
});

test('property: what is spent and what is denied add up to what was asked for; a higher limit never denies more', () => {
  const usage = fc.array(fc.record({ hours: fc.nat(700), dollars: fc.nat(30), large: fc.boolean() }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(usage, fc.integer({ min: 20, max: 300 }), (asked, limit) => {
      const steps = stepsOf(
        asked.map(({ hours, dollars, large }) => row(hours, dollars, large ? 'large' : 'small')),
        MODELS,
      );
      const at = (dollars: number) => replay(steps, { ...LINES, limit: usd(dollars) });
      const result = at(limit);
      expect(result.spent + result.denied).toBe(unguardedCost(steps));
      expect(at(10_000).denied).toBe(0);
      for (const { at: when } of result.changes) expect(when % MINUTE_MS).toBe(0);
    }),
    { numRuns: 60 },
  );
});
