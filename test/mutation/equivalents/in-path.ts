import type { Equivalent } from '../result';

export const inPath: readonly Equivalent[] = [
  {
    file: 'core/in-path/usage.ts',
    original: "typeof value === 'number'",
    replacement: 'true',
    reason: 'only the compiler asks: Number.isInteger is false of all that is no number',
  },
  {
    file: 'core/in-path/whole-answer.ts',
    original: '{ return false; }',
    replacement: '{}',
    reason: 'what it returns is asked by `every` alone, to which undefined is false; only the compiler asks for more',
  },
];
