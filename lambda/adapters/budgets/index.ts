export { BudgetsAdapter } from './budgets';
export { budgetsCalculatedSpend } from './calculated-spend';
