import type { UtcMonth } from '../calendar';
import type { Adjustment, BudgetState, MonthRecord, Release } from './budget';
import type { Transition } from './hold';

export interface Committed {
  /** False: the hold was no longer `from`, too little remained, or the month is not open; nothing was written. */
  readonly done: boolean;
  /** What is stored, where the store says it with its answer. */
  readonly stored?: MonthRecord;
}

/**
 * Where budgets and holds are kept, for all processes; reads see every earlier write. Everything here throws
 * `LedgerUnavailable` where no answer came in time: a write may then have happened, or may still.
 */
export interface LedgerStore {
  /** Undefined where nobody has opened the month yet. */
  read(period: UtcMonth): Promise<MonthRecord | undefined>;
  /** Changes nothing where the month is open. */
  open(period: UtcMonth, state: BudgetState): Promise<void>;
  /** False where the budget had changed, so that nothing was written. */
  adjust(period: UtcMonth, adjustment: Adjustment): Promise<boolean>;
  /** False where the budget had changed, so that nothing was written. */
  release(period: UtcMonth, release: Release): Promise<boolean>;
  /** @param forget hours whose sums are not told apart any more */
  commit(period: UtcMonth, transition: Transition, forget?: readonly number[]): Promise<Committed>;
}
