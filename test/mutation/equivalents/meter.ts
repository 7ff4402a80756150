import type { Equivalent } from '../result';

const SERIES = 'core/meter/series.ts';
const THE_LONG_WAY = 'the quick way for one series comes to what weighing several does for one';
const COPIED = 'good points are copied instead of handed on: the same points';

export const meter: readonly Equivalent[] = [
  {
    file: SERIES,
    original: 'known !== undefined',
    replacement: 'false',
    reason: 'a name that is not found again is made again, and the same: ids do not change',
  },
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
      '{ const times = isDearTier(only.id) ? DEAR_TIER_COUNTS : 1; const sums = new Map<number, number>(); for (const { at, val…',
    replacement: '{}',
    reason: THE_LONG_WAY,
  },
  {
    file: SERIES,
    original: 'points.every((point) => faultOf(point) === undefined)',
    replacement: 'false',
    reason: COPIED,
  },
  {
    file: SERIES,
    original: '(point) => faultOf(point) === undefined',
    replacement: '() => undefined',
    reason: COPIED,
  },
  {
    file: SERIES,
    original: 'faultOf(point) === undefined',
    replacement: 'false',
    reason: COPIED,
  },
  {
    file: SERIES,
    original: "','",
    replacement: '""',
    on: 'const names = Object.keys',
    reason: "no two sets of AWS's dimension names read the same without a comma between them",
  },
];
