export { BudgetsAdapter } from './budgets';
export { budgetsCalculatedSpend } from './calculated-spend';
export { temporaryBudgets } from './temporary-budgets';
