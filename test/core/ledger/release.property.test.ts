import * as fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { release, untouched, type BudgetState } from '../../../core/ledger/budget';
import { hourOf } from '../../../core/ledger/hold';
import { nanoUsd, usd, ZERO } from '../../../core/money';

/**
 * Calls of some hours, told or not, on clocks that differ by under five minutes, and callers beside them. The provider's
 * own clock says in which hour the meter counts them.
 */
describe('whatever happened, what was truly used stays charged', () => {
  const START = Date.parse('2026-11-12T08:00:00Z');
  const amount = fc.integer({ min: 0, max: usd(1) }).map(nanoUsd);
  const event = fc.record({
    settledAt: fc.integer({ min: 0, max: 5 * 60 - 1 }),
    skewSeconds: fc.integer({ min: -299, max: 299 }),
    bound: amount,
    used: fc.double({ min: 0, max: 1, noNaN: true }),
    kind: fc.constantFrom('told', 'unsettled', 'direct'),
    /** Minutes that the provider goes on after the caller has lost it. */
    goesOn: fc.integer({ min: 0, max: 59 }),
  });

  test('at every hour that the meter may call complete', () => {
    let released = 0;
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), fc.integer({ min: 1, max: 7 }), (events, completeHours) => {
        const until = START + completeHours * HOUR_MS;
        const hours = new Map<number, { known: number; unsettled: number }>();
        const sums = { spent: 0, unsettled: 0, complete: 0, truly: 0 };
        for (const { settledAt, skewSeconds, bound, used, kind, goesOn } of events) {
          const at = START + settledAt * MINUTE_MS;
          const cost = kind === 'told' ? bound : Math.floor(bound * used);
          const counted = kind === 'unsettled' ? at + goesOn * MINUTE_MS : at;
          if (counted < until) sums.complete += cost;
          if (kind === 'direct') continue;
          const hour = hourOf(at + skewSeconds * 1000);
          const sum = hours.get(hour) ?? { known: 0, unsettled: 0 };
          if (kind === 'told') sum.known += bound;
          else sum.unsettled += bound;
          hours.set(hour, sum);
          sums.spent += bound;
          sums.truly += cost;
          if (kind === 'unsettled') sums.unsettled += bound;
        }
        const state: BudgetState = {
          ...untouched(usd(1000)),
          spent: nanoUsd(sums.spent),
          unsettled: nanoUsd(sums.unsettled),
          hours: [...hours].map(([hour, { known, unsettled }]) => ({
            hour,
            known: nanoUsd(known),
            unsettled: nanoUsd(unsettled),
          })),
        };
        const status = {
          spentAtLeast: ZERO,
          complete: { until, spent: nanoUsd(sums.complete) },
        };
        const back = release({ state, holds: [] }, status, until + 30 * MINUTE_MS);
        if (!back) return;
        released += 1;
        expect(back.remaining + back.spent).toBe(0);
        expect(state.spent + back.spent).toBeGreaterThanOrEqual(sums.truly);
        expect(back.to.unsettled).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
    expect(released).toBeGreaterThan(50);
  });
});
