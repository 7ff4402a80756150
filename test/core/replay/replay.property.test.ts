import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { usd, ZERO } from '../../../core/money';
import { replay } from '../../../core/replay/replay';
import type { UsageRow } from '../../../core/replay/usage';
import { plainReplay } from './plain';
import { LINES, MODELS, inHour, inOrder, row, tableOf } from './traces';

describe('property: the same as the plain model, to the minute and the cent', () => {
  const burst = fc
    .record({
      at: fc.integer({ min: 0, max: 2 * DAY_MS }),
      calls: fc.integer({ min: 1, max: 25 }),
      everyMs: fc.integer({ min: 0, max: 4 * MINUTE_MS }),
      dollars: fc.double({ min: 0.001, max: 4, noNaN: true }),
      modelId: fc.constantFrom('small', 'large'),
    })
    .map(({ at, calls, everyMs, dollars, modelId }) =>
      Array.from({ length: calls }, (_, one) => row(at + one * everyMs, dollars, modelId)),
    );
  const span = fc
    .record({
      at: fc.integer({ min: 0, max: 2 * DAY_MS }),
      spanMs: fc.oneof(fc.integer({ min: 1, max: 3 * HOUR_MS }), fc.constantFrom(MINUTE_MS, 5 * MINUTE_MS, HOUR_MS)),
      modelId: fc.constantFrom('small', 'large'),
      tokens: fc.record({
        input: fc.nat(8_000_000),
        output: fc.nat(500_000),
        cacheRead: fc.nat(1000),
        cacheWrite: fc.nat(1000),
      }),
    })
    .map((one): UsageRow[] => [one]);
  const usage = fc.array(fc.oneof(burst, span), { minLength: 1, maxLength: 6 }).map((all) => all.flat());
  const lines = fc.record({
    limit: fc.integer({ min: 5, max: 120 }).map(usd),
    dailyLimit: fc.constantFrom(4, 20, 1000).map(usd),
    hourlyBrake: fc.constantFrom(3, 10, 1000).map(usd),
    worstCaseRatePerMinute: fc.constantFrom('unknown' as const, ZERO, usd('0.01'), usd(2)),
    metricDelayMinutes: fc.constantFrom(1, 2, 2, 3.5, 25),
    enforcementMinutes: fc.constantFrom(0, 1, 1, 0.5, 7),
    graceMinutes: fc.constantFrom(0, 60),
  });
  /** The middle of a month, and a turn of the month on the second day. */
  const start = fc.constantFrom('2026-11-10T00:00:00Z', '2026-11-30T00:00:00Z', '2026-12-30T17:30:00Z').map(Date.parse);

  test('on random usage', () => {
    fc.assert(
      fc.property(usage, lines, start, fc.boolean(), (offsets, given, from, summed) => {
        const asked = offsets.map((one) => ({ ...one, at: one.at + from }));
        const rows = summed ? [...tableOf(asked)] : inOrder(asked);
        const all = { ...LINES, ...given };
        const fast = replay(rows, MODELS, all);
        const plain = plainReplay(rows, MODELS, all);
        expect(fast.changes).toEqual(plain.changes);
        expect(fast.alerts.map(({ at, alert: { kind, key } }) => ({ at, kind, key }))).toEqual(plain.alerts);
        // The plain model rounds up each minute, a bill each sum: a few nano-dollars a minute.
        expect(Math.abs(fast.spent - plain.spent)).toBeLessThan(usd('0.0001'));
        expect(Math.abs(fast.denied - plain.denied)).toBeLessThan(usd('0.0001'));
      }),
      { numRuns: 40 },
    );
  });
});

test('property: what is spent and what is denied add up to what was asked for; a far limit denies nothing', () => {
  const usage = fc.array(fc.record({ hours: fc.nat(700), dollars: fc.nat(30), large: fc.boolean() }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(usage, fc.integer({ min: 20, max: 300 }), (asked, limit) => {
      const rows = asked.map(({ hours, dollars, large }) => inHour(hours, dollars, large ? 'large' : 'small'));
      const at = (dollars: number) => replay(inOrder(rows), MODELS, { ...LINES, limit: usd(dollars) });
      const result = at(limit);
      expect(result.spent + result.denied).toBe(usd(asked.reduce((sum, { dollars }) => sum + dollars, 0)));
      expect(at(10_000).denied).toBe(0);
      for (const { at: when } of result.changes) expect(when % MINUTE_MS).toBe(0);
    }),
    { numRuns: 60 },
  );
});
