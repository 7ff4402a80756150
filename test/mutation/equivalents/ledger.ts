import type { Equivalent } from '../result';

export const ledger: readonly Equivalent[] = [];
