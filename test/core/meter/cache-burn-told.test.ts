import {
  ALERT_PERCENT,
  burnsOf,
  burnsToTell,
  LEAST_LOST,
  REPORT_PERCENT,
  unjudged,
} from '../../../core/meter/cache-burn';
import { ratioText } from '../../../core/meter/cache-amounts';
import type { CacheBurn, CacheUse } from '../../../core/meter/cache-types';
import { nanoUsd, percentOf, usd, ZERO, type NanoUsd } from '../../../core/money';
import { hours, M, NOW, priced, use } from './caches';

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
