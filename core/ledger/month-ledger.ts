import type { UtcMonth } from '../calendar';
import { add, nanoUsd, ZERO, type NanoUsd } from '../money';
import type { Reservation, ReserveOutcome } from './ports';
import { Alarms, type After } from './alarms';
import { Book, type Sync } from './book';
import type { BudgetState, MonthRecord } from './budget';
import { MonthBudget, type MonthBudgetDeps } from './month-budget';
import { Contention } from './contention';
import { Demand } from './demand';
import { fitting, heldUp, refusal } from './refusal';
import type { Sizing } from './sizing';
import { WaitingLine, type Later, type Waiting } from './waiting';

export interface LedgerDeps extends MonthBudgetDeps {
  readonly sizing: Sizing;
  /** 0 to 1. */
  readonly random: () => number;
  /** Different each time in all processes: eight letters and digits. */
  readonly newId: () => string;
  /** Runs once after `ms`; the answer cancels it. */
  readonly after: After;
  /** A call that cost more than its bound. */
  readonly overspent?: (reservation: Reservation, spent: NanoUsd) => void;
}

interface Flush {
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

const GIVE_BACK_MS = 250;
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/**
 * One process's ledger for one month. All its writes go through one round at a time: a round settles what has ended and
 * lets in what waits, and so costs one write however many calls it serves.
 */
export class MonthLedger {
  private readonly book: Book;
  private readonly budget: MonthBudget;
  private readonly demand = new Demand();
  private readonly waiting = new WaitingLine();
  private flushes: Flush[] = [];
  private running = false;
  /** A round that nobody waits for. */
  private due = false;
  private renewing = false;
  private closed = false;
  /** What is known of the budget was stored when this round began. */
  private fresh = false;
  private readonly contention: Contention;
  private retryMs = RETRY_MS;
  /** What the last write left free; with half of it used up more is fetched. */
  private lastFree = ZERO;
  private readonly alarms: Alarms<'renew' | 'retry' | 'giveBack'>;

  constructor(
    readonly period: UtcMonth,
    private readonly deps: LedgerDeps,
  ) {
    this.book = new Book(deps.newId);
    this.budget = new MonthBudget(period, deps);
    this.alarms = new Alarms(deps.after);
    this.contention = new Contention(deps);
  }

  /** No call of this month is open, and all is stored. */
  get empty(): boolean {
    return !this.running && this.book.isEmpty;
  }

  reserve(amount: NanoUsd): Reservation | Later {
    this.demand.asked(amount, this.deps.now());
    if (this.waiting.length === 0 && this.mayUseHold()) {
      const reservation = this.authorise(amount);
      if (reservation) {
        const wants = this.book.free * 2 < this.lastFree || this.budget.newStatus() !== undefined;
        // While the store is away one retry after the other is enough.
        if (wants && !this.running && !this.alarms.isSet('retry')) this.kick();
        return reservation;
      }
    }
    return this.queue(amount);
  }

  /** What to wait for until it is stored; in lease mode nothing. @throws LedgerUnavailable */
  settle(reservation: Reservation, spent: NanoUsd, unsettled: NanoUsd): Promise<void> | undefined {
    const bound = this.book.settle(reservation.id, spent, unsettled);
    if (bound !== undefined) {
      this.demand.ended(reservation.id, spent, this.deps.now());
      if (spent > bound) this.deps.overspent?.(reservation, spent);
    }
    return this.stored();
  }

  /** @throws LedgerUnavailable */
  charge(spent: NanoUsd, unsettled: NanoUsd): Promise<void> {
    this.book.charge(spent, unsettled);
    return this.flush();
  }

  private stored(): Promise<void> | undefined {
    if (this.deps.sizing.settlesAtOnce || this.closed) return this.flush();
    if (this.book.free < 0) this.kick();
    else if (this.lastFree === 0 && !this.alarms.isSet('giveBack')) {
      this.alarms.set('giveBack', GIVE_BACK_MS, () => this.kick());
    }
    return undefined;
  }

  /** Gives back all but the bounds of calls in flight. @throws LedgerUnavailable */
  async close(): Promise<void> {
    this.closed = true;
    await this.flush();
  }

  /** Whether calls may be let in without asking the store. */
  private mayUseHold(): boolean {
    const { known } = this.budget;
    if (this.budget.limitIsLowered() || this.book.mayBeTakenForDead(this.deps.now())) return false;
    return known === undefined || this.budget.heldUpFor(known.state) === 0;
  }

  private queue(amount: NanoUsd): Later {
    const later = this.waiting.join(amount);
    this.start();
    return later;
  }

  private authorise(amount: NanoUsd): Reservation | undefined {
    const id = this.book.authorise(amount);
    if (id === undefined) return undefined;
    this.demand.started(id, this.deps.now());
    return { id, period: this.period, amount };
  }

  private async flush(): Promise<void> {
    if (!this.running && this.book.isSettled) return;
    const flushed = new Promise<void>((done, failed) => {
      this.flushes.push({ done, failed });
    });
    this.start();
    await flushed;
  }

  private kick(): void {
    this.due = true;
    this.start();
  }

  private renew(): void {
    this.renewing = true;
    this.kick();
  }

  private start(): void {
    if (!this.running) void this.run();
  }

  private async run(): Promise<void> {
    this.running = true;
    try {
      // One turn, so that calls made together are served together.
      await Promise.resolve();
      while (this.due || this.waiting.length > 0 || this.flushes.length > 0) await this.round();
    } catch (error) {
      this.unavailable(error);
    } finally {
      this.running = false;
    }
  }

  private async round(): Promise<void> {
    const { sizing, now } = this.deps;
    this.due = false;
    const renew = this.renewing;
    this.renewing = false;
    const { state } = await this.refuseUnfitting(await this.current());

    const grants = this.waiting.present();
    const flushes = this.flushes.length;
    const granted = add(...grants.map(({ amount }) => amount));
    const free = this.freeToHold(state, granted);
    const at = Math.ceil(now());
    const sync = this.book.plan({ granted, free }, at, at + sizing.holdMs);
    const { to } = sync.transition;
    if (granted === 0 && sync.spent === 0 && to.amount === this.book.amount && !(renew && to.amount > 0)) {
      return this.served(grants, flushes);
    }
    this.book.sending(sync);
    const { done, stored } = await this.budget.commit(sync.transition);
    this.fresh = stored !== undefined;
    if (done) {
      this.arrived(sync, free);
      return this.served(grants, flushes);
    }
    if (stored) this.learn(stored);
    // What nobody waits for, a hold kept alive or given back, is done by the next round as well.
    this.renewing ||= renew;
    this.due = true;
    await this.contention.overtaken();
  }

  /** The budget as far as the next write needs to know it. */
  private async current(): Promise<MonthRecord> {
    const { known } = this.budget;
    const { wasOvertaken } = this.contention;
    this.fresh &&= wasOvertaken;
    const mustRead = this.book.uncertain || (wasOvertaken && !this.fresh) || this.budget.newStatus() !== undefined;
    if (known && !mustRead) return known;
    const read = await this.budget.read();
    this.fresh = true;
    if (this.book.uncertain) this.learn(read);
    return read;
  }

  private learn({ holds }: MonthRecord): void {
    this.book.learn(holds.find(({ id }) => id === this.book.id));
  }

  private arrived(sync: Sync, free: NanoUsd): void {
    const { to } = sync.transition;
    this.book.arrived(sync);
    this.lastFree = free;
    this.retryMs = RETRY_MS;
    // Nothing is let in by it.
    if (this.book.isMarked) this.due = true;
    const { renewMs } = this.deps.sizing;
    if (renewMs === undefined || to.amount === 0) return;
    this.alarms.set('renew', renewMs, () => this.renew());
  }

  private served(grants: readonly Waiting[], flushes: number): void {
    this.contention.over();
    if (this.waiting.serve(grants, (amount) => this.authorise(amount))) this.due = true;
    for (const { done } of this.flushes.splice(0, flushes)) done();
  }

  private freeToHold(state: BudgetState, granted: NanoUsd): NanoUsd {
    const { sizing, now } = this.deps;
    const idle = sizing.renewMs !== undefined && this.demand.isIdle(sizing.renewMs, now());
    if (this.closed || idle) return ZERO;
    const free = sizing.free({ state, bound: this.demand.bound, recent: this.demand.recentSpend(now()) });
    return nanoUsd(Math.max(0, Math.min(free, this.available(state) - granted)));
  }

  /** To this process: what remains, and what it holds itself and does not use. */
  private available(state: BudgetState): NanoUsd {
    return nanoUsd(state.remaining + this.book.unused);
  }

  /** Refuses those that do not fit, by what is stored now. */
  private async refuseUnfitting(known: MonthRecord): Promise<MonthRecord> {
    if (this.fits(known.state)) return known;
    const fresh = this.fresh ? known : await this.budget.read();
    this.fresh = true;
    if (fresh !== known && this.fits(fresh.state)) return fresh;
    // What has run out is spent: to refuse it softly would have its callers wait for the dead.
    const record = await this.budget.chargeExpired(fresh, this.book.id);
    const { state } = record;
    const heldUpFor = this.budget.heldUpFor(state);
    if (heldUpFor > 0) this.waiting.refuseOthers([], () => heldUp(heldUpFor, this.available(state)));
    else {
      const fits = fitting(this.waiting.amounts, this.available(state));
      this.waiting.refuseOthers(fits, (amount) => this.refusal(state, amount));
    }
    return record;
  }

  private fits(state: BudgetState): boolean {
    if (this.waiting.length > 0 && this.budget.heldUpFor(state) > 0) return false;
    return fitting(this.waiting.amounts, this.available(state)).every(Boolean);
  }

  private refusal(state: BudgetState, amount: NanoUsd): ReserveOutcome {
    const { now } = this.deps;
    return refusal(amount, {
      limit: state.limit,
      spent: add(state.spent, this.book.toStore),
      remaining: this.available(state),
      period: this.period,
      now: now(),
      callSeconds: this.demand.callSeconds(),
    });
  }

  private unavailable(error: unknown): void {
    this.due = false;
    this.contention.over();
    this.waiting.fail(error);
    for (const { failed } of this.flushes.splice(0)) failed(error);
    if (this.book.isSettled) return;
    this.alarms.set('retry', this.retryMs, () => this.renew());
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }
}
