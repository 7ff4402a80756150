import { componentOf, hourlyTokens, metricIdOf } from '../../../core/meter/series';
import type { Series } from '../../../core/meter/types';
import type { UtcMonth } from '../../../core/calendar';
import { at, series } from '../../helpers/meter-world';

const MONTH = '2026-11' as UtcMonth;
const NOW = at('2026-11-10T12:30');
const HOUR = '2026-11-10T11:00';

function tokens(...all: readonly Series[]): number {
  const { usage } = hourlyTokens(all, MONTH, NOW);
  return usage.reduce((sum, { hours }) => sum + [...hours.values()].reduce((a, b) => a + b, 0), 0);
}
const kinds = (...all: readonly Series[]) =>
  hourlyTokens(all, MONTH, NOW).findings.map(({ kind, understates }) => `${kind}${understates ? '!' : ''}`);

describe('trap 21: both spellings, and dimension sets of service tiers', () => {
  const read = (metric: string, value: number, dimensions: Record<string, string> = { ModelId: 'abc123' }) =>
    series({ metric, dimensions }, [[HOUR, value]]);

  test.each([
    ['one spelling', [read('CacheReadInputTokens', 10)], 10],
    ['the other', [read('CacheReadInputTokenCount', 10)], 10],
    ['both: the larger, not the sum', [read('CacheReadInputTokens', 10), read('CacheReadInputTokenCount', 12)], 12],
    ['write, both', [read('CacheWriteInputTokens', 7), read('CacheWriteInputTokenCount', 5)], 7],
  ])('%s', (_name, all, expected) => {
    expect(tokens(...all)).toBe(expected);
  });

  const tier = (name: string, value: number) =>
    read('InputTokenCount', value, { ModelId: 'abc123', ServiceTier: name });
  const both = (name: string, value: number) =>
    read('InputTokenCount', value, { ModelId: 'abc123', ServiceTier: name, ResolvedServiceTier: name });
  test.each([
    ['plain alone', [read('InputTokenCount', 100)], 100],
    ['plain holds the tiers', [read('InputTokenCount', 100), tier('default', 60), tier('flex', 40)], 100],
    ['tiers hold more than plain', [read('InputTokenCount', 50), tier('default', 60), tier('flex', 40)], 100],
    ['tiers alone are added', [tier('default', 60), tier('flex', 40)], 100],
    ['asked for and got, beside asked for', [tier('default', 60), both('default', 60)], 60],
    ['a dear tier counts twice', [tier('priority', 60)], 120],
    ['a tier in the model id', [read('InputTokenCount', 60, { ModelId: 'abc123+flex' })], 60],
    ['a dear tier in the model id', [read('InputTokenCount', 60, { ModelId: 'abc123+priority' })], 120],
  ])('%s', (_name, all, expected) => {
    expect(tokens(...all)).toBe(expected);
    expect(tokens(...all.toReversed())).toBe(expected);
  });

  test('per hour: a dimension set that begins in the middle of the month adds to what came before it', () => {
    const plain = series({}, [
      ['2026-11-01T00:00', 100],
      ['2026-11-02T00:00', 0],
    ]);
    const tiered = series({ dimensions: { ModelId: 'abc123', ServiceTier: 'default' } }, [['2026-11-02T00:00', 30]]);
    expect(tokens(plain, tiered)).toBe(130);
  });
});

test('Mantle counts beside Bedrock, by Model; its projects are added', () => {
  const mantle = (Project: string, value: number) =>
    series({ namespace: 'AWS/BedrockMantle', metric: 'TotalInputTokens', dimensions: { Project, Model: 'm' } }, [
      [HOUR, value],
    ]);
  const runtime = series({ modelId: 'm' }, [[HOUR, 5]]);
  expect(tokens(mantle('a', 10), mantle('b', 20), runtime)).toBe(35);
  expect(metricIdOf(mantle('a', 1).id)).toBe('m');
});

test('Regions are other tokens', () => {
  expect(tokens(series({}, [[HOUR, 10]]), series({ region: 'us-west-2' }, [[HOUR, 20]]))).toBe(30);
});

test('trap 37: Invocations are no tokens, and a sum over all models is not priced beside its parts', () => {
  expect(componentOf(series({ metric: 'Invocations' }, []).id)).toBeUndefined();
  expect(tokens(series({ metric: 'Invocations' }, [[HOUR, 10]]), series({ dimensions: {} }, [[HOUR, 99]]))).toBe(0);
});

describe('bad points are left out, named, and never understate in silence', () => {
  test.each<[string, Series, number, readonly string[]]>([
    [
      'negative',
      series({}, [
        [HOUR, -5],
        ['2026-11-10T10:00', 7],
      ]),
      7,
      ['negative!'],
    ],
    [
      'not a number',
      series({}, [
        [HOUR, Number.NaN],
        ['2026-11-10T10:00', 7],
      ]),
      7,
      ['notANumber!'],
    ],
    ['fraction: up', series({}, [[HOUR, 6.1]]), 7, ['fractional']],
    ['zero', series({}, [[HOUR, 0]]), 0, []],
    ['5 minutes ahead', series({}, [['2026-11-10T12:35', 7]]), 7, []],
    ['beyond that', series({}, [[NOW + 300_001, 7]]), 0, ['future']],
    ['before the month', series({}, [[at('2026-11-01T00:00') - 1, 7]]), 0, ['otherMonth']],
    ['the first hour', series({}, [['2026-11-01T00:00', 7]]), 7, []],
    ['the next month', series({}, [['2026-12-01T00:00', 7]]), 0, ['otherMonth']],
    ['wrong unit', series({}, [[HOUR, 7]], 'Seconds'), 0, ['unit!']],
    ['unit None', series({}, [[HOUR, 7]], 'None'), 7, []],
    ['images have no token price', series({ metric: 'OutputImageCount' }, [[HOUR, 1]]), 0, ['unpriced!']],
  ])('%s', (_name, one, expected, findings) => {
    expect(tokens(one)).toBe(expected);
    expect(kinds(one)).toEqual(findings);
  });
});
