import * as fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { exactSizing, leaseSizing, type Sizing } from '../../../core/ledger/sizing';
import { nanoUsd, usd } from '../../../core/money';
import { LedgerWorld } from '../../helpers/ledger-world';

/** SPEND_GUARD_LEDGER_RUNS=200 for a night's worth. */
const RUNS = Number(process.env['SPEND_GUARD_LEDGER_RUNS'] ?? 1);
jest.setTimeout(60_000 * RUNS);

const SIZINGS: readonly (readonly [string, Sizing])[] = [
  ['exact', exactSizing()],
  ['lease', leaseSizing],
];

const faults = fc.record({
  seed: fc.nat(),
  limit: fc.integer({ min: usd(2), max: usd(8) }).map(nanoUsd),
  leastPart: fc.constantFrom(0.02, 0.5, 1),
  broken: fc.constantFrom(0.1, 0.5, 0.9),
  goesOnMs: fc.constantFrom(0, 10 * MINUTE_MS, 55 * MINUTE_MS),
  crashes: fc.constantFrom(0, 0.02),
  pauses: fc.constantFrom(0, 0.02),
  longestPauseMs: fc.constantFrom(30 * MINUTE_MS, 5 * HOUR_MS),
  meterDown: fc.constantFrom(0, 0.5, 0.9),
  lostAnswers: fc.double({ min: 0, max: 0.1, noNaN: true }),
  lostRequests: fc.double({ min: 0, max: 0.1, noNaN: true }),
  lateRequests: fc.double({ min: 0, max: 0.05, noNaN: true }),
});

const BASE = {
  ...{ processes: 3, callersEach: 2, largestBound: 100_000_000, seconds: 5 * 3600 },
  ...{ idleMs: 10 * MINUTE_MS, skewMs: 4 * MINUTE_MS, meterEveryMs: 10 * MINUTE_MS },
  fateEveryMs: MINUTE_MS,
};

describe.each(SIZINGS)('%s: through hours of calls whose usage is not known and a late meter', (_, sizing) => {
  // The world throws after the step that breaks it.
  test('what is given back was not used: the bill and the bounds in flight never exceed the limit', async () => {
    await fc.assert(
      fc.asyncProperty(faults, async (options) => {
        const world = await new LedgerWorld({ ...BASE, ...options, sizing }).run();
        expect(world.counts.calls).toBeGreaterThan(5);
      }),
      { numRuns: RUNS, endOnFailure: true },
    );
  });

  test('in the end what was not used has come back: the limit is used', async () => {
    const limit = usd(1);
    const options = { ...BASE, seed: 5, limit, broken: 0.5, crashes: 0.02, leastPart: 0.02, sizing };
    const world = await new LedgerWorld({ ...options, seconds: 9 * 3600, largestBound: usd('0.02') }).run();
    expect(world.counts.releases).toBeGreaterThan(0);
    expect(world.billed / limit).toBeGreaterThan(0.9);
  });
});
