import { type UtcMonth } from '../../../core/calendar';
import { ServiceError } from '../../../core/errors';
import { at } from '../../helpers/meter-world';
import { costCheck, NOW } from './harness';
import { billed, inputOf, metered } from './metered';

describe('unknown is never zero', () => {
  const items = billed(['2026-11-14', '20'], ['2026-11-20', '20']);
  const spend = [
    ['2026-11-14', 1],
    ['2026-11-20', 1],
  ] as const;
  type Check = ReturnType<typeof costCheck>;

  test.each<[string, (check: Check) => void, RegExp]>([
    ['an incomplete answer of CloudWatch', ({ usage }) => usage.failures.set('us-east-1', 'incomplete'), /PartialData/],
    ['a throttle', ({ usage }) => usage.failures.set('us-east-1', 'throttled'), /ThrottlingException from AWS/],
    [
      'profiles that cannot be listed',
      ({ profiles }) => (profiles.failure = new ServiceError('accessDenied', 'AccessDeniedException', 'no')),
      /AccessDeniedException from AWS/,
    ],
    [
      'a state table that cannot be read',
      ({ meter }) => (meter.failure = new ServiceError('unavailable', 'InternalServerError', 'down')),
      /InternalServerError from AWS/,
    ],
    [
      'a point that had to be left out',
      ({ usage }) => usage.record(inputOf('litelitelite'), at('2026-11-15T12:00'), -1),
      /a negative count: left out/,
    ],
  ])(
    'bill known, meter unknown by %s: no day is compared, nothing is calibrated, and the report goes out',
    async (_what, harm, why) => {
      const check = metered({ now: NOW, items }, spend);
      harm(check);
      const result = await check.scheduled();
      if (result.kind !== 'reported') throw new Error(result.kind);
      const { comparison } = result.report.meter;
      expect(comparison.days).toEqual([]);
      expect(comparison.notCompared[0]!.why).toMatch(why);
      expect(check.metrics.latest('MeterDrift')).toBeUndefined();
      expect(result.mailed).toBe(true);
      check.meter.failure = undefined;
      expect(await check.meter.calibration()).toBeUndefined();
    },
  );

  test('one Region of two that cannot be read makes the day unknown, not smaller', async () => {
    const world = { now: NOW, items, variables: { METER_REGIONS: '["us-east-1","eu-west-1"]' } };
    const check = metered(world, spend);
    const series = [inputOf('litelitelite'), inputOf('litelitelite', 'eu-west-1')];
    await check.meter.saveSeries({ month: '2026-11' as UtcMonth, series, profiles: {} });
    check.usage.failures.set('eu-west-1', 'incomplete');
    expect((await check.onDemand()).meter.comparison.days).toEqual([]);
  });

  test('meter known, bill unknown: the answer by model alone fails, and the month by model is unknown with it', async () => {
    let calls = 0;
    const failure = () =>
      ++calls > 1 ? { why: 'Cost Explorer answers ServiceUnavailable', retryable: true } : undefined;
    const check = metered({ now: NOW, items, failure }, spend);
    const report = await check.onDemand();
    const why = 'Cost Explorer answers ServiceUnavailable';
    expect(report.bill).toMatchObject({ kind: 'known', byModel: { kind: 'unavailable', why } });
    expect(report.meter.comparison).toMatchObject({ days: [], drift: [] });
    expect(report.meter.comparison.notCompared).toHaveLength(7);
    expect(report.meter.comparison.notCompared[0]!.why).toBe('the bill: Cost Explorer answers ServiceUnavailable');
  });

  test('meter known, nothing on the bill at all', async () => {
    const { comparison } = (await metered({ now: NOW }, spend).onDemand()).meter;
    expect(comparison.days).toEqual([]);
    expect(comparison.notCompared[0]!.why).toBe('the bill: no line of this environment');
  });

  test('trap 45: a bill in another currency is not compared', async () => {
    const { comparison } = (await metered({ now: NOW, items, currency: 'BRL' }, spend).onDemand()).meter;
    expect(comparison.days).toEqual([]);
    expect(comparison.notCompared[0]!.why).toMatch(/the bill is in BRL/);
  });

  test('the days’ own answer in another currency is not compared either', async () => {
    const check = metered({ now: NOW, items }, spend);
    const asked = check.costExplorer.costs.bind(check.costExplorer);
    check.costExplorer.costs = async (query) => {
      const answer = await asked(query);
      const isDaily = query.granularity === 'DAILY' && query.groupBy.some(({ kind }) => kind === 'USAGE_TYPE');
      if (answer.kind === 'unavailable' || !isDaily) return answer;
      return { ...answer, rows: answer.rows.map((row) => ({ ...row, currency: 'INR' })) };
    };
    expect((await check.onDemand()).meter.comparison.notCompared[0]!.why).toMatch(/in INR, not in USD/);
  });
});
