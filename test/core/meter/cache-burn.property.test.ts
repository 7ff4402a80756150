import fc from 'fast-check';
import { picoUsdPerToken, type ModelPrice, type PicoUsd } from '../../../core/prices';
import { assess } from '../../../core/meter/assess';
import { MOST } from '../../../core/money';
import { at, reading } from '../../helpers/meter-world';
import { CLAUDE, hours, NOW, priced, use, type Tokens } from './caches';

const tokens = fc.nat(10 ** 9);
const any = fc.record({ input: tokens, output: tokens, read: tokens, write: tokens });
const atHour = (hour: number) => new Date(at('2026-11-01T00:00') + hour * 3_600_000).toISOString().slice(0, 16);
const byHour = fc.dictionary(fc.nat(228).map(atHour), any, { maxKeys: 12 });

const prices = fc
  .record({ read: fc.integer({ min: 1, max: 999_999 }), short: fc.nat(3_000_000), more: fc.nat(2_000_000) })
  .map(({ read, short, more }): ModelPrice => ({
    input: picoUsdPerToken(1),
    output: picoUsdPerToken(5),
    cacheRead: read as PicoUsd,
    cacheWrite: (short + more) as PicoUsd,
    cacheWrite5m: short as PicoUsd,
  }));

const sum = (all: Readonly<Record<string, Tokens>>, of: keyof Tokens) =>
  Object.values(all).reduce((total, one) => total + BigInt(one[of] ?? 0), 0n);

const scaled = (all: Readonly<Record<string, Tokens>>, by: number) =>
  Object.fromEntries(
    Object.entries(all).map(([hour, { input = 0, output = 0, read = 0, write = 0 }]) => [
      hour,
      { input: input * by, output: output * by, read: read * by, write: write * by },
    ]),
  );

test('property: what is lost is what an independent sum says, to the nano-dollar, and only where even the cheapest write loses', () => {
  fc.assert(
    fc.property(byHour, prices, (all, price) => {
      const found = use(NOW, hours(all), priced(price))?.burns[0];
      const [writes, reads] = [sum(all, 'write'), sum(all, 'read')];
      const pico = (write: PicoUsd | 'unsupported' | undefined) =>
        writes * (BigInt(Number(write)) - 1_000_000n) - reads * (1_000_000n - BigInt(Number(price.cacheRead)));
      if (found === undefined || found.from !== at('2026-11-01T00:00') || found.lost === 0) return;
      expect(pico(price.cacheWrite5m)).toBeGreaterThan(0n);
      expect(BigInt(found.lost)).toBe((pico(price.cacheWrite) + 999n) / 1000n);
      expect(found.readsPerWrite).toBeLessThan(found.breakEven);
    }),
  );
});

test('property: more reads never make a burn', () => {
  fc.assert(
    fc.property(byHour, prices, tokens, (all, price, more) => {
      const lost = (of: Readonly<Record<string, Tokens>>) => use(NOW, hours(of), priced(price))?.burns[0]?.lost ?? 0;
      // The same in every hour, so that no hour is less well read than before.
      const better = Object.fromEntries(
        Object.entries(all).map(([hour, one]) => [hour, { ...one, read: (one.read ?? 0) + more }]),
      );
      const isMonth = use(NOW, hours(better), priced(price))?.burns[0]?.from === at('2026-11-01T00:00');
      if (isMonth) expect(lost(better)).toBeLessThanOrEqual(lost(all));
    }),
  );
});

test('property: tokens times k lose k times as much, to a nano-dollar each, and the ratio stays', () => {
  fc.assert(
    fc.property(byHour, prices, fc.integer({ min: 2, max: 50 }), (all, price, by) => {
      const once = use(NOW, hours(all), priced(price))?.burns[0];
      const often = use(NOW, hours(scaled(all, by)), priced(price))?.burns[0];
      if (once === undefined || often === undefined || often.lost === MOST) return;
      expect(Math.abs(often.lost - by * once.lost)).toBeLessThanOrEqual(by);
      expect(often.readsPerWrite).toBeCloseTo(once.readsPerWrite, 9);
      expect(often.likelyCause).toBe(once.likelyCause);
    }),
  );
});

test('property: nothing is claimed without writes, nor without the prices', () => {
  fc.assert(
    fc.property(byHour, (all) => {
      const unwritten = Object.fromEntries(Object.entries(all).map(([hour, one]) => [hour, { ...one, write: 0 }]));
      expect(use(NOW, hours(unwritten))).toBeUndefined();
      const unpriced = use(NOW, hours(all), priced({ ...CLAUDE, cacheRead: 'unsupported' }));
      expect([...(unpriced?.burns ?? []), ...(unpriced?.lately ?? [])]).toEqual([]);
      expect(unpriced?.unknown.length ?? 0).toBe(sum(all, 'write') > 0n ? 1 : 0);
    }),
  );
});

test('property: the tokens of a month are those of the assessment', () => {
  fc.assert(
    fc.property(byHour, (all) => {
      const found = assess(reading(NOW, ...hours(all)), priced(), undefined, NOW);
      if (found.kind === 'unknown') throw new Error(found.why);
      const burn = found.cache?.burns.find(({ from }) => from === at('2026-11-01T00:00'));
      if (burn === undefined) return;
      expect(burn.tokens).toEqual(found.byModel[0]!.tokens);
      expect(burn.spend).toBe(found.byModel[0]!.monthToDate);
    }),
  );
});
