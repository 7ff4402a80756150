import type { Equivalent } from '../result';

export const meter: readonly Equivalent[] = [];
