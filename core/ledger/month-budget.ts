import type { UtcMonth } from '../calendar';
import { add, type NanoUsd } from '../money';
import { type GuardStatus, LedgerUnavailable } from './ports';
import { adjustment, forgotten, release, untouched, type BudgetState, type MonthRecord } from './budget';
import { charge, endOfHour, hasRunOut, hourOf, type Transition } from './hold';
import type { Committed, LedgerStore } from './store';

export interface MonthBudgetDeps {
  readonly store: LedgerStore;
  /** Of a month that nobody has opened and the meter has not spoken of; else the stored one, and then the meter's, counts. */
  readonly limit: NanoUsd;
  /** The last status known; asked on every call, so it must be cheap. Absent: no meter. */
  readonly status?: () => GuardStatus | undefined;
  /** ms since the epoch. */
  readonly now: () => number;
  /**
   * What may be charged in an hour without known usage; then nothing is let in until the next.
   * @default - a fifth of the limit
   */
  readonly unsettledPerHour?: NanoUsd;
}

/** Between two looks for holds that ran out. */
const LOOK_MS = 10_000;
/** In one look, for which a call waits: a write each. */
const MOST_CHARGED = 20;
/** Of the limit, in an hour: so that an outage lasts for two before the month is eaten, and the meter has spoken by then. */
const UNSETTLED_PART = 0.2;

/** What one process knows of a month's stored budget, and does to it beyond its own hold. */
export class MonthBudget {
  /** As last read, and what this process wrote since. */
  known: MonthRecord | undefined;
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
    return status !== undefined && this.known !== undefined && status.limit < this.known.state.limit;
  }

  /** ms until calls are let in again; 0: they are. */
  heldUpFor({ hours, limit }: BudgetState): number {
    const now = this.deps.now();
    const hour = hourOf(now);
    const charged = hours.find((one) => one.hour === hour)?.unsettled ?? 0;
    if (charged < (this.deps.unsettledPerHour ?? limit * UNSETTLED_PART)) return 0;
    return endOfHour(hour) - now;
  }

  /** Opens the month where nobody has, and applies the meter's word where nobody has. */
  async read(): Promise<MonthRecord> {
    const { store, limit } = this.deps;
    const status = this.status();
    let record = await store.read(this.period);
    if (!record) {
      await store.open(this.period, untouched(status?.limit ?? limit));
      record = await this.reread();
    }
    const change = status && adjustment(record.state, status);
    if (change) {
      await store.adjust(this.period, change);
      record = await this.reread();
      const back = release(record, status, this.deps.now());
      if (back) {
        await store.release(this.period, back);
        record = await this.reread();
      }
    }
    this.observedAsOf = record.state.statusAsOf;
    this.known = record;
    return record;
  }

  /** @throws LedgerUnavailable */
  async commit(change: Transition): Promise<Committed> {
    const { store, now } = this.deps;
    const committed = await store.commit(this.period, change, this.known ? forgotten(this.known.state, now()) : []);
    if (committed.stored) this.known = committed.stored;
    else if (committed.done && this.known) this.known = changed(this.known, change);
    return committed;
  }

  /** Charges the holds of other processes that ran out, at most every ten seconds. */
  async chargeExpired(record: MonthRecord, ownHold: string): Promise<MonthRecord> {
    const { now } = this.deps;
    if (now() - this.lookedAt < LOOK_MS) return record;
    this.lookedAt = now();
    const others = record.holds.filter((hold) => hold.id !== ownHold && hasRunOut(hold, now()));
    const expired = others.slice(0, MOST_CHARGED);
    for (const hold of expired) await this.commit(charge(hold, now()));
    return expired.length === 0 ? record : this.read();
  }

  private status(): GuardStatus | undefined {
    const status = this.deps.status?.();
    return status?.month === this.period ? status : undefined;
  }

  private async reread(): Promise<MonthRecord> {
    const record = await this.deps.store.read(this.period);
    if (record) return record;
    throw new LedgerUnavailable(`the budget of ${this.period} was there and is gone`);
  }
}

function changed({ state, holds }: MonthRecord, { to, remaining, spent }: Transition): MonthRecord {
  const others = holds.filter(({ id }) => id !== to.id);
  return {
    state: { ...state, remaining: add(state.remaining, remaining), spent: add(state.spent, spent) },
    holds: to.amount === 0 ? others : [...others, to],
  };
}
