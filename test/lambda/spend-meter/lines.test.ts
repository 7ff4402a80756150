import { usd } from '../../../core/money';
import { parseSpendMeterEnv } from '../../../lambda/spend-meter/env';
import { VARIABLES } from '../../helpers/spend-meter-world';

const linesWith = (over: object) =>
  parseSpendMeterEnv({ ...VARIABLES, LINES: JSON.stringify({ ...(JSON.parse(VARIABLES.LINES) as object), ...over }) })
    .LINES;

test('a day and an hour are percentages of the limit, whenever that is known', () => {
  const percents = { dailyLimitPercent: 20, hourlyBrakePercent: 12.5 };
  expect(linesWith({ ...percents, limit: usd(50) })).toMatchObject({ dailyLimit: usd(10), hourlyBrake: usd(6.25) });
  expect(linesWith({ ...percents, limit: usd(80) })).toMatchObject({ dailyLimit: usd(16), hourlyBrake: usd(10) });
});

test.each([
  ['1000000000', usd(1)],
  ['50000000000', usd(50)],
  ['1000000000000000', usd(1_000_000)],
])('a limit that is text of digits, as a parameter of a template gives it: %s', (limit, expected) => {
  expect(linesWith({ limit }).limit).toBe(expected);
});

test.each([
  '',
  '0',
  '000000000',
  '050000000000',
  '1e3',
  '-1',
  '5.5',
  ' 50',
  'unknown',
  '12345678901234567',
  0,
  null,
  1.5,
])('a limit of %j is refused by name: it is never taken for $0, nor for none', (limit) => {
  expect(() => linesWith({ limit })).toThrow(/LINES\.limit \(a whole number of nano-dollars above 0\)/);
});

test.each(['dailyLimitPercent', 'hourlyBrakePercent'])('without %s the function does not start', (name) => {
  expect(() => linesWith({ [name]: undefined })).toThrow(new RegExp(`LINES\\.${name}`));
});
