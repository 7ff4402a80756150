import * as fc from 'fast-check';
import { exactSizing, leaseSizing, type Sizing } from '../../core/ledger/sizing';
import { nanoUsd, usd } from '../../core/money';

/** SPEND_GUARD_LEDGER_RUNS=200 for a night's worth. */
export const LEDGER_RUNS = Number(process.env['SPEND_GUARD_LEDGER_RUNS'] ?? 2);

export const SIZINGS: readonly (readonly [string, Sizing])[] = [
  // Calls take up to 3 s: some holds run out while their process only stands still.
  ['exact', exactSizing(4000)],
  ['lease', leaseSizing],
];

/** What may befall the processes of a `LedgerWorld`, and their messages. */
export const faults = fc.record({
  seed: fc.nat(),
  limit: fc.integer({ min: usd(1), max: usd(6) }).map(nanoUsd),
  leastPart: fc.constantFrom(0.02, 0.3, 1),
  crashes: fc.double({ min: 0, max: 0.03, noNaN: true }),
  pauses: fc.double({ min: 0, max: 0.03, noNaN: true }),
  lostAnswers: fc.double({ min: 0, max: 0.1, noNaN: true }),
  lostRequests: fc.double({ min: 0, max: 0.1, noNaN: true }),
  lateRequests: fc.double({ min: 0, max: 0.05, noNaN: true }),
});
