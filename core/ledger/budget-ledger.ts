import { dayStart, type UtcDay } from '../calendar';
import type { NanoUsd } from '../money';
import {
  type BudgetPath,
  type BudgetPeriod,
  isWithin,
  periodAt,
  periodEnd,
  type PeriodKey,
  periodStart,
} from '../shared-budgets';
import type { Reservation } from './ports';
import { PeriodLedger, type LedgerDeps } from './period-ledger';

/** One process's ledgers for one budget: of the running period, and of earlier ones whose calls have not ended. */
export class BudgetLedger {
  private readonly periods = new Map<PeriodKey, PeriodLedger>();
  private now: { readonly from: number; readonly to: number; readonly ledger: PeriodLedger } | undefined;

  /** @param above that of the budget which this one is within */
  constructor(
    readonly path: BudgetPath,
    private readonly period: BudgetPeriod,
    private readonly deps: LedgerDeps,
    private readonly above?: BudgetLedger,
  ) {}

  /** Of the running period, which is opened where it has just begun. */
  get running(): PeriodLedger {
    const now = this.deps.now();
    if (this.now && now >= this.now.from && now < this.now.to) return this.now.ledger;
    const period = periodAt(this.period, now);
    const ledger = this.periods.get(period) ?? this.opened(period);
    this.now = { from: periodStart(period), to: periodEnd(period), ledger };
    return ledger;
  }

  /** Undefined where a reservation is of an earlier process, or of a period that has been dropped: charged in full already. */
  settle(reservation: Reservation, spent: NanoUsd, unsettled: NanoUsd): Promise<void> | undefined {
    return this.periods.get(reservation.period)?.settle(reservation, spent, unsettled);
  }

  /** Of the period that has the day in it. */
  on(day: UtcDay): PeriodLedger {
    return this.of(periodAt(this.period, dayStart(day)));
  }

  async close(): Promise<void> {
    await Promise.all([...this.periods.values()].map((ledger) => ledger.close()));
  }

  private of(period: PeriodKey): PeriodLedger {
    const known = this.periods.get(period);
    if (known) return known;
    const ledger = new PeriodLedger(period, this.deps, this.periodAbove(period));
    this.periods.set(period, ledger);
    return ledger;
  }

  private opened(period: PeriodKey): PeriodLedger {
    // A period that has ended gives back what it does not need, and stays for its calls in flight.
    for (const [key, ended] of this.periods) {
      if (ended.empty) this.periods.delete(key);
      else void ended.close().catch(() => {});
    }
    return this.of(period);
  }

  /** No week is in a month: what is held in one then stands for itself. */
  private periodAbove(period: PeriodKey): PeriodLedger | undefined {
    if (!this.above) return undefined;
    const key = periodAt(this.above.period, periodStart(period));
    return isWithin(period, key) ? this.above.of(key) : undefined;
  }
}
