import { pacedTicks, type PacedInput } from '../../../core/meter/paced-ticks';
import { usd } from '../../../core/money';
import { THRESHOLDS } from '../../helpers/meter-world';

/** $100 a month, the limits of the day and the hour as shipped. */
const INPUT: PacedInput = {
  ...{ limit: usd(100), thresholds: THRESHOLDS, stopAtPercent: 95, dailyLimit: usd(20), hourlyBrake: usd(10) },
  ...{ worstCaseRatePerMinute: 'unknown', mostACall: usd('0.5') },
  ...{ metricDelayMinutes: 2, longestGenerationMinutes: 10, delayMinutes: 4 },
  ...{ canary: true, callsPerMinute: 0, costPerCall: usd('0.005') },
};

/** A call of half a cent, so many as spend the limit evenly. */
const EVENLY = { callsPerMinute: 100 / 0.005 / 44_640 };

test.each<[string, Partial<PacedInput>, object]>([
  ['nobody but the canary: a read each hour, and a word every four minutes', {}, { reads: 1, writes: 15 }],
  ['as it was: each minute while a call counts as activity, and three reads', { mostACall: 'unknown' }, { reads: 15 }],
  ['calls that spend the limit evenly', EVENLY, { reads: 4, writes: 16 }],
  ['as it was', { ...EVENLY, mostACall: 'unknown' }, { reads: 60, writes: 60 }],
  [
    'as it was with a worst case that reaches nothing',
    { ...EVENLY, mostACall: 'unknown', worstCaseRatePerMinute: usd('0.01') },
    { reads: 12 },
  ],
  [
    'calls so small that they are many: they could be large ones',
    { costPerCall: usd('0.0005'), callsPerMinute: 4.48 },
    { reads: 60 },
  ],
  ['without a canary, and no call ever: no gate', { canary: false }, { reads: 60 }],
])('%s', (_name, over, expected) => {
  expect(pacedTicks({ ...INPUT, ...over })).toMatchObject(expected);
});
