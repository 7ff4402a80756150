import type { KnownAssessment, UsageClass, UsageResolution } from '../../../core/meter/types';
import { usd, ZERO } from '../../../core/money';
import { picoUsdPerToken } from '../../../core/prices';
import { MODEL, reading, series, USAGE } from '../../helpers/meter-world';
import { knownOf, M, NOW } from './assessed';

describe('trap 39: whose usage it is', () => {
  const of = (modelId: string) => series({ modelId }, [['2026-11-10T12:00', 900 * M]]);
  test('a neighbour who spends $900 is reported and never counted', () => {
    const result = knownOf(reading(NOW, of('neighbour'), series({}, [['2026-11-10T12:00', M]])));
    expect(result.monthToDate).toBe(usd(1));
    expect(result.lastHour).toBe(usd(1));
    expect(result.foreign).toMatchObject([{ owner: 'staging', tokens: { input: 900 * M } }]);
  });
  test('use without a profile in a shared account is reported, not counted', () => {
    const result = knownOf(reading(NOW, of('amazon.nova-lite-v1:0')));
    expect(result.monthToDate).toBe(ZERO);
    expect(result.unguarded).toMatchObject([{ metricId: 'amazon.nova-lite-v1:0', owner: 'nobody' }]);
  });
  test('an id that was not resolved is a finding in a shared account', () => {
    const result = knownOf(reading(NOW, of('who')));
    expect(result.monthToDate).toBe(ZERO);
    expect(result).toMatchObject({ lowerBound: true, findings: [{ kind: 'unresolved' }] });
  });
  test('and counts at the dearest rate in an account of its own', () => {
    const result = knownOf(reading(NOW, of('who')), undefined, NOW, { ...USAGE, metering: 'account' });
    expect(result.monthToDate).toBe(usd(9000));
  });
});

describe('trap 47: what the configuration does not name', () => {
  const used = (modelId: string) =>
    ['InputTokenCount', 'OutputTokenCount'].map((metric) => series({ metric, modelId }, [['2026-11-10T12:00', M]]));
  test('has no price anywhere: charged at the dearest known rate, and the figures are a lower bound that names it', () => {
    const result = knownOf(reading(NOW, ...used('lost456')));
    expect(result.monthToDate).toBe(usd(60));
    expect(result.unattributed).toMatchObject([{ metricId: 'lost456', tier: 'unknown' }]);
    expect(result.lowerBound).toBe(true);
    expect(result.findings).toEqual([
      {
        kind: 'unlisted',
        understates: true,
        text: 'us-east-1 lost456: no price is known: counted at the dearest known rate',
      },
    ]);
  });
  test('without tokens it says nothing', () => {
    expect(knownOf(reading(NOW, series({ modelId: 'lost456' }, [['2026-11-10T12:00', 0]]))).findings).toEqual([]);
  });
  test('is listed: charged at its own price, under its model, of no tier, and no lower bound', () => {
    const opus = { input: picoUsdPerToken(15), output: picoUsdPerToken(75) };
    const price = { ...opus, cacheRead: picoUsdPerToken('1.5'), cacheWrite: picoUsdPerToken(30) };
    const usage: UsageResolution = {
      ...USAGE,
      classes: { byhand789: { kind: 'listed', modelId: 'anthropic.claude-opus-4-1-20250805-v1:0', price } },
    };
    const result = knownOf(reading(NOW, ...used('byhand789')), undefined, NOW, usage);
    expect(result.monthToDate).toBe(usd(90));
    expect(result.byModel).toMatchObject([
      { metricId: 'byhand789', modelId: 'anthropic.claude-opus-4-1-20250805-v1:0', tier: 'unknown' },
    ]);
    expect([result.unattributed, result.findings, result.lowerBound]).toEqual([[], [], false]);
  });
});

describe('usage is told by id and Region, in one order whatever the order of the series', () => {
  const used = [
    ['b', 'eu-west-1', 1],
    ['c', 'us-east-1', 5],
    ['a', 'us-east-1', 1],
    ['d', 'eu-west-1', 3],
    ['a', 'eu-west-1', 1],
  ] as const;
  const resultOf = (whose: UsageClass, order: readonly (typeof used)[number][]) => {
    const all = order.map(([modelId, region, millions]) =>
      series({ modelId, region }, [['2026-11-10T12:00', millions * M]]),
    );
    const classes = { a: whose, b: whose, c: whose, d: whose };
    return knownOf(reading(NOW, ...all), undefined, NOW, { ...USAGE, classes });
  };
  const told = (rows: KnownAssessment['byModel' | 'foreign']) =>
    rows.map(({ metricId, region, tokens }) => `${metricId} ${region} ${tokens.input / M}`);
  const DEAREST_FIRST = ['c us-east-1 5', 'd eu-west-1 3', 'a eu-west-1 1', 'a us-east-1 1', 'b eu-west-1 1'];
  const BY_NAME = DEAREST_FIRST.toSorted();

  test.each<[string, UsageClass, 'byModel' | 'unattributed' | 'foreign' | 'unguarded', readonly string[]]>([
    ['what counts: the dearest first', { kind: 'ours', model: MODEL }, 'byModel', DEAREST_FIRST],
    ['without a price: the dearest first', { kind: 'unattributed' }, 'unattributed', DEAREST_FIRST],
    ["a neighbour's: by name", { kind: 'foreign', owner: 'staging' }, 'foreign', BY_NAME],
    ["nobody's: by name", { kind: 'unguarded' }, 'unguarded', BY_NAME],
  ])('%s', (_name, whose, list, expected) => {
    for (const order of [used, used.toReversed()]) expect(told(resultOf(whose, order)[list])).toEqual(expected);
  });
});
