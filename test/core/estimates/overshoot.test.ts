import {
  mustAcknowledge,
  overshoot,
  overshootLines,
  worstCaseRate,
  type OvershootInput,
} from '../../../core/estimates/overshoot';
import { usd } from '../../../core/money';
import { PRICE } from '../../helpers/meter-world';

const assumptions = {
  longestGenerationMinutes: 5,
  metricDelayMinutes: 2,
  tickMinutes: 1,
  enforcementMinutes: 1,
  cacheReadPerQuotaToken: 1,
};
const quota = (tokensPerMinute: number, burndown: number) => ({ tokensPerMinute, burndown, source: 'a page, a date' });
const one = (over: Partial<OvershootInput['models'][number]>, limit = usd(100)) =>
  overshoot({ models: [{ id: 'm', price: PRICE, ...over }], limit, assumptions });

describe('trap 20: the rate is the dearest use of the quota, and cache reads beside it', () => {
  test.each([
    ['output at 1x', 1, '4.1'],
    ['output at 2x is still dearer than a cache write', 2, '2.1'],
    ['at 5x a cache write is', 5, '1.35'],
    ['at 15x too', 15, '1.35'],
  ])('%s', (_name, burndown, rate) => {
    expect(one({ quota: quota(1_000_000, burndown) }).known).toMatchObject({ perMinute: usd(rate) });
  });
  test('a model without a cache', () => {
    const { known } = one({
      quota: quota(1_000_000, 15),
      price: { ...PRICE, cacheRead: 'unsupported', cacheWrite: 'unsupported' },
    });
    expect(known).toMatchObject({ perMinute: usd(1), amount: usd(9), percentOfLimit: 9 });
  });
});

test('the models are added; one without a quota makes the worst case unknown', () => {
  const both = overshoot({
    models: [
      { id: 'm', price: PRICE, quota: quota(1_000_000, 5) },
      { id: 'n', price: PRICE },
    ],
    limit: usd(100),
    assumptions,
  });
  expect(both.known).toMatchObject({ perMinute: usd('1.35'), amount: usd('12.15') });
  expect([both.unknownModels, worstCaseRate(both), worstCaseRate(one({ quota: quota(1_000_000, 5) }))]).toEqual([
    ['n'],
    'unknown',
    usd('1.35'),
  ]);
  expect(overshootLines('dev', both)).toEqual([
    'dev: estimated overshoot of the meter $12.15, 12.2% of $100.00, and more by the models whose quota is unknown',
    '  within 9 minutes: longest generation 5, metric delay 2, tick 1, enforcement 1',
    '  1 cached tokens read for each token of quota (cache reads use no quota)',
    '  m: $1.35 a minute (a page, a date)',
    '  n: quota unknown, so is its part of the overshoot',
  ]);
});

test('no quota known: unknown, not zero, and nothing to acknowledge', () => {
  const none = one({});
  expect([none.known, worstCaseRate(none), mustAcknowledge(none)]).toEqual(['unknown', 'unknown', false]);
  expect(overshootLines('dev', none)[0]).toBe('dev: overshoot of the meter unknown: no model has a known quota');
});

test.each([
  ['12.16', false],
  ['12.15', false],
  ['12.14', true],
])('with a limit of $%s it must be acknowledged: %s', (limit, expected) => {
  expect(mustAcknowledge(one({ quota: quota(1_000_000, 5) }, usd(limit)))).toBe(expected);
});
