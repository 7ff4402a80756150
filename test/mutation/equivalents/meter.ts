import type { Equivalent } from '../result';

const CACHE = 'what is not found again is computed again, and the same';

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
];
