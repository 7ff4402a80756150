import { dayStart, utcMonth, type UtcMonth } from '../calendar';
import { nanoUsd, ZERO } from '../money';
import type { PeriodKey } from '../shared-budgets';
import { LedgerUnavailable, type LedgerPort } from './ports';
import { MonthLedger, type LedgerDeps } from './month-ledger';

export interface LedgerOptions extends LedgerDeps {
  /** Within which every promise of the port is kept or broken. */
  readonly timeoutMs: number;
}

/** The budget of the environment for one process; the store and the sizing say how it is kept, and how fast it is. */
export function makeLedger(options: LedgerOptions): LedgerPort {
  const { now } = options;
  const months = new Map<PeriodKey, MonthLedger>();

  const inTime = <T>(answer: Promise<T>, giveUp: () => void = () => {}): Promise<T> =>
    new Promise((resolve, reject) => {
      const cancel = options.after(options.timeoutMs, () => {
        giveUp();
        reject(new LedgerUnavailable(`the ledger's store did not answer within ${options.timeoutMs} ms`));
      });
      answer.then(resolve, reject).finally(cancel);
    });

  const ledger = (period: UtcMonth): MonthLedger => {
    const known = months.get(period);
    if (known) return known;
    // A month that has ended gives back what it does not need, and stays for its calls in flight.
    for (const [month, ended] of months) {
      if (ended.empty) months.delete(month);
      else void ended.close().catch(() => {});
    }
    const opened = new MonthLedger(period, options);
    months.set(period, opened);
    return opened;
  };

  return {
    async reserve(amount) {
      atLeastZero(amount);
      const reserved = ledger(utcMonth(now())).reserve(amount);
      if (!('outcome' in reserved)) return { kind: 'reserved', reservation: reserved };
      return inTime(reserved.outcome, () => reserved.giveUp());
    },

    async settle(reservation, spent, unsettled = ZERO) {
      atLeastZero(spent);
      atLeastZero(unsettled);
      // A reservation of an earlier process, or of a month that has been dropped: charged in full already.
      const stored = months.get(reservation.period)?.settle(reservation, spent, unsettled);
      if (stored) await inTime(stored);
    },

    async charge(day, spent, unsettled) {
      atLeastZero(spent);
      atLeastZero(unsettled);
      const period = utcMonth(dayStart(day));
      const month = months.get(period) ?? new MonthLedger(period, options);
      months.set(period, month);
      await inTime(month.charge(spent, unsettled));
    },

    async close() {
      await inTime(Promise.all([...months.values()].map((month) => month.close())));
    },
  };
}

/** One amount that is none would fail the write that it shares with others. */
function atLeastZero(amount: number): void {
  if (nanoUsd(amount) < 0) throw new RangeError(`an amount is at least $0, got ${amount} nano-dollars`);
}
