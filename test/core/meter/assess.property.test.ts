import fc from 'fast-check';
import { assess } from '../../../core/meter/assess';
import type { MeterMemory, Series } from '../../../core/meter/types';
import { at, reading, series, USAGE } from '../../helpers/meter-world';
import { knownOf, NOW } from './assessed';

const anySeries = fc.record({
  metric: fc.constantFrom('InputTokenCount', 'OutputTokenCount', 'CacheReadInputTokens', 'CacheReadInputTokenCount'),
  modelId: fc.constantFrom('abc123', 'lost456', 'neighbour', 'who', 'abc123+flex'),
  tier: fc.constantFrom(undefined, 'default', 'priority'),
  points: fc.array(
    fc.tuple(fc.integer({ min: -30, max: 260 }), fc.oneof(fc.nat(10 ** 9), fc.constantFrom(-1, 0.5, Number.NaN))),
    {
      maxLength: 6,
    },
  ),
});

const built = anySeries.map(({ metric, modelId, tier, points }) => {
  const dimensions: Record<string, string> = { ModelId: modelId, ...(tier !== undefined && { ServiceTier: tier }) };
  const start = at('2026-11-01T00:00');
  return series(
    { metric, dimensions },
    points.map(([hour, value]) => [start + hour * 3_600_000, value] as const),
  );
});

test('property: the order of series and points does not matter', () => {
  const shuffled = fc
    .array(built, { maxLength: 8 })
    .chain((all: Series[]) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })));
  fc.assert(
    fc.property(shuffled, ([all, other]) => {
      const turned = other.map((one) => ({ ...one, points: one.points.toReversed() }));
      expect(assess(reading(NOW, ...turned), USAGE, undefined, NOW)).toEqual(
        assess(reading(NOW, ...all), USAGE, undefined, NOW),
      );
    }),
  );
});

test('property: one more series never lowers the month, and reads in any order never lower it', () => {
  fc.assert(
    fc.property(fc.array(fc.array(built, { maxLength: 4 }), { maxLength: 6 }), built, (reads, extra) => {
      let previous: MeterMemory | undefined;
      reads.forEach((all, index) => {
        const now = NOW + index * 60_000;
        const result = knownOf(reading(now, ...all), previous, now);
        const more = knownOf(reading(now, ...all, extra), previous, now);
        expect(more.monthToDate).toBeGreaterThanOrEqual(result.monthToDate);
        expect(result.monthToDate).toBeGreaterThanOrEqual(previous?.monthToDate ?? 0);
        expect(Math.min(result.burnPerMinute, result.lastHour, result.today)).toBeGreaterThanOrEqual(0);
        previous = result.memory;
      });
    }),
  );
});
