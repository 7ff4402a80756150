import { DAY_MS, HOUR_MS } from '../../../core/calendar';
import { pastSpend } from '../../../core/meter/past-spend';
import { picoUsdPerToken } from '../../../core/prices';
import type { HourlyTokens } from '../../../core/meter/series';
import type { Point, UsageClass, UsageResolution } from '../../../core/meter/types';

const DAY = Date.parse('2026-11-20T00:00:00Z');
/** Dollars per million tokens. */
const price = (input: number, output: number) => ({
  input: picoUsdPerToken(input),
  output: picoUsdPerToken(output),
  cacheRead: 'unsupported' as const,
  cacheWrite: 'unsupported' as const,
});
const listed = (input: number, output: number): UsageClass => ({
  kind: 'listed',
  modelId: 'm',
  price: price(input, output),
});
const resolution = (classes: Readonly<Record<string, UsageClass>>): UsageResolution => ({
  metering: 'account',
  classes,
  dearest: price(1_000, 1_000),
});
const tokens = (metricId: string, hours: readonly Point[], component: 'input' | 'output' = 'input'): HourlyTokens => ({
  metricId,
  region: 'us-east-1',
  namespace: 'AWS/Bedrock',
  component,
  hours,
});
const at = (hour: number, value: number): Point => ({ at: DAY + hour * HOUR_MS, value });

test('nothing used: nothing known of any id, and no dollar', () => {
  expect(pastSpend([], resolution({}))).toEqual({ byId: [], total: 0, busiestDay: 0, busiestHour: 0 });
  expect(pastSpend([tokens('a', [at(0, 0)])], resolution({ a: listed(1, 1) })).byId).toEqual([]);
});

test('each id by its own prices, the dearest first', () => {
  const { byId, total } = pastSpend(
    [
      tokens('a', [at(0, 1_000_000)]),
      tokens('a', [at(0, 1_000_000)], 'output'),
      tokens('b', [at(1, 1_000_000), at(2, 3_000_000)]),
    ],
    resolution({ a: listed(1, 2), b: listed(5, 0.1) }),
  );
  expect(byId).toEqual([
    { metricId: 'b', spent: 20e9 },
    { metricId: 'a', spent: 3e9 },
  ]);
  expect(total).toBe(23e9);
});

test('the dearest hour and UTC day are of all ids together', () => {
  const million = 1_000_000;
  const { busiestDay, busiestHour } = pastSpend(
    [
      tokens('a', [at(1, million), at(23, 2 * million), at(24, 3 * million)]),
      tokens('b', [at(23, 2 * million), at(47, million)]),
    ],
    resolution({ a: listed(1, 1), b: listed(1, 1) }),
  );
  expect({ busiestDay, busiestHour }).toEqual({ busiestDay: 5e9, busiestHour: 4e9 });
  expect(DAY % DAY_MS).toBe(0);
});

test('what no list has a price for is unknown: neither zero, nor at the dearest rate', () => {
  const { byId, total, busiestHour } = pastSpend(
    [tokens('x', [at(0, 1_000_000)]), tokens('a', [at(0, 1_000_000)]), tokens('y', [at(0, 1)])],
    resolution({ a: listed(1, 1), x: { kind: 'unattributed' } }),
  );
  expect(byId).toEqual([
    { metricId: 'a', spent: 1e9 },
    { metricId: 'x', spent: 'unknown' },
    { metricId: 'y', spent: 'unknown' },
  ]);
  expect({ total, busiestHour }).toEqual({ total: 1e9, busiestHour: 1e9 });
});

test('a fraction of a nano-dollar counts as one', () => {
  expect(pastSpend([tokens('a', [at(0, 1)])], resolution({ a: listed(0.000001, 1) })).total).toBe(1);
});

test('a count beyond belief is the most that there is, and no error', () => {
  const { total } = pastSpend([tokens('a', [at(0, 9e15), at(1, 9e15)])], resolution({ a: listed(100, 1) }));
  expect(total).toBe(Number.MAX_SAFE_INTEGER);
});
