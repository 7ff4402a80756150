import shipped from '../../config/budget-tiers';
import { loadGuard } from '../../config/load';
import { ConfigError } from '../../config/problems';
import type { GuardInput } from '../../config/schema';

const NOW = Date.parse('2026-11-23T00:00:00Z');

function load(values: object, top: object = {}) {
  const dev = { ...shipped.environments['dev'], ...values };
  return loadGuard({ ...shipped, ...top, environments: { dev } } as GuardInput, NOW);
}

function problemsOf(values: object, top: object = {}): string[] {
  try {
    load(values, top);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ path, text }) => `${path}: ${text}`);
  }
  return [];
}

const meterOf = (values: object) => load(values).environments[0]!.meter;

test('what is left out has a value: enforced, page when blind, own Region, an hour of grace', () => {
  expect(meterOf({})).toMatchObject({
    enforce: true,
    onBlind: 'page',
    unknownAfterMinutes: 15,
    graceMinutes: 60,
    regions: ['us-east-1'],
    activityAlarm: true,
    stopBatchJobs: true,
  });
});

test('keepState follows the class unless it is said', () => {
  const keep = (values: object) => load(values).environments[0]!.keepState;
  expect([keep({}), keep({ keepState: true }), keep({ class: 'production', billAction: 'none' })]).toEqual([
    false,
    true,
    true,
  ]);
});

test.each([
  [{ meterRegions: ['us-west-2'] }, /meterRegions: must contain the environment's own Region, us-east-1/],
  [
    { meterRegions: ['us-east-1', 'mars-1'] },
    /meterRegions\[1\]: must be an AWS Region such as us-east-1, got 'mars-1'/,
  ],
  [{ meterRegions: ['us-east-1', 'us-east-1'] }, /meterRegions\[1\]: repeats \[0\]/],
  [{ meterRegions: [] }, /meterRegions/],
  [{ onBlind: 'ignore' }, /onBlind/],
  [{ unknownAfterMinutes: 4 }, /unknownAfterMinutes/],
  [{ graceMinutes: -1 }, /graceMinutes/],
  [{ enforce: 'no' }, /enforce/],
  [{ overshoot: { metricDelayMinutes: 0 } }, /metricDelayMinutes/],
  [{ overshoot: { delay: 1 } }, /delay/],
])('%j is refused, by name', (values, expected) => {
  expect(problemsOf(values).join('\n')).toMatch(expected);
});

describe('the overshoot estimate', () => {
  test('above 100% of the limit it must be accepted, with a reason; the notice repeats it', () => {
    expect(problemsOf({ acceptOvershoot: undefined })).toEqual([
      expect.stringMatching(
        /^environments\.dev\.acceptOvershoot: must say why that is acceptable, as the overshoot estimate is \$\d+\.\d\d, 129% of the limit/,
      ),
    ]);
    expect(load({}).notices.some(({ text }) => text.includes('Accepted: the account could'))).toBe(true);
  });

  test('at a limit that it does not exceed nothing has to be said', () => {
    expect(problemsOf({ acceptOvershoot: undefined, monthlyLimitUsd: 65 })).toEqual([]);
    expect(problemsOf({ acceptOvershoot: undefined, monthlyLimitUsd: 64 })).toHaveLength(1);
  });

  test('shorter assumptions make a smaller estimate', () => {
    const { known } = meterOf({ overshoot: { longestGenerationMinutes: 0 } }).overshoot;
    expect(known !== 'unknown' && known.percentOfLimit).toBeLessThan(50);
  });

  test("a quota is unknown until the account's own is given, with its source", () => {
    const model = 'qwen.qwen3-coder-next';
    expect(meterOf({}).overshoot.unknownModels).toEqual([model]);
    const quotas = { [model]: { tokensPerMinute: 100_000, burndown: 1, source: 'Service Quotas console, 2026-11-23' } };
    expect(load({}, { quotas }).environments[0]!.meter.overshoot.unknownModels).toEqual([]);
    expect(problemsOf({}, { quotas: { [model]: { tokensPerMinute: 0, burndown: 1, source: 'x' } } })).toHaveLength(1);
    expect(problemsOf({}, { quotas: { 'no.such': quotas[model] } })).toEqual([
      expect.stringContaining('quotas.no.such: is not a model of any environment'),
    ]);
  });
});

test('a dry run is announced', () => {
  expect(load({ enforce: false }).notices.some(({ text }) => text.includes('a dry run'))).toBe(true);
});
