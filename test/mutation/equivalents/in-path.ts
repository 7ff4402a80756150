import type { Equivalent } from '../result';

export const inPath: readonly Equivalent[] = [];
