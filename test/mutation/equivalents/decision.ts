import type { Equivalent } from '../result';

const NO_STATE = 'what is no state has no rank: it is never the strongest, and nor is open';

export const decision: readonly Equivalent[] = [
  ...['const ordered =', 'const byLines =', 'const desired ='].map((on) => ({
    file: 'core/decision/decide.ts',
    original: "'open'",
    replacement: '""',
    on,
    reason: NO_STATE,
  })),
];
