import type { ExactDecimal } from '../money';
import type { BudgetActionReading } from './budgets';

/** AWS Budgets' action, as far as the meter reads and undoes it. */
export interface BudgetActionsPort {
  action(budgetName: string, actionId: string): Promise<BudgetActionReading>;
  /** What Budgets believes is spent in the period; hours old. */
  calculated(budgetName: string): Promise<CalculatedReading>;
  execute(
    budgetName: string,
    actionId: string,
    type: 'REVERSE_BUDGET_ACTION' | 'RESET_BUDGET_ACTION',
  ): Promise<{ readonly kind: 'done' } | { readonly kind: 'failed'; readonly why: string }>;
}

export type CalculatedReading =
  | { readonly kind: 'known'; readonly actual: ExactDecimal; readonly currency: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly why: string };
