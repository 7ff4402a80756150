import type { ExactDecimal } from '../money';

/** ActionStatus of AWS Budgets' API. */
export type BudgetActionStatus =
  | 'STANDBY'
  | 'PENDING'
  | 'EXECUTION_IN_PROGRESS'
  | 'EXECUTION_SUCCESS'
  | 'EXECUTION_FAILURE'
  | 'REVERSE_IN_PROGRESS'
  | 'REVERSE_SUCCESS'
  | 'REVERSE_FAILURE'
  | 'RESET_IN_PROGRESS'
  | 'RESET_FAILURE';

export type BudgetReading =
  | {
      readonly kind: 'known';
      readonly currency: string;
      /** What AWS Budgets has counted this month, in `currency`; absent: it has calculated nothing. */
      readonly spent?: ExactDecimal;
      /** When it was made or last changed, which drops its spend to zero (trap 10); absent: AWS does not say. */
      readonly changedAtMs?: number;
      /** The names of services that its filter lets through; absent: AWS does not say, or it filters on none. */
      readonly services?: readonly string[];
    }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly why: string };

export type BudgetActionReading =
  | { readonly kind: 'known'; readonly status: BudgetActionStatus }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly why: string };

export interface BudgetsPort {
  /** `currency` is that of the spend Budgets has calculated, or of the limit before it has. */
  budget(name: string): Promise<BudgetReading>;
  action(budgetName: string, actionId: string): Promise<BudgetActionReading>;
}
