import type { BudgetFigures, SpendGuard } from '../client/index';
import type { BudgetPath } from '../core/shared-budgets';

/** A status line asks each second, a scraper beside it: the table is asked once for all of them. */
const FRESH_MS = 2_000;

interface Look {
  readonly at: number;
  readonly figures: Promise<readonly BudgetFigures[]>;
}

/** What budgets have, as the table said at most two seconds ago. */
export class KnownBudgets {
  private readonly looks = new Map<BudgetPath | undefined, Look>();

  constructor(
    private readonly guard: Pick<SpendGuard, 'remaining'>,
    private readonly now: () => number,
  ) {}

  /** @throws SpendGuardRefused UNKNOWN_BUDGET, GUARD_UNAVAILABLE */
  of(budget: BudgetPath | undefined): Promise<readonly BudgetFigures[]> {
    const before = this.looks.get(budget);
    if (before && this.now() - before.at < FRESH_MS) return before.figures;
    const figures = this.guard.remaining(budget);
    this.looks.set(budget, { at: this.now(), figures });
    figures.catch(() => this.looks.delete(budget));
    return figures;
  }

  /** All of them, from the environment's own on, each once. */
  async all(budgets: readonly BudgetPath[]): Promise<readonly BudgetFigures[]> {
    const lines = await Promise.all(['', ...budgets].map((budget) => this.of(budget)));
    return [...new Map(lines.flat().map((figures) => [figures.budget, figures])).values()];
  }
}
