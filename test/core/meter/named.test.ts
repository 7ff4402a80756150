import { canarySeries, firstSigns, seriesAsked, whereShown, without } from '../../../core/meter/named';
import { seriesName } from '../../../core/meter/series';
import type { SeriesId } from '../../../core/meter/types';

const REGION = 'us-east-1';
const names = (series: readonly SeriesId[]) => series.map(seriesName).sort();
const plain = (id: string, metric: string, region = REGION): SeriesId => ({
  namespace: 'AWS/Bedrock',
  region,
  metric,
  dimensions: { ModelId: id },
});

test('trap 46: the first signs of a profile: input and output, and the tiers that are let through, in every Region', () => {
  expect(names(firstSigns(['abc123'], [REGION, 'us-west-2']))).toEqual(
    [REGION, 'us-west-2']
      .flatMap((region) => [
        `${region} AWS/Bedrock InputTokenCount ModelId=abc123`,
        `${region} AWS/Bedrock OutputTokenCount ModelId=abc123`,
        `${region} AWS/Bedrock InputTokenCount ModelId=abc123,ResolvedServiceTier=default,ServiceTier=default`,
        `${region} AWS/Bedrock InputTokenCount ModelId=abc123,ResolvedServiceTier=flex,ServiceTier=flex`,
        `${region} AWS/Bedrock InputTokenCount ModelId=abc123,ResolvedServiceTier=default,ServiceTier=flex`,
      ])
      .sort(),
  );
});

test('a model that is called by its own id may be called through bedrock-mantle too; a profile may not', () => {
  const mantle = (ids: readonly string[]) =>
    firstSigns(ids, [REGION]).flatMap(({ namespace, metric, dimensions }) =>
      namespace === 'AWS/BedrockMantle' ? [`${metric} ${dimensions['Model']}`] : [],
    );
  expect(mantle(['us.maker.model-v1:0', 'maker.model-v1:0'])).toEqual([
    'TotalInputTokens maker.model-v1:0',
    'TotalOutputTokens maker.model-v1:0',
  ]);
  expect(mantle(['abc123'])).toEqual([]);
});

test('where one component shows, all are asked for, in both spellings, under the dimensions that it shows under', () => {
  const tier = { ModelId: 'abc123', ServiceTier: 'flex', ResolvedServiceTier: 'flex' };
  const asked = whereShown([{ ...plain('abc123', 'InputTokenCount'), dimensions: tier }], ['abc123']);
  expect(asked.map(({ metric }) => metric).sort()).toEqual([
    'CacheReadInputTokenCount',
    'CacheReadInputTokens',
    'CacheWriteInputTokenCount',
    'CacheWriteInputTokens',
    'InputTokenCount',
    'OutputTokenCount',
  ]);
  expect(asked.every(({ dimensions }) => dimensions === tier)).toBe(true);
});

test('of an id that nobody has configured, and that was seen, the other signs are asked for too', () => {
  const asked = names(whereShown([plain('byhand', 'OutputTokenCount', 'eu-west-1')], ['abc123']));
  expect(asked).toEqual(expect.arrayContaining(names(firstSigns(['byhand'], ['eu-west-1']))));
  expect(asked).toContain('eu-west-1 AWS/Bedrock CacheWriteInputTokens ModelId=byhand');
  expect(asked.every((name) => name.startsWith('eu-west-1'))).toBe(true);
});

test('an id that was seen in one Region is asked for there, and in no other', () => {
  const asked = names(
    whereShown([plain('one', 'InputTokenCount', REGION), plain('two', 'InputTokenCount', 'eu-west-1')], []),
  );
  expect(asked).toEqual(
    expect.arrayContaining(names([...firstSigns(['one'], [REGION]), ...firstSigns(['two'], ['eu-west-1'])])),
  );
  expect(asked.filter((name) => name.startsWith(REGION) === name.includes('ModelId=two'))).toEqual([]);
});

test('a sum over all models is of no id: beside it stand its components alone', () => {
  const asked = whereShown([{ ...plain('', 'InputTokenCount'), dimensions: {} }], []);
  expect(asked).toHaveLength(6);
  expect(asked.every(({ dimensions }) => Object.keys(dimensions).length === 0)).toBe(true);
});

test.each([
  ['pictures, which have no price', 'OutputImageCount'],
  ['calls, which cost nothing by themselves', 'Invocations'],
])('%s, ask for nothing beside them', (_what, metric) => {
  expect(whereShown([plain('abc123', metric)], ['abc123'])).toEqual([]);
});

test('the canary is asked for by its input and output alone', () => {
  expect(canarySeries(['canary'], [REGION])).toEqual([
    plain('canary', 'InputTokenCount'),
    plain('canary', 'OutputTokenCount'),
  ]);
});

test('what is asked for already is not asked for again', () => {
  const signs = firstSigns(['abc123'], [REGION]);
  expect(without(signs, signs.toReversed())).toEqual([]);
  expect(without(signs, [plain('abc123', 'InputTokenCount')])).toHaveLength(signs.length - 1);
});

test.each([
  [3, 17, 29],
  [20, 102, 182],
  [60, 302, 542],
])('%i models: %i series a read while none is used, %i once all are', (models, idle, busy) => {
  const ids = Array.from({ length: models }, (_, at) => [`profile${at}`]);
  expect(seriesAsked(ids, [REGION], 1)).toEqual({ idle, busy });
});

test('called directly, through a cross-Region profile: both ids, and bedrock-mantle for the model itself', () => {
  expect(seriesAsked([['us.maker.model-v1:0', 'maker.model-v1:0']], [REGION], 1)).toEqual({ idle: 14, busy: 18 });
});

test.each([
  [1, 17, 29],
  [2, 19, 31],
])('%i canaries are two series each, used or not', (canaries, idle, busy) => {
  expect(
    seriesAsked(
      ['a', 'b', 'c'].map((id) => [id]),
      [REGION],
      canaries,
    ),
  ).toEqual({ idle, busy });
});

test('in two Regions twice the signs, and what a use asks for once', () => {
  expect(seriesAsked([['abc123']], [REGION, 'us-west-2'], 0)).toEqual({ idle: 10, busy: 14 });
});
