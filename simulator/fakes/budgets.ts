import type { BudgetActionReading, BudgetReading, BudgetsPort } from '../../core/bill';

/** Budgets and actions as given; what is not given does not exist. */
export class FakeBudgets implements BudgetsPort {
  constructor(
    readonly budgets: ReadonlyMap<string, BudgetReading>,
    readonly actions: ReadonlyMap<string, BudgetActionReading> = new Map(),
  ) {}

  async budget(name: string): Promise<BudgetReading> {
    return this.budgets.get(name) ?? { kind: 'missing' };
  }

  async action(_budgetName: string, actionId: string): Promise<BudgetActionReading> {
    return this.actions.get(actionId) ?? { kind: 'missing' };
  }
}
