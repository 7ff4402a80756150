import type { LedgerPort } from '../core/ledger';
import { percentOf } from '../core/money';
import { type BudgetPath, type BudgetView, tightest } from '../core/shared-budgets';
import type { SpendGuardEvent } from './events';
import { type BudgetFigures, type BudgetLeft, figuresOf, leftOf } from './left';

/** A budget that is nearly gone; where much of it is held by calls in flight, some of that comes back. */
export interface BudgetWarning extends BudgetFigures {
  /** The highest of the percentages that it has passed since the last word of it. */
  readonly atPercent: 80 | 90 | 95;
}

/** May be async; what it throws or rejects with is nobody's. */
export type OnWarning = (warning: BudgetWarning) => unknown;

/** Highest first. */
const NEAR = [95, 90, 80] as const;
const FIRST = NEAR[NEAR.length - 1] ?? 0;

/** The last word of a budget. */
interface Told {
  readonly resetsAt: number;
  readonly atPercent: number;
}

/** What this process has heard of its budgets: said on every answer, and warned of once for each percentage and period. No request is made for it. */
export class Watch {
  private readonly told = new Map<BudgetPath, Told>();

  /** @param warn absent: nobody listens */
  constructor(
    private readonly ledger: LedgerPort,
    private readonly warn: OnWarning | undefined,
  ) {}

  /** The tightest of the budget and those that it is within; undefined where nothing is known of any. */
  left(budget: BudgetPath | undefined): BudgetLeft | undefined {
    const view = tightest(this.ledger.known?.(budget) ?? []);
    return view && leftOf(view);
  }

  /** After something was charged or refused. */
  look(budget: BudgetPath | undefined): void {
    if (!this.warn) return;
    for (const view of this.ledger.known?.(budget) ?? []) {
      const atPercent = passed(view, FIRST) ? NEAR.find((percent) => passed(view, percent)) : undefined;
      if (atPercent !== undefined && this.isNews(view, atPercent)) this.warn({ ...figuresOf(view), atPercent });
    }
  }

  /** What is told is remembered first: a listener may make calls itself. */
  private isNews({ budget, resetsAt }: BudgetView, atPercent: number): boolean {
    const before = this.told.get(budget);
    // A word of an earlier period comes late, and of the same one a lower percentage has been said.
    if (before && (resetsAt < before.resetsAt || (resetsAt === before.resetsAt && atPercent <= before.atPercent))) {
      return false;
    }
    this.told.set(budget, { resetsAt, atPercent });
    return true;
  }
}

export function warningAttributes(warning: BudgetWarning): SpendGuardEvent['attributes'] {
  const { budget, atPercent, percent, remainingUsd, spentUsd, heldUsd, limitUsd, resetsAt } = warning;
  return {
    'spend_guard.budget': budget,
    'spend_guard.at_percent': atPercent,
    'spend_guard.percent': percent,
    'spend_guard.remaining_usd': remainingUsd,
    'spend_guard.spent_usd': spentUsd,
    'spend_guard.held_usd': heldUsd,
    'spend_guard.limit_usd': limitUsd,
    'spend_guard.resets_at': resetsAt,
  };
}

/** By amounts, as all that is decided: a percentage is for people. */
function passed({ limit, remaining }: BudgetView, percent: number): boolean {
  return limit - remaining >= percentOf(limit, percent);
}
