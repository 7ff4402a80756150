import fc from 'fast-check';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import type { UsageRow } from '../../../core/replay/usage';
import { UsageTable } from '../../../core/replay/usage-table';

const START = Date.parse('2026-11-02T00:00:00Z');
const KINDS = ['input', 'output', 'cacheRead', 'cacheWrite', 'cacheWrite5m', 'cacheWrite1h'] as const;

const usage = fc.record({
  series: fc.constantFrom('a', 'b'),
  at: fc.integer({ min: START, max: START + 3 * DAY_MS }),
  spanMs: fc.constantFrom(0, 0, 0, 1, MINUTE_MS, HOUR_MS, DAY_MS),
  tokens: fc.record({
    input: fc.nat(),
    output: fc.oneof(fc.nat(), fc.constant(2 ** 33)),
    cacheRead: fc.constantFrom(0, 7),
    cacheWrite: fc.constantFrom(0, 9),
    cacheWrite5m: fc.constantFrom(0, 4),
    cacheWrite1h: fc.constantFrom(0, 5),
  }),
});

function totals(rows: Iterable<UsageRow>): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { modelId, tokens } of rows) {
    for (const kind of KINDS) sums[`${modelId} ${kind}`] = (sums[`${modelId} ${kind}`] ?? 0) + (tokens[kind] ?? 0);
  }
  return Object.fromEntries(Object.entries(sums).filter(([, sum]) => sum > 0));
}

test('property: not a token is lost, however often it is read; each row stands where its usage did, in order of time', () => {
  fc.assert(
    fc.property(fc.array(usage, { maxLength: 200 }), (all) => {
      const table = new UsageTable();
      for (const { series, at, spanMs, tokens } of all) table.add(series, at, spanMs, tokens);
      const given = totals(all.map(({ series, ...row }) => ({ ...row, modelId: series })));
      expect(totals(table)).toEqual(given);
      expect(totals(table)).toEqual(given);
      const starts = [...table].map(({ at }) => at);
      expect(starts).toEqual(starts.toSorted((a, b) => a - b));
      const minutes = new Set(all.map(({ at }) => Math.floor(at / MINUTE_MS) * MINUTE_MS));
      for (const { at, spanMs } of table) {
        expect(minutes.has(at)).toBe(true);
        expect(spanMs % MINUTE_MS).toBe(0);
      }
      for (const series of table.seriesIds) {
        const of = totals(table.of(new Set([series])));
        for (const kind of KINDS) expect(of[`${series} ${kind}`] ?? 0).toBe(table.totals(series)[kind] ?? 0);
      }
    }),
  );
});

test('its rows are as many as the minutes and sums in it, and not as its usages', () => {
  const table = new UsageTable();
  for (let at = 0; at < 10_000; at++) {
    table.add('a', START + (at % 3) * MINUTE_MS + at, 0, { input: 1, output: 0, cacheRead: 0, cacheWrite: 0 });
    table.add('a', START, HOUR_MS, { input: 1, output: 0, cacheRead: 0, cacheWrite: 0 });
  }
  expect([...table]).toHaveLength(4);
  expect(table.totals('a')).toMatchObject({ input: 20_000 });
});

test('a span within a minute is a call of its minute, one beyond it covers whole minutes', () => {
  const table = new UsageTable();
  const tokens = { input: 1, output: 0, cacheRead: 0, cacheWrite: 0 };
  table.add('a', START + 10_000, 50_000, tokens);
  table.add('b', START + 10_000, 50_001, tokens);
  expect([...table].map(({ modelId, at, spanMs }) => [modelId, at, spanMs])).toEqual([
    ['a', START, 0],
    ['b', START, 2 * MINUTE_MS],
  ]);
});

test('a sum beyond what a number holds exactly is an error, just below it is none', () => {
  const add = (last: number) => () => {
    const table = new UsageTable();
    table.add('a', START, 0, { input: Number.MAX_SAFE_INTEGER - 1, output: 0, cacheRead: 0, cacheWrite: 0 });
    table.add('a', START + DAY_MS, 0, { input: last, output: 0, cacheRead: 0, cacheWrite: 0 });
  };
  expect(add(1)).not.toThrow();
  expect(add(2)).toThrow('more input than a number holds exactly');
});
