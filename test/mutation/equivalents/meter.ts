import type { Equivalent } from '../result';

const CACHE = 'what is not found again is computed again, and the same';

const SERIES = 'core/meter/series.ts';
const THE_LONG_WAY = 'the quick way for one series comes to what weighing several does for one';
const COPIED = 'good points are copied instead of handed on: the same points';

export const meter: readonly Equivalent[] = [
  {
    file: 'core/meter/calibration.ts',
    original: 'factor > 1',
    replacement: 'factor >= 1',
    reason: 'a factor of 1 is the lesser of itself and the bound',
  },
  {
    file: 'core/meter/calibration.ts',
    original: 'a.modelId < b.modelId',
    replacement: 'a.modelId <= b.modelId',
    reason: 'keys of one map: no two are the same',
  },
  {
    file: 'core/meter/assess.ts',
    original: '[]',
    replacement: '["Stryker was here"]',
    on: 'const ring =',
    reason: 'what has no time is in no look back, and is not kept',
  },
  {
    file: 'core/meter/pacing.ts',
    original: 'input.burnPrevious !== undefined',
    replacement: 'true',
    reason: 'only the compiler asks: twice undefined is no number, which nothing reaches',
  },
  {
    file: 'core/meter/pacing.ts',
    original: 'lastActivityAt !== undefined',
    replacement: 'true',
    reason: 'only the compiler asks: the time since undefined is no number, which is below nothing',
  },
  { file: 'core/meter/pacing.ts', original: 'a < b', replacement: 'a <= b', reason: 'the lesser of two equal amounts' },
  {
    file: 'core/meter/pacing.ts',
    original: 'found?.limit === limit && found.stopAtPercent === stopAtPercent',
    replacement: 'false',
    reason: CACHE,
  },
  {
    file: 'core/meter/pacing.ts',
    original: '{ limit, stopAtPercent, lines }',
    replacement: '{}',
    reason: CACHE,
  },
  {
    file: SERIES,
    original: 'known !== undefined',
    replacement: 'false',
    times: 2,
    reason: 'a name, or what an id says, that is not found again is made again, and the same: ids do not change',
  },
  ...['return raw?.includes', 'const suffix ='].map((on) => ({
    file: SERIES,
    original: "'+'",
    replacement: '""',
    on,
    reason: 'the pattern asks for the plus again: who has none is only looked at for longer',
  })),
  {
    file: SERIES,
    original: 'only !== undefined && others.length === 0',
    replacement: 'false',
    reason: THE_LONG_WAY,
  },
  {
    file: SERIES,
    original: 'only !== undefined',
    replacement: 'true',
    reason: 'only the compiler asks: a group is made with its first series',
  },
  { file: SERIES, original: 'only !== undefined', replacement: 'only === undefined', reason: THE_LONG_WAY },
  {
    file: SERIES,
    original:
      '{ if (!only.isDear) return only.points; return only.points.map(({ at, value }) => ({ at, value: value * DEAR_TIER_COUNTS…',
    replacement: '{}',
    reason: THE_LONG_WAY,
  },
  {
    file: SERIES,
    original: 'areGood(points, bounds)',
    replacement: 'false',
    reason: COPIED,
  },
  {
    file: SERIES,
    original: 'faultOf(point, bounds) !== undefined',
    replacement: 'true',
    reason: COPIED,
  },
  {
    file: SERIES,
    original: '{ for (const point of points) if (faultOf(point, bounds) !== undefined) return false; return true; }',
    replacement: '{}',
    reason: COPIED,
  },
  { file: SERIES, original: 'true', replacement: 'false', on: 'return true;', reason: COPIED },
  {
    file: SERIES,
    original: "','",
    replacement: '""',
    on: 'const names = Object.keys',
    reason: "no two sets of AWS's dimension names read the same without a comma between them",
  },
  {
    file: 'core/meter/resolve.ts',
    original: '[]',
    replacement: '["Stryker was here"]',
    on: 'const bases =',
    reason: 'no model has that id, and so no list',
  },
  {
    file: 'core/meter/rates.ts',
    original: 'ring.length - 1',
    replacement: 'ring.length + 1',
    reason: 'beyond the end there is no entry, which is passed over',
  },
  {
    file: 'core/meter/rates.ts',
    original: 'entry === undefined',
    replacement: 'false',
    reason: 'only the compiler asks: the index is within the ring',
  },
  ...[
    ['oldest !== undefined && newest !== undefined', 'oldest !== undefined || newest !== undefined'],
    ['oldest !== undefined', 'true'],
    ['newest !== undefined', 'true'],
  ].map(([original = '', replacement = '']) => ({
    file: 'core/meter/rates.ts',
    original,
    replacement,
    reason: 'only the compiler asks for both: the first read looked back to has a last one, which may be the same',
  })),
  {
    file: 'core/meter/daily.ts',
    original: 'a.name < b.name',
    replacement: 'a.name <= b.name',
    reason: 'keys of one map: no two are the same',
  },
  {
    file: 'core/meter/untrusted-prices.ts',
    original: "''",
    replacement: '"Stryker was here!"',
    reason: 'no id in CloudWatch is either, so neither has a class',
  },
  {
    file: 'core/meter/untrusted-prices.ts',
    original: 'from !== undefined',
    replacement: 'true',
    reason: 'only the compiler asks: no time is after undefined',
  },
  {
    file: 'core/meter/compare.ts',
    original: 'name.toLowerCase()',
    replacement: 'name.toUpperCase()',
    reason: 'either takes case away from names and labels of AWS, whose letters are those of ASCII',
  },
];
