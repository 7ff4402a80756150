import { fitting, heldUp, refusal } from '../../../core/ledger/refusal';
import { nanoUsd, usd } from '../../../core/money';
import { utcMonth } from '../../../core/calendar';

const END = Date.parse('2026-12-01T00:00:00Z');
const period = utcMonth(END - 1);

describe('which calls fit, first come, first served', () => {
  test.each([
    ['all, to the last nano-dollar', [3, 7], 10, [true, true]],
    ['one nano-dollar short', [3, 8], 10, [true, false]],
    ['a smaller one behind one that does not', [3, 8, 7, 1], 10, [true, false, true, false]],
    ['nothing remains', [1], 0, [false]],
    ['a call of nothing where nothing remains', [0], 0, [true]],
    ['not even that under a lowered limit', [0], -1, [false]],
  ])('%s', (_, amounts, available, fits) => {
    expect(fitting(amounts.map(nanoUsd), nanoUsd(available))).toEqual(fits);
  });
});

describe('a refusal for want of budget', () => {
  const view = { limit: usd(100), spent: usd(60), remaining: usd(5), period, callSeconds: 3 };

  test.each([
    ['soft: to the time of a call', usd(40), 60_000, true, 3],
    ['hard: to the next month', nanoUsd(usd(40) + 1), 60_000, false, 60],
    ['soft, but the month ends sooner', usd(40), 2000, true, 2],
    ['parts of a second count as one', usd(50), 1001, false, 2],
    ['at least a second', usd(50), 0, false, 1],
    ['at least a second for a soft one too', usd(40), -5000, true, 1],
  ])('%s', (_, amount, untilEnd, soft, retryAfterSeconds) => {
    expect(refusal(amount, { ...view, now: END - untilEnd })).toEqual({
      ...{ kind: 'refused', soft, retryAfterSeconds, remaining: usd(5) },
    });
  });
});

test.each([
  [0, 1],
  [1000, 1],
  [1001, 2],
])('%d ms until the hour is over: come back after %d s', (ms, retryAfterSeconds) => {
  expect(heldUp(ms, usd(5))).toEqual({
    ...{ kind: 'refused', soft: false, unsettled: true, retryAfterSeconds, remaining: usd(5) },
  });
});
