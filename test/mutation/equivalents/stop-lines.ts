import type { Equivalent } from '../result';

const FOR_THE_COMPILER = 'asked for by the compiler alone: what is undefined compares as false with every amount';

export const stopLines: readonly Equivalent[] = [
  {
    file: 'core/stop-lines/override.ts',
    original: 'override.limit !== undefined',
    replacement: 'true',
    reason: FOR_THE_COMPILER,
  },
  {
    file: 'core/stop-lines/triggers.ts',
    original: 'lines.daily !== undefined',
    replacement: 'true',
    reason: FOR_THE_COMPILER,
  },
  {
    file: 'core/stop-lines/triggers.ts',
    original: 'lines.degrade !== undefined',
    replacement: 'true',
    reason: FOR_THE_COMPILER,
  },
  {
    file: 'core/stop-lines/triggers.ts',
    original: 'RANK[state] > RANK[most]',
    replacement: 'RANK[state] >= RANK[most]',
    reason: 'states of the same rank are the same state',
  },
];
