import type { UtcDay } from '../../../core/calendar';
import { boundedCalibration, calibrationOf, drift, type ComparedDay } from '../../../core/meter/calibration';
import { usd } from '../../../core/money';
import { at } from '../../helpers/meter-world';

const NOW = at('2026-11-10T00:00');
const day = (date: number, meter: number | string, bill: number | string, modelId = 'm'): ComparedDay => ({
  day: `2026-11-0${date}` as UtcDay,
  modelId,
  meter: usd(meter),
  bill: usd(bill),
});

test.each([
  [0.5, 1],
  [1, 1],
  [1.01, 1.01],
  [1.5, 1.5],
  [1.51, 1.5],
  [Number.NaN, 1],
  [Number.POSITIVE_INFINITY, 1.5],
])('a factor of %s counts as %s', (factor, expected) => {
  expect(boundedCalibration(factor)).toBe(expected);
});

test.each<[string, readonly ComparedDay[], number]>([
  ['nothing compared', [], 1],
  ['the bill is lower', [day(1, 10, 8)], 1],
  ['the bill is higher', [day(1, 10, 12)], 1.2],
  ['rounded up', [day(1, 3, '3.1')], 1.04],
  ['bounded', [day(1, 10, 90)], 1.5],
  ['a meter that sees nothing is not multiplied', [day(1, 0, 90)], 1],
  ['cents say nothing', [day(1, '0.1', '0.99')], 1],
  ['less than $1 says nothing', [day(1, '0.8', '0.999999999')], 1],
  ['$1 does', [day(1, '0.8', 1)], 1.25],
  ['a day 48 hours old counts', [day(7, 10, 12)], 1.2],
  ['a younger one does not', [day(8, 10, 12)], 1],
])('calibration: %s', (_name, days, expected) => {
  expect(calibrationOf(days, NOW)).toBe(expected);
});

test.each<[string, readonly ComparedDay[], boolean]>([
  ['two days above 10% and $1', [day(1, 10, '11.2'), day(2, 10, 15)], true],
  ['the meter may be the higher one', [day(1, 15, 10), day(2, 15, 10)], true],
  ['one day', [day(1, 10, 15)], false],
  ['the same day twice', [day(1, 10, 15), day(1, 10, 16)], false],
  ['10% exactly', [day(1, 22, 20), day(2, 22, 20)], false],
  ['$1 exactly', [day(1, 2, 1), day(2, 2, 1)], false],
  ['a second day that is too young', [day(1, 10, 15), day(8, 10, 15)], false],
  ['two models, a day each', [day(1, 10, 15), day(2, 10, 15, 'n')], false],
  ['no bill at all', [day(1, 5, 0), day(2, 5, 0)], true],
])('trap 33, drift: %s', (_name, days, expected) => {
  expect(drift(days, NOW).map(({ modelId }) => modelId)).toEqual(expected ? ['m'] : []);
  expect(drift(days.toReversed(), NOW)).toEqual(drift(days, NOW));
});

test('models that drift are in order of their ids, and their days the oldest first, whatever the order they came in', () => {
  const drifts = ['l', 'm', 'n'].flatMap((modelId) => [1, 2, 3].map((date) => day(date, 10, 15, modelId)));
  const mixed = [4, 8, 0, 5, 2, 7, 3, 6, 1].flatMap((index) => drifts[index] ?? []);
  for (const days of [drifts, drifts.toReversed(), mixed]) {
    expect(drift(days, NOW)).toEqual(
      ['l', 'm', 'n'].map((modelId) => ({ modelId, days: drifts.filter((one) => one.modelId === modelId) })),
    );
  }
});
