import { componentOf, hourlyTokens, metricIdOf } from '../../../core/meter/series';
import type { Series } from '../../../core/meter/types';
import type { UtcMonth } from '../../../core/calendar';
import { at, series } from '../../helpers/meter-world';

const MONTH = '2026-11' as UtcMonth;
const NOW = at('2026-11-10T12:30');
const HOUR = '2026-11-10T11:00';

function tokens(...all: readonly Series[]): number {
  const { usage } = hourlyTokens(all, MONTH, NOW);
  return usage.reduce((sum, { hours }) => sum + hours.reduce((all, { value }) => all + value, 0), 0);
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
  const got = (ServiceTier: string, ResolvedServiceTier: string, value: number) =>
    read('InputTokenCount', value, { ModelId: 'abc123', ServiceTier, ResolvedServiceTier });
  const both = (name: string, value: number) => got(name, name, value);
  const inId = (name: string, value: number) => read('InputTokenCount', value, { ModelId: `abc123+${name}` });
  test.each([
    ['plain alone', [read('InputTokenCount', 100)], 100],
    ['plain holds the tiers', [read('InputTokenCount', 100), tier('default', 60), tier('flex', 40)], 100],
    ['tiers hold more than plain', [read('InputTokenCount', 50), tier('default', 60), tier('flex', 40)], 100],
    ['tiers alone are added', [tier('default', 60), tier('flex', 40)], 100],
    ['asked for and got, beside asked for', [tier('default', 60), both('default', 60)], 60],
    ['a dear tier counts twice', [tier('priority', 60)], 120],
    ['and so does the other', [tier('reserved', 60)], 120],
    ['a dear one that was got and not asked for', [got('default', 'priority', 60)], 120],
    ['a dear one asked for and not got', [got('priority', 'default', 60)], 120],
    [
      'plain holds a dear tier: it is not charged enough by itself',
      [read('InputTokenCount', 60), tier('priority', 60)],
      120,
    ],
    ['a tier in the model id', [inId('flex', 60)], 60],
    ['a dear tier in the model id', [inId('priority', 60)], 120],
    ['what only begins like a dear tier is none', [inId('priority-v2', 60)], 60],
    [
      'plain holds the tiers in the model id',
      [read('InputTokenCount', 100), inId('flex', 60), inId('default', 40)],
      100,
    ],
    ['the tiers in the model id hold more', [read('InputTokenCount', 50), inId('flex', 60), inId('default', 40)], 100],
    [
      'a tier in the model id, and the same beside it',
      [inId('flex', 60), read('InputTokenCount', 60, { ModelId: 'abc123+flex', ServiceTier: 'flex' })],
      60,
    ],
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

  test.each([
    ['of one series', [read('InputTokenCount', 60)]],
    ['of several', [read('InputTokenCount', 60), tier('default', 60)]],
  ])('the tokens %s stand under the start of their hour', (_name, all) => {
    expect(hourlyTokens(all, MONTH, NOW).usage.map(({ hours }) => hours)).toEqual([[{ at: at(HOUR), value: 60 }]]);
  });
});

test.each([
  ['abc123', 'abc123'],
  ['abc123+flex', 'abc123'],
  ['abc123+default', 'abc123'],
  ['abc123+priority', 'abc123'],
  ['abc123+reserved', 'abc123'],
  ['abc123+priority-v2', 'abc123+priority-v2'],
])(
  'the model behind %s is %s: a service tier is cut off, and nothing that only begins like one',
  (modelId, expected) => {
    expect(metricIdOf(series({ modelId }, []).id)).toBe(expected);
  },
);

test.each([
  ['AWS/Bedrock', 'InputTokenCount', 'input'],
  ['AWS/Bedrock', 'OutputTokenCount', 'output'],
  ['AWS/Bedrock', 'CacheReadInputTokens', 'cacheRead'],
  ['AWS/Bedrock', 'CacheWriteInputTokens', 'cacheWrite'],
  ['AWS/Bedrock', 'OutputImageCount', 'unpriced'],
  ['AWS/Bedrock', 'TotalInputTokens', undefined],
  ['AWS/BedrockMantle', 'TotalInputTokens', 'input'],
  ['AWS/BedrockMantle', 'TotalOutputTokens', 'output'],
  ['AWS/BedrockMantle', 'InputTokenCount', undefined],
  ['AWS/Lambda', 'InputTokenCount', undefined],
])('%s %s is charged as %s', (namespace, metric, expected) => {
  expect(componentOf(series({ namespace, metric }, []).id)).toBe(expected);
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

test('projects are added whatever the order in which CloudWatch names the dimensions', () => {
  const mantle = (dimensions: Record<string, string>) =>
    series({ namespace: 'AWS/BedrockMantle', metric: 'TotalInputTokens', dimensions }, [[HOUR, 10]]);
  expect(tokens(mantle({ Project: 'a', Model: 'm' }), mantle({ Model: 'm', Project: 'b' }))).toBe(20);
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
    ['unit Count', series({}, [[HOUR, 7]], 'Count'), 7, []],
    ['images have no token price', series({ metric: 'OutputImageCount' }, [[HOUR, 1]]), 0, ['unpriced!']],
    ['no images are no finding', series({ metric: 'OutputImageCount' }, [[HOUR, 0]]), 0, []],
    [
      'images in one of the hours',
      series({ metric: 'OutputImageCount' }, [
        [HOUR, 1],
        ['2026-11-10T10:00', 0],
      ]),
      0,
      ['unpriced!'],
    ],
    [
      'two of a kind: one finding',
      series({}, [
        [HOUR, -5],
        ['2026-11-10T10:00', -5],
      ]),
      0,
      ['negative!'],
    ],
    [
      'two kinds, and a good point between them',
      series({}, [
        [HOUR, 6.1],
        ['2026-11-10T10:00', 7],
        ['2026-11-10T09:00', -5],
      ]),
      14,
      ['fractional', 'negative!'],
    ],
  ])('%s', (_name, one, expected, findings) => {
    expect(tokens(one)).toBe(expected);
    expect(kinds(one)).toEqual(findings);
  });

  test('the finding names the series and what was done', () => {
    const { findings } = hourlyTokens([series({}, [[HOUR, -5]])], MONTH, NOW);
    expect(findings).toEqual([
      {
        kind: 'negative',
        understates: true,
        text: 'us-east-1 AWS/Bedrock InputTokenCount ModelId=abc123: a negative count: left out',
      },
    ]);
  });
});
