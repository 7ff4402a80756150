import { add, ZERO, type NanoUsd } from '../money';
import type { PeriodKey } from '../shared-budgets';
import { LedgerUnavailable } from './ports';
import {
  adjustment,
  forgotten,
  release,
  restored,
  untouched,
  type BudgetState,
  type BudgetRecord,
  type BudgetWord,
} from './budget';
import { charge, endOfHour, hasRunOut, hourOf, type Transition } from './hold';
import type { Committed, LedgerStore } from './store';

export interface PeriodBudgetDeps {
  readonly store: LedgerStore;
  /** Of a period that nobody has opened and nobody has spoken of; else the stored one, and then that of the last word, counts. */
  readonly limit: NanoUsd;
  /** The last word known of a period; asked on every call, so it must be cheap. Absent: nobody says anything. */
  readonly word?: (period: PeriodKey, known: BudgetState | undefined) => BudgetWord | undefined;
  /** What is left of the periods before, where a period is opened. Default: nothing is carried over. */
  readonly carriedInto?: (period: PeriodKey, limit: NanoUsd) => Promise<NanoUsd>;
  /** The item of a period was there and is gone: it was opened again. */
  readonly lost?: (period: PeriodKey) => void;
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
/** Of the limit, in an hour: so that an outage lasts for five before a budget is eaten, and the meter has spoken by then. */
const UNSETTLED_PART = 0.2;

/** What one process knows of a period's stored budget, and does to it beyond its own hold. */
export class PeriodBudget {
  /** As last read, and what this process wrote since. */
  known: BudgetRecord | undefined;
  private observedAsOf = 0;
  private lookedAt = Number.NEGATIVE_INFINITY;
  /** The last peek that was sent. */
  private peeking: Promise<unknown> = Promise.resolve();
  /** One that is not sent yet. */
  private nextPeek: Promise<BudgetRecord | undefined> | undefined;

  constructor(
    readonly period: PeriodKey,
    private readonly deps: PeriodBudgetDeps,
  ) {}

  /** Of a period that is not open yet, without what is carried over. */
  get limit(): NanoUsd {
    return this.word()?.limit ?? this.deps.limit;
  }

  /** A word on this period that no read has been held against yet. */
  newWord(): BudgetWord | undefined {
    const word = this.word();
    return word && word.asOf > this.observedAsOf ? word : undefined;
  }

  limitIsLowered(): boolean {
    const word = this.newWord();
    if (word === undefined || this.known === undefined) return false;
    const { limit, carried = ZERO } = this.known.state;
    return add(word.limit, carried) < limit;
  }

  /** ms until calls are let in again; 0: they are. */
  heldUpFor({ hours, limit }: BudgetState): number {
    const now = this.deps.now();
    const hour = hourOf(now);
    const charged = hours.find((one) => one.hour === hour)?.unsettled ?? 0;
    if (charged < (this.deps.unsettledPerHour ?? limit * UNSETTLED_PART)) return 0;
    return endOfHour(hour) - now;
  }

  /** Opens the period where nobody has, and applies the last word where nobody has. */
  async read(): Promise<BudgetRecord> {
    const { store } = this.deps;
    let record = await store.read(this.period);
    if (!record) {
      await store.open(this.period, await this.opened());
      record = await this.reread();
    }
    const word = this.word();
    const change = word && adjustment(record.state, word);
    if (change) {
      await store.adjust(this.period, change);
      record = await this.reread();
      const back = release(record, word, this.deps.now());
      if (back) {
        await store.release(this.period, back);
        record = await this.reread();
      }
    }
    this.observedAsOf = record.state.statusAsOf;
    this.known = record;
    return record;
  }

  /**
   * As it is stored now; what is known of it stays, as writes may be on their way. Those who ask while one is on its way share
   * the next: near the cap each of a process's callers asks, and asks again. @throws LedgerUnavailable
   */
  peek(): Promise<BudgetRecord | undefined> {
    return (this.nextPeek ??= this.peekAfter(this.peeking));
  }

  private async peekAfter(before: Promise<unknown>): Promise<BudgetRecord | undefined> {
    await before.catch(() => {});
    this.nextPeek = undefined;
    const peek = this.deps.store.read(this.period);
    this.peeking = peek;
    return peek;
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
  async chargeExpired(record: BudgetRecord, ownHold: string): Promise<BudgetRecord> {
    const { now } = this.deps;
    if (now() - this.lookedAt < LOOK_MS) return record;
    this.lookedAt = now();
    const others = record.holds.filter((hold) => hold.id !== ownHold && hasRunOut(hold, now()));
    const expired = others.slice(0, MOST_CHARGED);
    for (const hold of expired) await this.commit(charge(hold, now()));
    return expired.length === 0 ? record : this.read();
  }

  private word(): BudgetWord | undefined {
    return this.deps.word?.(this.period, this.known?.state);
  }

  private async opened(): Promise<BudgetState> {
    if (this.known !== undefined) {
      this.deps.lost?.(this.period);
      return restored(this.known.state);
    }
    const { limit } = this;
    return untouched(limit, (await this.deps.carriedInto?.(this.period, limit)) ?? ZERO);
  }

  private async reread(): Promise<BudgetRecord> {
    const record = await this.deps.store.read(this.period);
    if (record) return record;
    throw new LedgerUnavailable(`the budget of ${this.period} was there and is gone`);
  }
}

function changed({ state, holds }: BudgetRecord, { to, remaining, spent }: Transition): BudgetRecord {
  const others = holds.filter(({ id }) => id !== to.id);
  return {
    state: { ...state, remaining: add(state.remaining, remaining), spent: add(state.spent, spent) },
    holds: to.amount === 0 ? others : [...others, to],
  };
}
