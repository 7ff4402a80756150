import { formatUsd, nanoUsd, type NanoUsd } from '../core/money';
import type { LedgerPort } from '../core/ledger';
import { budgetName, type BudgetPeriod, ENVIRONMENT_BUDGET, periodAt, periodEnd } from '../core/shared-budgets';
import { SpendGuardRefused } from './refusal';

export type Refused = Extract<Awaited<ReturnType<LedgerPort['reserve']>>, { readonly kind: 'refused' }>;

/** @param budget as far as it is known: with its limit in force, and its period */
export function exhausted(
  amount: NanoUsd,
  { soft, retryAfterSeconds, remaining, budget = ENVIRONMENT_BUDGET }: Refused,
  { limit, period }: { readonly limit: NanoUsd; readonly period: BudgetPeriod },
  now: number,
): SpendGuardRefused {
  const left = formatUsd(nanoUsd(Math.max(0, remaining)));
  const mostItCosts = `this call may cost up to ${formatUsd(amount)}`;
  const of = `of ${formatUsd(limit)} for the ${period}`;
  return new SpendGuardRefused({
    code: 'BUDGET_EXHAUSTED',
    message: soft
      ? `${mostItCosts}; ${budgetName(budget)} has ${left} free ${of} while calls in flight hold the rest. Try again, or ask for fewer tokens.`
      : `${mostItCosts}; ${budgetName(budget)} has ${left} left ${of}, which ends at ${endOf(period, now)}. Ask for fewer tokens, or have the limit raised.`,
    retryAfterSeconds,
  });
}

/** `2026-12-01T00:00Z` */
function endOf(period: BudgetPeriod, now: number): string {
  return `${new Date(periodEnd(periodAt(period, now))).toISOString().slice(0, 'yyyy-mm-ddThh:mm'.length)}Z`;
}
