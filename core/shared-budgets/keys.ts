import { DAY_MS } from '../calendar';
import { ENVIRONMENT_BUDGET, type BudgetPath } from './node';
import type { PeriodKey } from './period';

/** The partition key of a budget's item in the leases table; its sort key is {@link BUDGET_SORT_KEY}. */
export function budgetKey(environment: string, path: BudgetPath, period: PeriodKey): string {
  return `BUDGET#${scopeOf(environment, path)}#${period}`;
}

export const BUDGET_SORT_KEY = 'STATE';

/** So long after its period an item is kept for those who look back, at all days of last month to the end of this one; then DynamoDB deletes it when it comes to it. */
export const BUDGET_KEPT_MS = 75 * DAY_MS;

/** All before the period: a `/` is in no environment's name and a `#` in no path, so no key is another's. */
function scopeOf(environment: string, path: BudgetPath): string {
  return path === ENVIRONMENT_BUDGET ? environment : `${environment}/${path}`;
}

/** For `StringLike` on `dynamodb:LeadingKeys`: one budget in whatever period. */
export function keysOfBudget(environment: string, path: BudgetPath): readonly string[] {
  const scope = scopeOf(environment, path);
  // Months, days and weeks: `2026-11`, `2026-11-28`, `2026-W48`.
  if (path === ENVIRONMENT_BUDGET) return [`BUDGET#${scope}#????-??`];
  return [`BUDGET#${scope}#????-??`, `BUDGET#${scope}#????-??-??`, `BUDGET#${scope}#????-W??`];
}

/** The same of all that are within it. */
export function keysWithin(environment: string, path: BudgetPath): string {
  return `BUDGET#${scopeOf(environment, path)}/*`;
}
