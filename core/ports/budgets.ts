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
  | { readonly kind: 'known'; readonly currency: string }
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
