import { nextMonth, previousMonth, type UtcMonth } from '../../core/calendar';
import { GuardError } from '../../core/errors';
import type { CanaryRecord, ExtendedAccess } from '../../core/meter';
import type {
  KnownSeries,
  MeterState,
  StoredCalibration,
  CalibrationPort,
  MeterStatePort,
  OrdersPort,
} from '../../core/decision';
import type { BudgetOrder, BudgetOrders, BudgetPath } from '../../core/shared-budgets';
import type { Order } from '../../core/stop-lines';

/**
 * The meter's items of one environment. Items are kept as they are and not as text: nobody changes one in place, and a month
 * has 44,640 ticks. That everything in them survives a table is tested with `fakes/meter-state.ts`.
 */
export class MeterStore implements MeterStatePort, OrdersPort, CalibrationPort {
  private readonly months = new Map<UtcMonth, MeterState>();
  private readonly shown = new Map<UtcMonth, KnownSeries>();
  private readonly canaryCalls: CanaryRecord[] = [];
  private standing: Order | undefined;
  private standingOfBudgets: BudgetOrders = {};
  private calibrated: StoredCalibration | undefined;
  private dates: ExtendedAccess = {};

  async latest(month: UtcMonth): Promise<MeterState | undefined> {
    return this.months.get(nextMonth(month)) ?? this.months.get(month) ?? this.months.get(previousMonth(month));
  }

  async save(state: MeterState, replaces: number): Promise<void> {
    if ((this.months.get(state.month)?.revision ?? 0) !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of meter/${state.month} first`);
    }
    this.months.set(state.month, state);
  }

  async series(month: UtcMonth): Promise<KnownSeries | undefined> {
    return this.shown.get(month);
  }

  async saveSeries(series: KnownSeries): Promise<void> {
    this.shown.set(series.month, series);
  }

  async order(): Promise<Order | undefined> {
    return this.standing;
  }

  async give(order: Order): Promise<void> {
    this.standing = order;
  }

  async budgetOrders(): Promise<BudgetOrders> {
    return this.standingOfBudgets;
  }

  async giveBudgetOrder(budget: BudgetPath, order: BudgetOrder): Promise<void> {
    this.standingOfBudgets = { ...this.standingOfBudgets, [budget]: order };
  }

  async calibration(): Promise<StoredCalibration | undefined> {
    return this.calibrated;
  }

  async keepCalibration(calibration: StoredCalibration): Promise<void> {
    this.calibrated = calibration;
  }

  async extendedAccess(): Promise<ExtendedAccess> {
    return this.dates;
  }

  keepExtendedAccess(dates: ExtendedAccess): void {
    this.dates = dates;
  }

  async canaries(from: number, to: number): Promise<readonly CanaryRecord[]> {
    const found: CanaryRecord[] = [];
    for (let at = this.canaryCalls.length - 1; at >= 0; at--) {
      const record = this.canaryCalls[at]!;
      if (record.atMs < from) break;
      if (record.atMs < to) found.unshift(record);
    }
    return found;
  }

  keepCanary(record: CanaryRecord): void {
    this.canaryCalls.push(record);
  }

  /** Every call of the canary so far, oldest first. */
  get canaryRecords(): readonly CanaryRecord[] {
    return this.canaryCalls;
  }
}
