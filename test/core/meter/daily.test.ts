import fc from 'fast-check';
import { addDays, dayStart, HOUR_MS, monthStart, utcDay, type UtcDay, type UtcMonth } from '../../../core/calendar';
import { assess } from '../../../core/meter/assess';
import { dailySpend } from '../../../core/meter/daily';
import { hourlyTokens } from '../../../core/meter/series';
import type { Series } from '../../../core/meter/types';
import { nanoUsd, usd } from '../../../core/money';
import { at, MODEL, reading, series, USAGE } from '../../helpers/meter-world';

const NOVEMBER = '2026-11' as UtcMonth;
const NOW = at('2026-11-20T12:00');
const days = (...dates: readonly number[]) => dates.map((date) => `2026-11-${String(date).padStart(2, '0')}` as UtcDay);

function daily(of: readonly UtcDay[], ...all: readonly Series[]) {
  return dailySpend(hourlyTokens(all, NOVEMBER, NOW).usage, USAGE, of);
}

test('by UTC day, from its first hour to its last', () => {
  const tokens = series({}, [
    ['2026-11-09T23:00', 1_000_000],
    ['2026-11-10T00:00', 2_000_000],
    ['2026-11-10T23:00', 4_000_000],
    ['2026-11-11T00:00', 8_000_000],
  ]);
  const found = daily(days(9, 10, 11, 12), tokens);
  expect([...found].map(([day, [first]]) => [day, first?.amount])).toEqual([
    ['2026-11-09', usd(1)],
    ['2026-11-10', usd(6)],
    ['2026-11-11', usd(8)],
    ['2026-11-12', undefined],
  ]);
});

test('a day without tokens is there and empty; a day that was not asked for is not there', () => {
  expect([...daily(days(10))]).toEqual([['2026-11-10', []]]);
});

test('the components of a model are one amount; what has no known price is charged at the dearest rate, under its id', () => {
  const hour = '2026-11-10T10:00';
  const found = daily(
    days(10),
    series({}, [[hour, 1_000_000]]),
    series({ metric: 'OutputTokenCount' }, [[hour, 1_000_000]]),
    series({ region: 'eu-west-1' }, [[hour, 1_000_000]]),
    series({ modelId: 'lost456' }, [[hour, 1_000_000]]),
  );
  expect(found.get(days(10)[0]!)).toEqual([
    { name: 'lost456', amount: usd(10) },
    { name: MODEL.modelId, amount: usd(6) },
  ]);
});

test('what has a list price is charged at it, under its model', () => {
  const opus = { kind: 'listed', modelId: 'anthropic.claude-opus', price: MODEL.price } as const;
  const { usage } = hourlyTokens([series({ modelId: 'byhand' }, [['2026-11-10T10:00', 1_000_000]])], NOVEMBER, NOW);
  expect(dailySpend(usage, { ...USAGE, classes: { byhand: opus } }, days(10)).get(days(10)[0]!)).toEqual([
    { name: 'anthropic.claude-opus', amount: usd(1) },
  ]);
});

test('dearest first, and of the same amount by name', () => {
  const of = (modelId: string, tokens: number) => series({ modelId }, [['2026-11-10T10:00', tokens]]);
  const ids = ['m', 'z', 'a', 'y', 'b'];
  const { usage } = hourlyTokens([...ids.map((id) => of(id, 1000)), of('n', 2000), of('c', 500)], NOVEMBER, NOW);
  const found = dailySpend(usage, { ...USAGE, metering: 'account', classes: {} }, days(10)).get(days(10)[0]!);
  expect(found?.map(({ name }) => name)).toEqual(['n', 'a', 'b', 'm', 'y', 'z', 'c']);
});

test('trap 39: what is foreign, unguarded or nobody’s is not here, as it is not in the month', () => {
  const of = (modelId: string) => series({ modelId }, [['2026-11-10T10:00', 1_000_000]]);
  expect(daily(days(10), of('neighbour'), of('amazon.nova-lite-v1:0'), of('nobody')).get(days(10)[0]!)).toEqual([]);
});

test('rounded up once a series and day, not an hour', () => {
  const cheap = { ...USAGE, classes: { abc123: { kind: 'ours', model: MODEL } as const } };
  const tokens = series({ metric: 'CacheReadInputTokens' }, [
    ['2026-11-10T01:00', 1],
    ['2026-11-10T02:00', 1],
    ['2026-11-11T01:00', 1],
  ]);
  const { usage } = hourlyTokens([tokens], NOVEMBER, NOW);
  const tenth = { ...MODEL, price: { ...MODEL.price, cacheRead: 1 as typeof MODEL.price.input } };
  const found = dailySpend(usage, { ...cheap, classes: { abc123: { kind: 'ours', model: tenth } } }, days(10, 11));
  expect([...found.values()].map(([first]) => first?.amount)).toEqual([1, 1]);
});

test('property: the days of a month add up to its sum, but for a nano-dollar a series and day', () => {
  const point = fc.tuple(fc.integer({ min: 0, max: 19 * 24 }), fc.integer({ min: 0, max: 10 ** 7 }));
  const points = fc.uniqueArray(point, { selector: ([hour]) => hour, maxLength: 30 });
  const metric = fc.constantFrom('InputTokenCount', 'OutputTokenCount', 'CacheReadInputTokens');
  const one = fc.record({ metric, modelId: fc.constantFrom('abc123', 'lost456', 'neighbour'), points });
  fc.assert(
    fc.property(fc.uniqueArray(one, { selector: ({ metric: name, modelId }) => name + modelId }), (all) => {
      const start = monthStart(NOVEMBER);
      const read = all.map(({ points: of, ...id }) =>
        series(
          id,
          of.map(([hour, value]) => [start + hour * HOUR_MS, value] as const),
        ),
      );
      const month = assess(reading(NOW, ...read), USAGE, undefined, NOW);
      if (month.kind === 'unknown') throw new Error(month.why);
      const every = Array.from({ length: 20 }, (_, index) => addDays(utcDay(start), index));
      const sum = [...daily(every, ...read).values()]
        .flat()
        .reduce((total, { amount }) => nanoUsd(total + amount), nanoUsd(0));
      expect(sum).toBeGreaterThanOrEqual(month.monthToDate);
      expect(sum - month.monthToDate).toBeLessThanOrEqual(all.length * every.length);
      expect(dayStart(every[0]!)).toBe(start);
    }),
    { numRuns: 100 },
  );
});
