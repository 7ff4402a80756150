import type { UtcMonth } from '../calendar';
import type { CanaryRecord, ExtendedAccess } from '../meter';
import type { KnownSeries, MeterState, StoredCalibration } from './meter-state';
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
}

/** For cost-check, the only one that calibrates. */
export interface CalibrationPort {
  /** Replaces the last one. @throws ServiceError */
  keepCalibration(calibration: StoredCalibration): Promise<void>;
}
