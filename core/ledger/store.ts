import type { PeriodKey } from '../shared-budgets';
import type { Adjustment, BudgetState, BudgetRecord, Release } from './budget';
import type { Transition } from './hold';

export interface Committed {
  /** False: the hold was no longer `from`, too little remained, or the period is not open; nothing was written. */
  readonly done: boolean;
  /** What is stored, where the store says it with its answer. */
  readonly stored?: BudgetRecord;
}

/**
 * Where one budget and the holds of it are kept, for all processes; reads see every earlier write. Everything here throws
 * `LedgerUnavailable` where no answer came in time: a write may then have happened, or may still.
 */
export interface LedgerStore {
  /** Undefined where nobody has opened the period yet. */
  read(period: PeriodKey): Promise<BudgetRecord | undefined>;
  /** Changes nothing where the period is open. */
  open(period: PeriodKey, state: BudgetState): Promise<void>;
  /** False where the budget had changed, so that nothing was written. */
  adjust(period: PeriodKey, adjustment: Adjustment): Promise<boolean>;
  /** False where the budget had changed, so that nothing was written. */
  release(period: PeriodKey, release: Release): Promise<boolean>;
  /** @param forget hours whose sums are not told apart any more */
  commit(period: PeriodKey, transition: Transition, forget?: readonly number[]): Promise<Committed>;
}
