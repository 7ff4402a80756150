import type { NanoUsd } from '../money';
import type { BudgetPath } from './node';
import type { PeriodKey } from './period';

/** One budget's figures in one period: `spent + held + remaining = limit`. */
export interface BudgetView {
  readonly budget: BudgetPath;
  readonly period: PeriodKey;
  /** With what was carried over. */
  readonly limit: NanoUsd;
  readonly spent: NanoUsd;
  /** By calls in flight, and by processes for their next. */
  readonly held: NanoUsd;
  /** Below zero where the limit was lowered under what was spent. */
  readonly remaining: NanoUsd;
  /** When the period ends. ms since the epoch. */
  readonly resetsAt: number;
}

/** What of its limit is gone. 100 also for a limit of nothing. */
export function percentGone({ limit, remaining }: Pick<BudgetView, 'limit' | 'remaining'>): number {
  return limit <= 0 ? 100 : ((limit - remaining) / limit) * 100;
}

/** The one that will refuse first: of which most is gone, by percent. @param views at least one */
export function tightest(views: readonly BudgetView[]): BudgetView | undefined {
  return views.reduce<BudgetView | undefined>(
    (least, view) => (least === undefined || percentGone(view) > percentGone(least) ? view : least),
    undefined,
  );
}
