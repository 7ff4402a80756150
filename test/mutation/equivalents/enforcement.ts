import type { Equivalent } from '../result';

export const enforcement: readonly Equivalent[] = [];
