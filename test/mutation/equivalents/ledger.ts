import type { Equivalent } from '../result';

export const ledger: readonly Equivalent[] = [
  {
    file: 'core/ledger/budget-ledger.ts',
    original: 'ended.empty',
    replacement: 'false',
    reason: 'a month in which all is settled answers alike whether it is kept or dropped: it is dropped for its memory',
  },
  {
    file: 'core/ledger/waiting.ts',
    original: 'entry.waiting',
    replacement: 'true',
    reason: 'asked for by the compiler alone: what makes the promise has run by then',
  },
];
