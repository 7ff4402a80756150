import type { UtcMonth } from '../calendar';
import type { Adjustment, BudgetState } from './budget';
import type { Hold, Transition } from './hold';

/**
 * Where budgets and holds are kept, for all processes; reads see every earlier write. Everything here throws
 * `LedgerUnavailable` where no answer came in time: a write may then have happened, or may still.
 */
export interface LedgerStore {
  /** Undefined where nobody has opened the month yet. */
  state(period: UtcMonth): Promise<BudgetState | undefined>;
  /** Changes nothing where the month is open. */
  open(period: UtcMonth, state: BudgetState): Promise<void>;
  /** False where the budget had changed, so that nothing was written. */
  adjust(period: UtcMonth, adjustment: Adjustment): Promise<boolean>;
  hold(period: UtcMonth, id: string): Promise<Hold | undefined>;
  /** Those that may have run out by then: active, of some amount, expired before. */
  expiredHolds(period: UtcMonth, before: number): Promise<readonly Hold[]>;
  /**
   * Refused where the hold is no longer `from`, too little remains, or the month is not open. Repeated with the same
   * token, it is written once.
   */
  commit(period: UtcMonth, transition: Transition, token: string): Promise<'done' | 'refused'>;
}
