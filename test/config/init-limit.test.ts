import * as fc from 'fast-check';
import { DEFAULTS } from '../../config/defaults';
import { proposedLimitUsd } from '../../config/init-limit';
import { DAY_MS } from '../../core/calendar';
import { nanoUsd, percentOf, usd, type NanoUsd } from '../../core/money';

const TWO_WEEKS = 14 * DAY_MS;
const proposed = (total: string, day = '0', hour = '0', windowMs = TWO_WEEKS) =>
  proposedLimitUsd({ byId: [], total: usd(total), busiestDay: usd(day), busiestHour: usd(hour) }, windowMs);

test.each([
  ['nothing: the least that is sensible', '0', '0', '0', 1],
  ['a month of 31 days at this pace, under the stop line, with half as much again', '14', '0', '0', 49],
  ['rounded up to two digits', '140', '0', '0', 490],
  ['and not down', '144', '0', '0', 510],
  ['the dearest day is a fifth of it', '1', '10', '0', 75],
  ['the dearest hour is a tenth of it', '1', '1', '10', 150],
  ['never more than the config takes', '9000000', '0', '0', 1_000_000],
])('%s', (_, total, day, hour, expected) => {
  expect(proposed(total, day, hour)).toBe(expected);
});

test('half the time means twice the pace', () => {
  expect(proposed('14', '0', '0', 7 * DAY_MS)).toBe(98);
});

test('whatever was used, no line of the defaults would have stopped it', () => {
  const amount = fc.integer({ min: 0, max: 9_000 * 1e9 }).map((nano) => nanoUsd(nano));
  fc.assert(
    fc.property(amount, amount, amount, (total, day, hour) => {
      const [busiestHour = total, busiestDay = total, most = total] = [total, day, hour].sort((a, b) => a - b);
      const limit = usd(proposedLimitUsd({ byId: [], total: most, busiestDay, busiestHour }, TWO_WEEKS));
      expect(Number(most) * (31 / 14)).toBeLessThan(percentOf(limit, DEFAULTS.stopAtPercent));
      expect(busiestDay).toBeLessThan(percentOf(limit, DEFAULTS.dailyLimitPercent));
      expect(busiestHour).toBeLessThan(percentOf(limit, DEFAULTS.runawayBrakePercentPerHour));
      const dollars: NanoUsd = limit;
      expect(dollars % 1e9).toBe(0);
    }),
  );
});
