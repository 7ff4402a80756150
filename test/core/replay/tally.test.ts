import fc from 'fast-check';
import { DAY_MS, MINUTE_MS, type UtcMonth } from '../../../core/calendar';
import { nanoUsd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { Tally } from '../../../core/replay/tally';
import { WIDTH } from '../../../core/replay/tokens';
import type { PricedModel } from '../../../core/replay/usage';

/** None of a whole number of nano-dollars a token: each sum is rounded. */
const price = {
  input: picoUsdPerToken('0.0351'),
  output: picoUsdPerToken('0.4407'),
  cacheRead: picoUsdPerToken('0.0013'),
  cacheWrite: picoUsdPerToken('1.2509'),
};
const MODELS: readonly PricedModel[] = [
  { id: 'small', tier: 'small', price },
  { id: 'large', tier: 'large', price },
];
const START = Date.parse('2026-11-29T00:00:00Z') / MINUTE_MS;

const minutes = fc.array(
  fc.record({
    minute: fc.nat((35 * DAY_MS) / MINUTE_MS),
    tokens: fc.array(fc.nat(900_001), { minLength: 2 * WIDTH, maxLength: 2 * WIDTH }),
    state: fc.constantFrom('open' as const, 'degraded' as const, 'stopped' as const),
  }),
  { maxLength: 40 },
);

type Minutes = typeof minutes extends fc.Arbitrary<infer T> ? T : never;

function tallied(all: Minutes, denies = true) {
  const tally = new Tally(MODELS);
  for (const { minute, tokens, state } of all.toSorted((a, b) => a.minute - b.minute)) {
    // Of a cache write no more can live a known time than was written.
    const counts = tokens.map((count, at) => (at % WIDTH > 3 ? 0 : count));
    tally.add(START + minute, Float64Array.from(counts), denies ? state : 'open');
  }
  return tally.result();
}

const sum = (all: readonly number[]) => nanoUsd(all.reduce((total, one) => total + one, 0));

test('property: what the models spent in a month adds up to the month, and their months to the models', () => {
  fc.assert(
    fc.property(minutes, (all) => {
      const { byModelAndMonth, months, byModel } = tallied(all);
      for (const what of ['spent', 'denied'] as const) {
        for (const month of months) {
          expect(sum(byModelAndMonth.filter((one) => one.month === month.month).map((one) => one[what]))).toBe(
            month[what],
          );
        }
        for (const model of byModel) {
          const own = byModelAndMonth.filter(({ modelId }) => modelId === model.modelId);
          expect(sum(own.map((one) => one[what]))).toBe(model[what]);
        }
      }
    }),
  );
});

test('property: no more is spent than was used, and all of it where nothing is denied', () => {
  fc.assert(
    fc.property(minutes, (all) => {
      const open = tallied(all, false).byModelAndMonth;
      for (const { denied } of open) expect(denied).toBe(0);
      for (const { month, modelId, spent } of tallied(all).byModelAndMonth) {
        const used = open.find((one) => one.month === month && one.modelId === modelId);
        expect(used?.spent).toBeGreaterThanOrEqual(spent);
      }
    }),
  );
});

test('by hand: a minute in which large is denied, over the turn of a month', () => {
  const million = [1_000_000, 0, 0, 0, 0, 0];
  const at = (minute: number, state: 'open' | 'degraded') => ({ minute, tokens: [...million, ...million], state });
  expect(tallied([at(0, 'open'), at(1, 'degraded'), at((2 * DAY_MS) / MINUTE_MS, 'open')]).byModelAndMonth).toEqual([
    { month: '2026-11' as UtcMonth, modelId: 'small', spent: 70_200_000, denied: 0 },
    { month: '2026-11' as UtcMonth, modelId: 'large', spent: 35_100_000, denied: 35_100_000 },
    { month: '2026-12' as UtcMonth, modelId: 'small', spent: 35_100_000, denied: 0 },
    { month: '2026-12' as UtcMonth, modelId: 'large', spent: 35_100_000, denied: 0 },
  ]);
});
