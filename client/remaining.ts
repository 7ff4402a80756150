import { type LedgerPort, LedgerUnavailable } from '../core/ledger';
import type { BudgetPath } from '../core/shared-budgets';
import type { Deadline } from './deadline';
import { type BudgetFigures, figuresOf } from './left';
import { SpendGuardRefused } from './refusal';

/**
 * Of the budget and all that it is within, from the environment's own on, as they are stored now. A ledger of the caller's own that
 * cannot look says what it knows.
 * @throws SpendGuardRefused GUARD_UNAVAILABLE
 */
export async function remainingNow(
  ledger: LedgerPort,
  budget: BudgetPath | undefined,
  deadline: Deadline,
): Promise<readonly BudgetFigures[]> {
  if (!ledger.look && !ledger.known)
    throw new TypeError('the option `ledger` has neither `look` nor `known`: it does not tell');
  try {
    const views = ledger.look ? await deadline.within(ledger.look(budget)) : (ledger.known?.(budget) ?? []);
    return views.map(figuresOf);
  } catch (error) {
    if (error instanceof LedgerUnavailable) throw notTold(error);
    throw error;
  }
}

function notTold(error: LedgerUnavailable): SpendGuardRefused {
  const cause = error.cause ?? error;
  const { name, message } = cause instanceof Error ? cause : error;
  const refusal = new SpendGuardRefused({
    code: 'GUARD_UNAVAILABLE',
    message: `what is left of the budget is not known: the leases table does not answer (${name}: ${message}). Try again, or see \`spend-guard status\`.`,
    retryAfterSeconds: 30,
  });
  refusal.cause = cause;
  return refusal;
}
