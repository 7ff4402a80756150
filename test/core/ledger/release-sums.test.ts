import * as fc from 'fast-check';
import { HOUR_MS, MINUTE_MS } from '../../../core/calendar';
import { release, releaseAll, untouched, type BudgetState } from '../../../core/ledger/budget';
import { endOfHour, hourOf } from '../../../core/ledger/hold';
import { nanoUsd, usd, ZERO } from '../../../core/money';

describe('what a person releases', () => {
  const state: BudgetState = {
    ...untouched(usd(10)),
    ...{ spent: usd(7), remaining: usd(3), unsettled: usd(5) },
    hours: [{ hour: 1, known: ZERO, unsettled: usd(5) }],
  };

  const note = { by: 'ana', reason: 'outage', at: 1 };

  test('is all of it, at once, with who did it and why', () => {
    expect(releaseAll({ state, holds: [] }, undefined, note)).toMatchObject({
      note: { ...note, amount: usd(5) },
      to: { unsettled: 0, raised: 0 },
      ...{ remaining: usd(5), spent: usd(-5) },
    });
  });

  test('but what the meter saw is spent all the same', () => {
    expect(releaseAll({ state, holds: [] }, { spentAtLeast: usd(6) }, note)).toMatchObject({
      to: { unsettled: 0, raised: usd(4) },
      ...{ remaining: usd(1), spent: usd(-1) },
    });
  });

  test('comes back with the last of the dead, a hundred at a time', () => {
    const dead = (id: number) => ({
      ...{ id: `h${id}`, claim: 'charged' as const, amount: nanoUsd(1), expiresAtMs: 1, writtenBy: '1' },
    });
    const many = Array.from({ length: 101 }, (_, id) => dead(id));
    const first = releaseAll({ state, holds: many }, undefined, note)!;
    expect([first.emptied?.length, first.remaining, first.note]).toEqual([100, 0, undefined]);
    const second = releaseAll({ state, holds: many.slice(100) }, undefined, note)!;
    expect([second.emptied?.length, second.remaining, second.note?.amount]).toEqual([1, usd(5), usd(5)]);
    const hundred = releaseAll({ state, holds: many.slice(1) }, undefined, note)!;
    expect([hundred.emptied?.length, hundred.remaining]).toEqual([100, usd(5)]);
  });

  test('empties what was charged and holds something, and nothing that is in use; no hour holds anybody up', () => {
    const hold = { id: 'h', claim: 'charged' as const, amount: usd(5), expiresAtMs: 1, writtenBy: '1' };
    const others = [
      { ...hold, id: 'empty', amount: ZERO },
      { ...hold, id: 'inUse', claim: 'active' as const },
    ];
    expect(releaseAll({ state, holds: [hold, ...others] }, undefined, note)).toMatchObject({
      ...{ holds: [], emptied: [hold], hours: [1] },
    });
  });

  test('is nothing where there is none', () => {
    expect(releaseAll({ state: untouched(usd(10)), holds: [] }, undefined, note)).toBeUndefined();
  });
});

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

  test('hours turn five minutes early, for clocks that are late', () => {
    const noon = Date.parse('2026-11-12T12:00:00Z');
    expect(hourOf(noon - 5 * MINUTE_MS)).toBe(noon / HOUR_MS);
    expect(hourOf(noon - 5 * MINUTE_MS - 1)).toBe(noon / HOUR_MS - 1);
    expect(endOfHour(noon / HOUR_MS - 1)).toBe(noon - 5 * MINUTE_MS);
  });
});
