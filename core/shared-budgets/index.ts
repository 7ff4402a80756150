export { BUDGET_KEPT_MS, BUDGET_SORT_KEY, budgetKey, keysOfBudget, keysWithin } from './keys';
export {
  budgetName,
  type BudgetNode,
  type BudgetPath,
  DEEPEST,
  ENVIRONMENT_BUDGET,
  lineOf,
  parentOf,
  PATH_PART,
} from './node';
export {
  type BudgetLimits,
  type BudgetOrder,
  type BudgetOrders,
  limitsInForce,
  ofBudget,
  ordersInForce,
} from './order';
export {
  type BudgetPeriod,
  isWithin,
  periodAt,
  periodEnd,
  type PeriodKey,
  periodStart,
  previousPeriod,
} from './period';
export { type BudgetView, percentGone, tightest } from './view';
