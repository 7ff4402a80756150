import {
  ALERT_PERCENT,
  burnsOf,
  burnsToTell,
  LEAST_LOST,
  missesOf,
  REPORT_PERCENT,
  unjudged,
} from '../../../core/meter/cache-burn';
import { ratioText, WRITES_PERCENT } from '../../../core/meter/cache-amounts';
import type { CacheBurn, CacheUse } from '../../../core/meter/cache-types';
import type { UsageResolution } from '../../../core/meter/types';
import { nanoUsd, percentOf, usd, ZERO, type NanoUsd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { at, series } from '../../helpers/meter-world';
import { CLAUDE, every, hours, priced, use } from './caches';

const NOW = at('2026-11-10T12:30');
const M = 1_000_000;
const only = (found: CacheUse | undefined) => found!.burns[0]!;
const lately = (found: CacheUse | undefined) => found!.lately[0]!;

describe('what a cache cost beyond the same tokens without one', () => {
  test('is writes at what they cost more than input, less reads at what they save; each write at the dearer price', () => {
    // 10M written, 1M read: 10 × $1.00 - 1 × $0.90 at the 1-hour price, 10 × $0.25 - $0.90 at the 5-minute one.
    const found = only(use(NOW, hours({ '2026-11-09T10:00': { write: 10 * M, read: M, input: M, output: M } })));
    expect(found).toMatchObject({
      metricId: 'abc123',
      region: 'us-east-1',
      tokens: { input: M, output: M, cacheRead: M, cacheWrite: 10 * M },
      readsPerWrite: 0.1,
      lost: usd('9.1'),
      lostAtLeast: usd('1.6'),
      spend: usd('26.1'),
      from: at('2026-11-01T00:00'),
      to: NOW,
    });
    expect(found.breakEven).toBeCloseTo(0.25 / 0.9, 12);
    expect(found.writesPercent).toBeCloseTo((20 / 26.1) * 100, 6);
  });

  test('trap 21: whichever of the two spellings CloudWatch answers with', () => {
    const named = (write: string, read: string) =>
      use(NOW, [
        series({ metric: write }, [['2026-11-09T10:00', 10 * M]]),
        series({ metric: read }, [['2026-11-09T10:00', M]]),
      ]);
    const long = named('CacheWriteInputTokenCount', 'CacheReadInputTokenCount');
    expect(only(long).lost).toBe(usd('9.1'));
    expect(named('CacheWriteInputTokens', 'CacheReadInputTokens')).toEqual(long);
  });

  test('of the dear tiers counts twice, as they are charged, and the ratio stays', () => {
    const byHour = { '2026-11-09T10:00': { write: 10 * M, read: M } };
    const plain = only(use(NOW, hours(byHour)));
    const dear = only(
      use(NOW, hours(byHour, { ModelId: 'abc123', ServiceTier: 'priority', ResolvedServiceTier: 'priority' })),
    );
    expect(dear.lost).toBe(2 * plain.lost);
    expect([dear.readsPerWrite, dear.breakEven, dear.writesPercent]).toEqual([
      plain.readsPerWrite,
      plain.breakEven,
      plain.writesPercent,
    ]);
  });

  test('is exact below a nano-dollar, and rounded up once', () => {
    const price = { ...CLAUDE, cacheWrite: picoUsdPerToken('1.000001'), cacheWrite5m: picoUsdPerToken('1.000001') };
    // A pico-dollar a token.
    const lost = (write: number) => only(use(NOW, hours({ '2026-11-09T10:00': { write } }), priced(price))).lost;
    expect([1, 1_000, 1_001].map(lost)).toEqual([1, 1, 2]);
  });

  test('a count beyond belief is kept within what the table takes', () => {
    const found = only(use(NOW, hours({ '2026-11-09T10:00': { write: 1e300 } })));
    expect(found.lost).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
    expect(found.tokens.cacheWrite).toBe(Number.MAX_SAFE_INTEGER);
  });
});

describe('a burn is', () => {
  // 0.25/0.9 of 900 is 250: the break-even of 5-minute writes.
  test.each([
    ['just below the break-even of 5-minute writes', 249, true],
    ['at it', 250, false],
    ['above it', 251, false],
  ])('what loses even at the cheapest price of a write: reads %s', (_, read, isBurn) => {
    const found = use(NOW, hours({ '2026-11-09T10:00': { write: 900 * M, read: read * M } }));
    expect((found?.burns.length ?? 0) > 0).toBe(isBurn);
  });

  test.each([
    ['just below a quarter', 0.000_01, false],
    ['a quarter', 0, true],
    ['above', -0.000_01, true],
  ])('where writes are %s of what the model costs', (_, more, isBurn) => {
    // 10M writes are $20; the rest of the spend is output.
    const output = Math.round((20 * (100 / WRITES_PERCENT - 1) * M * (1 + more)) / 5);
    const found = use(NOW, hours({ '2026-11-09T10:00': { write: 10 * M, output } }));
    expect(found !== undefined).toBe(isBurn);
  });

  test('none where nothing is written, whatever is read or sent', () => {
    expect(use(NOW, hours(every('2026-11-01T00:00', '2026-11-10T12:00', { input: 9 * M, read: M })))).toBeUndefined();
    expect(use(NOW, hours({ '2026-11-09T10:00': { write: 0, read: M } }))).toBeUndefined();
  });

  test.each<[string, UsageResolution['classes'][string]]>([
    ["another environment's", { kind: 'foreign', owner: 'staging' }],
    ["nobody's", { kind: 'unguarded' }],
  ])('never %s', (_, whose) => {
    const resolution = { ...priced(), classes: { abc123: whose } };
    expect(use(NOW, hours({ '2026-11-09T10:00': { write: 10 * M } }), resolution)).toBeUndefined();
  });

  test('found also in a model that only the price library knows', () => {
    const resolution: UsageResolution = {
      ...priced(),
      classes: { abc123: { kind: 'listed', modelId: 'anthropic.other', price: CLAUDE } },
    };
    expect(only(use(NOW, hours({ '2026-11-09T10:00': { write: 10 * M } }), resolution))).toMatchObject({
      modelId: 'anthropic.other',
      lost: usd(10),
    });
  });
});

describe('unknown is said, and never a burn', () => {
  const writes = hours({ '2026-11-09T10:00': { write: 10 * M } });
  test.each([
    [
      'no cache by its price list',
      { ...CLAUDE, cacheWrite: 'unsupported' as const },
      'its price list says that it has no cache',
      usd(10),
    ],
    ['no price of a read', { ...CLAUDE, cacheRead: CLAUDE.input }, 'no price of a cache read is known', usd(20)],
    [
      'a price of a write that the library assumes, at twice the input',
      { ...CLAUDE, cacheWrite5m: undefined } as never,
      'no price of a cache write is known',
      usd(20),
    ],
  ])('%s', (_, price, why, counted) => {
    expect(use(NOW, writes, priced(price))).toEqual({
      burns: [],
      lately: [],
      unknown: [{ metricId: 'abc123', region: 'us-east-1', modelId: 'amazon.nova-lite-v1:0', writes: counted, why }],
    });
  });

  test('no price at all, however little it is counted at', () => {
    const found = use(NOW, hours({ '2026-11-09T10:00': { write: 1 } }, { ModelId: 'lost456' }));
    expect(found).toMatchObject({ burns: [], lately: [], unknown: [{ modelId: 'lost456' }] });
    expect(unjudged(found!, usd(1_000_000))).toHaveLength(1);
  });

  test('a ratio that pays for 5-minute writes and not for 1-hour ones, at and between the two break-evens', () => {
    const found = (read: number) => use(NOW, hours({ '2026-11-09T10:00': { write: 900 * M, read: read * M } }));
    expect(found(250)?.unknown[0]?.why).toBe(
      '0.28 reads a write pay where writes live 5 minutes (from 0.28 on) and not where they live an hour (from 1.11 on), and CloudWatch does not tell which they do',
    );
    expect(found(999)?.unknown).toHaveLength(1);
    expect(found(1000)).toBeUndefined();
    expect(found(1001)).toBeUndefined();
  });
});

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

describe('who is told of what', () => {
  const burn = (lost: NanoUsd, more: Partial<CacheBurn> = {}) => ({ lost, ...more }) as CacheBurn;
  const used = (one: CacheBurn): CacheUse => ({ burns: [one], lately: [one], unknown: [] });
  const limit = usd(1000);

  test.each([
    ['report', REPORT_PERCENT, burnsOf],
    ['alert', ALERT_PERCENT, burnsToTell],
  ])('the %s from its percent of the limit on', (_, percent, of) => {
    const line = percentOf(limit, percent);
    const named = [-1, 0, 1].map((more) => of(used(burn(nanoUsd(line + more))), limit).length);
    expect(named).toEqual([0, 1, 1]);
  });

  test.each([
    ['report', burnsOf],
    ['alert', burnsToTell],
  ])('the %s never below a dollar, however small the limit', (_, of) => {
    const named = [-1, 0, 1].map((more) => of(used(burn(nanoUsd(LEAST_LOST + more))), usd(1)).length);
    expect(named).toEqual([0, 1, 1]);
  });

  test('the alert also by what the earlier ratio would have saved', () => {
    const line = percentOf(limit, ALERT_PERCENT);
    const named = [-1, 0].map(
      (more) => burnsToTell(used(burn(ZERO, { aboveBefore: nanoUsd(line + more) })), limit).length,
    );
    expect(named).toEqual([0, 1]);
  });

  test('a cache that nobody can judge, where its writes matter', () => {
    const writes = (amount: number): CacheUse => ({
      burns: [],
      lately: [],
      unknown: [{ metricId: 'a', region: 'b', modelId: 'c', why: 'd', writes: nanoUsd(amount) }],
    });
    const line = percentOf(limit, REPORT_PERCENT);
    expect([line - 1, line].map((amount) => unjudged(writes(amount), limit).length)).toEqual([0, 1]);
  });

  test('the dearest five of many, by what they lost', () => {
    const ids = ['a1', 'b2', 'c3', 'd4', 'e5', 'f6', 'g7'];
    const classes = Object.fromEntries(ids.map((id) => [id, priced().classes['abc123']!]));
    const all = ids.flatMap((id, index) => hours({ '2026-11-09T10:00': { write: (index + 1) * M } }, { ModelId: id }));
    const found = use(NOW, all, { ...priced(), classes })!;
    expect(found.burns.map(({ metricId }) => metricId)).toEqual(['g7', 'f6', 'e5', 'd4', 'c3']);
  });
});

test.each([
  [0, '0'],
  [0.004, 'less than 0.01'],
  [0.2777, '0.28'],
  [2, '2'],
  [9.994, '9.99'],
  [12.4, '12'],
])('a ratio of %d is said as %s', (ratio, text) => {
  expect(ratioText(ratio)).toBe(text);
});
