import fc from 'fast-check';
import { utcMonth } from '../../../core/calendar';
import { planBillAction, type BillActionInput } from '../../../core/enforcement/bill-action';
import type { BillActionState } from '../../../core/enforcement/state';
import { usd, type NanoUsd } from '../../../core/money';
import type { BudgetActionStatus } from '../../../core/bill/ports';

const NOVEMBER = utcMonth(Date.parse('2026-11-20T00:00:00Z'));
const DECEMBER = utcMonth(Date.parse('2026-12-20T00:00:00Z'));
const OVERRIDE = { limit: usd(500), until: 2, by: 'ann', reason: 'a launch', since: 1 };

type Step =
  | { readonly kind: 'line'; readonly usd: number }
  | { readonly kind: 'meter'; readonly usd: number | undefined }
  | { readonly kind: 'bill'; readonly usd: number | undefined }
  | { readonly kind: 'status'; readonly status: BudgetActionStatus }
  | { readonly kind: 'override' | 'stop'; readonly holds: boolean }
  | { readonly kind: 'turn' | 'look' };

const amounts = fc.constantFrom(0, 10, 63, 64, 95, 96, 100, 143, 145, 200);
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: fc.constant({ kind: 'look' } as const), weight: 6 },
  {
    arbitrary: fc.record({ kind: fc.constant('line' as const), usd: fc.constantFrom(50, 95, 144, 200, 300) }),
    weight: 2,
  },
  fc.record({ kind: fc.constant('meter' as const), usd: fc.option(amounts, { nil: undefined }) }),
  fc.record({ kind: fc.constant('bill' as const), usd: fc.option(amounts, { nil: undefined }) }),
  {
    arbitrary: fc.record({
      kind: fc.constant('status' as const),
      status: fc.constantFrom<BudgetActionStatus>(
        ...(['STANDBY', 'PENDING', 'EXECUTION_IN_PROGRESS', 'EXECUTION_SUCCESS', 'EXECUTION_SUCCESS'] as const),
        ...(['REVERSE_IN_PROGRESS', 'REVERSE_SUCCESS', 'REVERSE_FAILURE', 'RESET_IN_PROGRESS'] as const),
      ),
    }),
    weight: 2,
  },
  fc.record({ kind: fc.constantFrom('override' as const, 'stop' as const), holds: fc.boolean() }),
  fc.constant({ kind: 'turn' } as const),
);

test('in any order of things: reversed only for a raise that the meter bears out, an override, or an earlier month', () => {
  const count = { raised: 0, reset: 0 };
  fc.assert(
    fc.property(fc.array(step, { minLength: 4, maxLength: 40 }), (steps) => {
      let line = usd(95);
      let meter: NanoUsd | undefined = usd(96);
      let calculated: BillActionInput['calculated'] = { kind: 'known', amount: usd(97) };
      let status: BudgetActionStatus = 'STANDBY';
      let override = false;
      let isStopOrdered = false;
      let turned = false;
      let before: BillActionState = {};
      /** The lowest line that there has been since the last look at which it was not applied; and in which month that was. */
      let lowest: NanoUsd = line;
      let seenInMonth: typeof NOVEMBER | undefined;
      for (const one of steps) {
        if (one.kind === 'line') line = usd(one.usd);
        if (one.kind === 'meter') meter = one.usd === undefined ? undefined : usd(one.usd);
        if (one.kind === 'bill') {
          calculated =
            one.usd === undefined ? { kind: 'unavailable', why: 'x' } : { kind: 'known', amount: usd(one.usd) };
        }
        if (one.kind === 'status') status = one.status;
        if (one.kind === 'override') override = one.holds;
        if (one.kind === 'stop') isStopOrdered = one.holds;
        if (one.kind === 'turn') turned = true;
        if (one.kind !== 'look') continue;
        const month = turned ? DECEMBER : NOVEMBER;
        const isApplied = status === 'EXECUTION_SUCCESS' || status === 'EXECUTION_IN_PROGRESS';
        if (!isApplied) lowest = line;
        else if (before.appliedLine === undefined && line < lowest) lowest = line;
        if (status === 'STANDBY') seenInMonth = undefined;
        else seenInMonth ??= month;
        const plan = planBillAction({
          action: { kind: 'known', status },
          ...{ calculated, line, month, before, isStopOrdered },
          ...(meter !== undefined && { meter }),
          ...(override && { override: OVERRIDE }),
        });
        const isAbove = calculated.kind === 'known' && calculated.amount >= line;
        if (plan.execute === 'REVERSE_BUDGET_ACTION') {
          const isOld = seenInMonth !== undefined && seenInMonth < month && calculated.kind === 'known' && !isAbove;
          const isRaised = line > lowest && meter !== undefined && meter * 1.5 < line && !isAbove && !isStopOrdered;
          expect(status).toBe('EXECUTION_SUCCESS');
          expect(override || isOld || isRaised).toBe(true);
          if (!override && !isOld) count.raised += 1;
        }
        if (plan.execute === 'RESET_BUDGET_ACTION') {
          expect({ status, override, isAbove }).toEqual({ status: 'REVERSE_SUCCESS', override: false, isAbove: false });
          count.reset += 1;
        }
        before = plan.next;
      }
    }),
    { numRuns: 5_000 },
  );
  expect(Math.min(count.raised, count.reset)).toBeGreaterThan(20);
});
