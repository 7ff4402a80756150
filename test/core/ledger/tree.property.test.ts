import * as fc from 'fast-check';
import { nanoUsd, usd } from '../../../core/money';
import type { BudgetNode } from '../../../core/shared-budgets';
import { faults, LEDGER_RUNS, SIZINGS } from '../../helpers/ledger-faults';
import { LedgerWorld } from '../../helpers/ledger-world';

jest.setTimeout(30_000 * LEDGER_RUNS);

const BASE = { callersEach: 4, largestBound: 20_000_000, seconds: 90, skewMs: 60_000 };

/** Three levels: a child that promises more than its parent has, one that is small, and one of each period. */
function tree(limit: number, parts: readonly number[]): readonly BudgetNode[] {
  const of = (part: number) => nanoUsd(Math.ceil(limit * (parts[part] ?? 1)));
  return [
    { path: 'search', period: 'month', limit: of(0) },
    { path: 'search/nightly', period: 'day', limit: of(1) },
    { path: 'search/daytime', period: 'month', limit: of(2) },
    { path: 'ads', period: 'week', limit: of(3) },
  ];
}

const NAMED = ['search/nightly', 'search/daytime', 'search', 'ads', ''];
const parts = fc.array(fc.double({ min: 0.05, max: 1.5, noNaN: true }), { minLength: 4, maxLength: 4 });

describe.each(SIZINGS)('%s: whatever crashes, stands still, is lost or comes late', (_, sizing) => {
  // The world throws after the step that breaks any of it.
  test('no budget of a tree exceeds its limit, each adds up, and none has less than those within it', async () => {
    await fc.assert(
      fc.asyncProperty(faults, parts, async (options, shares) => {
        const budgets = tree(options.limit, shares);
        const world = await new LedgerWorld({
          ...BASE,
          ...options,
          processes: 20,
          sizing,
          budgets,
          named: NAMED,
        }).run();
        expect(world.counts.calls).toBeGreaterThan(5);
      }),
      { numRuns: LEDGER_RUNS, endOnFailure: true },
    );
  });

  test('also where the limit of the environment goes up and down, and the meter sees more than callers charge', async () => {
    await fc.assert(
      fc.asyncProperty(
        faults,
        parts,
        fc.array(fc.double({ min: 0.3, max: 2, noNaN: true }), { minLength: 5, maxLength: 5 }),
        async (options, shares, limits) => {
          const meter = (elapsedMs: number, billed: number) => ({
            limit: nanoUsd(Math.floor(options.limit * limits[Math.floor(elapsedMs / 20_000)]!)),
            spentAtLeast: nanoUsd(Math.floor(billed * 1.05)),
          });
          const budgets = tree(options.limit, shares);
          const world = { ...BASE, ...options, meter, processes: 10, sizing, budgets, named: NAMED };
          const { counts } = await new LedgerWorld(world).run();
          expect(counts.calls).toBeGreaterThan(5);
        },
      ),
      { numRuns: LEDGER_RUNS, endOnFailure: true },
    );
  });
});

describe.each(SIZINGS)('%s: 200 parallel callers over 3 levels at the cap', (_, sizing) => {
  test.each<[string, readonly number[]]>([
    ['of the environment', [1.5, 1.5, 1.5, 1.5]],
    ['of what is in the middle', [0.5, 1, 1, 1]],
  ])('%s use at least 99%% of it and overshoot by nothing', async (_, shares) => {
    const limit = usd(10);
    const budgets = tree(limit, shares);
    const world = await new LedgerWorld({
      ...{ seed: 7, sizing, limit, budgets, processes: 8, callersEach: 25 },
      ...{ largestBound: limit / 500, seconds: 120 },
      named: ['search/nightly', 'search/daytime'],
    }).run();
    const cap = Math.min(limit, budgets[0]!.limit);
    expect(world.counts).toMatchObject({ crashes: 0, unavailable: 0 });
    expect(world.committed).toBeLessThanOrEqual(cap);
    expect(world.committed / cap).toBeGreaterThan(0.99);
  });
});
