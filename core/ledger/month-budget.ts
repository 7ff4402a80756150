import type { UtcMonth } from '../calendar';
import { add, type NanoUsd } from '../money';
import type { GuardStatus } from '../ports/guard-status';
import { LedgerUnavailable } from '../ports/ledger';
import { adjustment, untouched, type BudgetState } from './budget';
import { charge, GRACE_MS, hasRunOut } from './hold';
import type { LedgerStore } from './store';

export interface MonthBudgetDeps {
  readonly store: LedgerStore;
  /** Of a month that nobody has opened and the meter has not spoken of; else the stored one, and then the meter's, counts. */
  readonly limit: NanoUsd;
  /** The last status known; asked on every call, so it must be cheap. Absent: no meter. */
  readonly status?: () => GuardStatus | undefined;
  /** ms since the epoch. */
  readonly now: () => number;
  /** Different each time in all processes, at most 36 characters. */
  readonly newId: () => string;
}

/** Between two looks for holds that ran out. */
const LOOK_MS = 10_000;

/** What one process knows of a month's stored budget, and does to it beyond its own hold. */
export class MonthBudget {
  /** As last read, and what this process wrote since. */
  known: BudgetState | undefined;
  private observedAsOf = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(
    readonly period: UtcMonth,
    private readonly deps: MonthBudgetDeps,
  ) {}

  /** A status of this month that no read has been held against yet. */
  newStatus(): GuardStatus | undefined {
    const status = this.status();
    return status && status.asOf > this.observedAsOf ? status : undefined;
  }

  limitIsLowered(): boolean {
    const status = this.newStatus();
    return status !== undefined && this.known !== undefined && status.limit < this.known.limit;
  }

  /** Opens the month where nobody has, and applies the meter's word where nobody has. */
  async read(): Promise<BudgetState> {
    const { store, limit } = this.deps;
    const status = this.status();
    let state = await store.state(this.period);
    if (!state) {
      await store.open(this.period, untouched(status?.limit ?? limit));
      state = await this.reread();
    }
    const change = status && adjustment(state, status);
    if (change) {
      await store.adjust(this.period, change);
      state = await this.reread();
    }
    this.observedAsOf = state.statusAsOf;
    this.known = state;
    return state;
  }

  wrote(state: BudgetState, change: { readonly remaining: NanoUsd; readonly spent: NanoUsd }): void {
    this.known = {
      ...state,
      remaining: add(state.remaining, change.remaining),
      spent: add(state.spent, change.spent),
    };
  }

  /** Charges the holds of other processes that ran out, at most every ten seconds. */
  async chargeExpired(state: BudgetState, ownHold: string): Promise<BudgetState> {
    const { store, now, newId } = this.deps;
    if (now() - this.lookedAt < LOOK_MS) return state;
    this.lookedAt = now();
    const found = await store.expiredHolds(this.period, now() - GRACE_MS);
    const expired = found.filter((hold) => hold.id !== ownHold && hasRunOut(hold, now()));
    for (const hold of expired) await store.commit(this.period, charge(hold), newId());
    return expired.length === 0 ? state : this.read();
  }

  private status(): GuardStatus | undefined {
    const status = this.deps.status?.();
    return status?.month === this.period ? status : undefined;
  }

  private async reread(): Promise<BudgetState> {
    const state = await this.deps.store.state(this.period);
    if (state) return state;
    throw new LedgerUnavailable(`the budget of ${this.period} was there and is gone`);
  }
}
