import type { Equivalent } from '../result';

const CACHE = 'what is not found again is computed again, and the same';

export const meter: readonly Equivalent[] = [
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
