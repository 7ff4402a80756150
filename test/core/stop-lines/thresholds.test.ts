import fc from 'fast-check';
import { nanoUsd, usd } from '../../../core/money';
import { crossed, type Threshold } from '../../../core/stop-lines/thresholds';

const thresholds: readonly Threshold[] = [
  { atPercent: 95, effect: 'stop', basis: 'actual' },
  { atPercent: 50, effect: 'notify', basis: 'actual' },
  { atPercent: 98, effect: 'notify', basis: 'actual' },
  { atPercent: 100, effect: 'notify', basis: 'forecast' },
];

test.each([
  ['24.999999999', []],
  ['25', [50]],
  ['25.000000001', [50]],
  ['47.499999999', [50]],
  ['47.5', [50, 95]],
  ['60', [50, 95, 98]],
])('at $%s of $50 the thresholds %p are crossed', (spend, percents) => {
  expect(crossed(usd(spend), usd(50), thresholds).map(({ atPercent }) => atPercent)).toEqual(percents);
});

test('property: more spend never crosses fewer thresholds', () => {
  fc.assert(
    fc.property(fc.nat(10 ** 12), fc.nat(10 ** 12), (a, b) => {
      const less = crossed(nanoUsd(Math.min(a, b)), usd(50), thresholds).length;
      expect(crossed(nanoUsd(Math.max(a, b)), usd(50), thresholds).length).toBeGreaterThanOrEqual(less);
    }),
  );
});
