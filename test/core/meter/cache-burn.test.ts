import { unjudged } from '../../../core/meter/cache-burn';
import { WRITES_PERCENT } from '../../../core/meter/cache-amounts';
import type { UsageResolution } from '../../../core/meter/types';
import { usd } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { at, series } from '../../helpers/meter-world';
import { CLAUDE, every, hours, M, NOW, only, priced, use } from './caches';

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

  test('nothing of a model that writes no cache, whatever of its prices is unknown', () => {
    const plain = { '2026-11-09T10:00': { input: 9 * M, read: M, write: 0 } };
    expect(use(NOW, hours(plain, { ModelId: 'lost456' }))).toBeUndefined();
    expect(use(NOW, hours(plain), priced({ ...CLAUDE, cacheRead: 'unsupported' }))).toBeUndefined();
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
