import { burnsOf, missesOf } from '../../../core/meter/cache-burn';
import type { CacheUse } from '../../../core/meter/cache-types';
import { usd } from '../../../core/money';
import { at } from '../../helpers/meter-world';
import { CLAUDE, every, hours, M, NOW, only, priced, use } from './caches';

const lately = (found: CacheUse | undefined) => found!.lately[0]!;

describe('how long and since when', () => {
  const WELL = { input: M, write: M, read: 12 * M };
  const BAD = { input: M, write: 13 * M };
  const turned = {
    ...every('2026-11-01T00:00', '2026-11-10T02:00', WELL),
    ...every('2026-11-10T02:00', '2026-11-10T12:00', BAD),
  };

  test('what was read well and is no longer is told by the hours since, with the ratio before and what that would have cost', () => {
    const found = lately(use(at('2026-11-10T04:15'), hours(turned)));
    // Two hours: 26M written and 2M plain cost $54; by the earlier mix of 1 : 12 : 1 they are 2M, 24M and 2M, which is $8.40.
    expect(found).toMatchObject({
      from: at('2026-11-10T02:00'),
      to: at('2026-11-10T04:00'),
      readsPerWrite: 0,
      before: 12,
      lost: usd(26),
      aboveBefore: usd('45.6'),
    });
    expect(found.likelyCause).toContain('since about 2026-11-10 02:00 UTC');
  });

  test('an hour counts once it is a quarter of an hour over, and two are needed', () => {
    const seen = (now: string) => use(at(now), hours(turned))?.lately ?? [];
    expect(seen('2026-11-10T03:15')).toEqual([]);
    expect(seen('2026-11-10T04:14')).toEqual([]);
    expect(seen('2026-11-10T04:15')).toHaveLength(1);
  });

  test('at most six hours are told, and the cause names when it began', () => {
    const found = lately(use(at('2026-11-10T12:15'), hours(turned)));
    expect([found.from, found.to]).toEqual([at('2026-11-10T06:00'), at('2026-11-10T12:00')]);
    expect(found.likelyCause).toContain('since about 2026-11-10 02:00 UTC');
  });

  test('a cache that still pays, and far less than before, is told too: with nothing lost', () => {
    const worse = {
      ...turned,
      ...every('2026-11-10T02:00', '2026-11-10T12:00', { input: M, write: 5 * M, read: 8 * M }),
    };
    const found = use(NOW, hours(worse))!;
    expect(lately(found)).toMatchObject({ readsPerWrite: 1.6, before: 12, lost: 0 });
    expect(lately(found).aboveBefore).toBeGreaterThan(0);
    // By the month it pays. Since the day before it costs more than it did.
    expect(burnsOf(found, usd(100))).toEqual([]);
    expect(missesOf(found, usd(100))).toMatchObject([{ before: 12, from: at('2026-11-10T02:00') }]);
    expect(missesOf(found, usd(10_000))).toEqual([]);
  });

  test('a quarter of the earlier ratio has not fallen, just below has', () => {
    const fallen = (read: number) =>
      use(NOW, hours({ ...turned, ...every('2026-11-10T02:00', '2026-11-10T12:00', { write: M, read }) }))?.lately;
    expect(fallen(3 * M) ?? []).toEqual([]);
    expect(fallen(3 * M - 10)).toHaveLength(1);
  });

  test('a model whose writes cost no more than its input is told of misses, and never of a loss', () => {
    const price = { ...CLAUDE, cacheWrite: CLAUDE.input, cacheWrite5m: CLAUDE.input };
    const found = use(NOW, hours(turned), priced(price))!;
    expect(lately(found)).toMatchObject({ breakEven: 0, lost: 0, before: 12 });
    expect(burnsOf(found, usd(1))).toEqual([]);
    expect(missesOf(found, usd(1))).toHaveLength(1);
  });

  test('a month that pays hides no bad day: by the hours since it turned, also once it has been mended', () => {
    expect(only(use(NOW, hours(turned)))).toMatchObject({
      from: at('2026-11-10T02:00'),
      to: NOW,
      lost: usd(130),
      before: 12,
    });
    // Mended at noon: nobody is told in the evening.
    const mended = { ...turned, ...every('2026-11-10T12:00', '2026-11-10T16:00', WELL) };
    expect(use(at('2026-11-10T16:30'), hours(mended))?.lately).toEqual([]);
    // A day that lost more than it saved is named after it was mended too.
    const night = { ...turned, ...every('2026-11-10T02:00', '2026-11-10T12:00', { write: 200 * M }) };
    const after = { ...night, ...every('2026-11-10T12:00', '2026-11-10T16:00', WELL) };
    expect(only(use(at('2026-11-10T16:30'), hours(after))).lost).toBe(usd(1706));
  });

  test('a month begins without a ratio of its own', () => {
    const found = use(at('2026-11-01T04:30'), hours(every('2026-11-01T00:00', '2026-11-01T04:00', BAD)))!;
    expect(lately(found)).toMatchObject({ from: at('2026-11-01T00:00'), to: at('2026-11-01T04:00'), lost: usd(52) });
    expect(lately(found)).not.toHaveProperty('before');
    expect(use(at('2026-11-01T00:05'), hours({ '2026-11-01T00:00': BAD }))?.lately).toEqual([]);
  });
});
