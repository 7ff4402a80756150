import type { UtcMonth } from '../calendar';
import type { CanaryRecord, ExtendedAccess } from '../meter';
import type { KnownSeries, MeterState, StoredCalibration } from './meter-state';
import type { BudgetOrder, BudgetOrders, BudgetPath } from '../shared-budgets';
import type { Order } from '../stop-lines';

/** The state table, as far as the meter reads and writes it; consistent reads. */
export interface MeterStatePort {
  /** The newest month's item that is not later than the month after `month`. @throws GuardError ANSWER_INVALID, ServiceError */
  latest(month: UtcMonth): Promise<MeterState | undefined>;
  /**
   * Replaces the item of `state.month`.
   * @param replaces the revision that was read; 0 where the month had no item
   * @throws GuardError STATE_CONFLICT where another run was faster; ServiceError
   */
  save(state: MeterState, replaces: number): Promise<void>;
  series(month: UtcMonth): Promise<KnownSeries | undefined>;
  saveSeries(series: KnownSeries): Promise<void>;
  /** What a person has ordered last. @throws GuardError ANSWER_INVALID, ServiceError */
  order(): Promise<Order | undefined>;
  /**
   * What people have ordered last of each budget within the environment's, whether it still holds or not; empty: nothing.
   * @throws GuardError ANSWER_INVALID, ServiceError
   */
  budgetOrders(): Promise<BudgetOrders>;
  calibration(): Promise<StoredCalibration | undefined>;
  /** From when on list prices are not trusted, as the health check has read it. @throws GuardError ANSWER_INVALID, ServiceError */
  extendedAccess(): Promise<ExtendedAccess>;
  /** Canary records with `from <= atMs < to`. */
  canaries(from: number, to: number): Promise<readonly CanaryRecord[]>;
}

/** For whoever gives orders: the command line. Each order is audited in the same transaction. */
export interface OrdersPort {
  /** @throws ServiceError */
  give(order: Order): Promise<void>;
  /**
   * Replaces the last order for this budget. Those for others stay, also where several people order at once.
   * @throws GuardError STATE_CONFLICT where others were faster each time, or one for this budget was given in the same
   * millisecond; ANSWER_INVALID where the orders that stand cannot be read; ServiceError
   */
  giveBudgetOrder(budget: BudgetPath, order: BudgetOrder): Promise<void>;
}

/** For cost-check, the only one that calibrates. */
export interface CalibrationPort {
  /** Replaces the last one. @throws ServiceError */
  keepCalibration(calibration: StoredCalibration): Promise<void>;
}
