import { add, ZERO, type NanoUsd } from '../money';
import type { PeriodKey } from '../shared-budgets';
import type { Reservation } from './ports';
import { Admission } from './admission';
import { Alarms, type After } from './alarms';
import { Book, type Sync } from './book';
import type { BudgetRecord } from './budget';
import { PeriodBudget, type PeriodBudgetDeps } from './period-budget';
import { Contention } from './contention';
import { Demand } from './demand';
import { Flushes } from './flushes';
import { type Above, Headroom } from './headroom';
import { Rooms, type Roomy } from './rooms';
import type { Sizing } from './sizing';
import { WaitingLine, type Later, type Waiting } from './waiting';

export interface LedgerDeps extends PeriodBudgetDeps {
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

const GIVE_BACK_MS = 250;
const RETRY_MS = 1000;
const LONGEST_RETRY_MS = 30_000;

/**
 * One process's ledger for one budget in one period. All its writes go through one round at a time: a round settles what has ended and
 * lets in what waits, and so costs one write however many calls it serves.
 */
export class PeriodLedger implements Roomy, Above {
  readonly book: Book;
  readonly budget: PeriodBudget;
  readonly demand = new Demand();
  readonly admission: Admission;
  readonly headroom: Headroom;
  private readonly waiting = new WaitingLine<PeriodLedger | undefined>();
  private readonly flushes = new Flushes();
  private running = false;
  /** A round that nobody waits for. */
  private due = false;
  private renewing = false;
  /** What is known of the budget was stored when this round began. */
  private fresh = false;
  private readonly contention: Contention;
  private retryMs = RETRY_MS;
  /** What the last write left free; with half of it used up more is fetched. */
  private lastFree = ZERO;
  private readonly alarms: Alarms<'renew' | 'retry' | 'giveBack'>;
  /** Of the budgets within this one. */
  readonly rooms = new Rooms();
  /** Of what the last write left free, what was for them. */
  private kept = ZERO;

  /** @param above of the budget that this one is within, in a period that holds this one whole; absent: there is none such */
  constructor(
    readonly period: PeriodKey,
    private readonly deps: LedgerDeps,
    private readonly above?: PeriodLedger,
  ) {
    above?.rooms.add(this);
    this.book = new Book(deps.newId);
    this.budget = new PeriodBudget(period, deps);
    this.alarms = new Alarms(deps.after);
    this.contention = new Contention(deps);
    this.admission = new Admission(period, deps, this);
    this.headroom = new Headroom(deps, this, above);
  }

  /** No call of this period is open, and all is stored. */
  get empty(): boolean {
    return !this.running && this.book.isEmpty;
  }

  get mostCharged(): NanoUsd {
    return this.book.mostCharged;
  }

  get wanted(): NanoUsd {
    return this.headroom.wanted;
  }

  reconsider(): void {
    if (!this.running && !this.alarms.isSet('retry')) this.kick();
  }

  async hold(): Promise<void> {
    // Where the store does not answer those within hold no more.
    await this.nextRound().catch(() => {});
  }

  /**
   * Whether it can be reserved without a request.
   * @param within a ledger of a budget within this one that reserves the same at once, of what it holds
   */
  covers(amount: NanoUsd, within?: PeriodLedger): boolean {
    if (this.waiting.length > 0) return false;
    const claimed = within?.above === this ? this.rooms.claimedAfter(within, amount) : this.rooms.claimed;
    return this.book.free - claimed >= amount && this.mayUseHold();
  }

  /** @param within the ledger of a budget within this one that reserves the same next */
  reserve(amount: NanoUsd, within?: PeriodLedger): Reservation | Later {
    if (this.covers(amount)) return this.take(amount, within);
    this.demand.asked(amount, this.deps.now());
    const later = this.waiting.join(amount, within);
    this.start();
    return later;
  }

  /** A call that has reserved here has by now reserved in the budget within as well, or never will. */
  arrivedWithin(id: string): void {
    this.rooms.arrived(id);
  }

  /** What it {@link covers}. */
  take(amount: NanoUsd, within?: PeriodLedger): Reservation {
    this.demand.asked(amount, this.deps.now());
    const reservation = this.authorise(amount, within);
    if (!reservation) throw new RangeError('more than what the hold covers was taken of it');
    const wants = this.book.free * 2 < this.lastFree || this.budget.newWord() !== undefined;
    // While the store is away one retry after the other is enough.
    if (wants && !this.running && !this.alarms.isSet('retry')) this.kick();
    return reservation;
  }

  /** What to wait for until it is stored; in lease mode nothing. @throws LedgerUnavailable */
  settle(reservation: Reservation, spent: NanoUsd, unsettled: NanoUsd): Promise<void> | undefined {
    const bound = this.book.settle(reservation.id, spent, unsettled);
    if (bound !== undefined) {
      this.demand.ended(reservation.id, spent, this.deps.now());
      if (spent > bound) this.deps.overspent?.(reservation, spent);
      this.rooms.ended(reservation.id, spent);
    }
    return this.stored();
  }

  /**
   * What was spent without a reservation; {@link flush} stores it.
   * @param within the ledger of a budget within this one that is charged the same next
   */
  charge(spent: NanoUsd, unsettled: NanoUsd, within?: PeriodLedger): void {
    this.book.charge(spent, unsettled);
    if (within?.above === this) this.rooms.charged(within, spent);
  }

  private stored(): Promise<void> | undefined {
    if (this.deps.sizing.settlesAtOnce || this.headroom.isClosed) return this.flush();
    if (this.book.free < 0) this.kick();
    else if (this.lastFree === 0 && !this.alarms.isSet('giveBack')) {
      this.alarms.set('giveBack', GIVE_BACK_MS, () => this.kick());
    }
    return undefined;
  }

  /** Gives back all but the bounds of calls in flight. @throws LedgerUnavailable */
  async close(): Promise<void> {
    this.headroom.isClosed = true;
    await this.flush();
  }

  /** Whether calls may be let in without asking the store. */
  private mayUseHold(): boolean {
    const { known } = this.budget;
    if (this.budget.limitIsLowered() || this.book.mayBeTakenForDead(this.deps.now())) return false;
    return known === undefined || this.budget.heldUpFor(known.state) === 0;
  }

  private authorise(amount: NanoUsd, within: PeriodLedger | undefined): Reservation | undefined {
    const id = this.book.authorise(amount);
    if (id === undefined) return undefined;
    if (within?.above === this) this.rooms.began(id, within, amount);
    this.demand.started(id, this.deps.now());
    return { id, period: this.period, amount };
  }

  /** Until all is stored. @throws LedgerUnavailable */
  async flush(): Promise<void> {
    if (!this.running && this.book.isSettled) return;
    await this.nextRound();
  }

  private async nextRound(): Promise<void> {
    const flushed = this.flushes.wait();
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
    const { record, isFresh } = await this.admission.refuseUnfitting(this.waiting, await this.current(), this.fresh);
    const { state } = record;
    this.fresh = isFresh;

    const grants = this.waiting.present();
    const flushes = this.flushes.length;
    const granted = add(...grants.map(({ amount }) => amount));
    if (this.above) await this.headroom.ask(state, granted);
    const free = this.headroom.free(state, granted);
    const kept = this.rooms.held;
    const at = Math.ceil(now());
    const sync = this.book.plan({ granted, free, kept }, at, at + sizing.holdMs);
    const { to } = sync.transition;
    if (granted === 0 && sync.spent === 0 && to.amount === this.book.amount && !(renew && to.amount > 0)) {
      this.headroom.wanted = ZERO;
      return this.served(grants, flushes);
    }
    this.book.sending(sync);
    this.headroom.wanted = ZERO;
    const { done, stored } = await this.budget.commit(sync.transition);
    this.fresh = stored !== undefined;
    if (done) {
      this.arrived(sync, free);
      this.kept = kept;
      return this.served(grants, flushes);
    }
    if (stored) this.learn(stored);
    // What nobody waits for, a hold kept alive or given back, is done by the next round as well.
    this.renewing ||= renew;
    this.due = true;
    await this.contention.overtaken();
  }

  /** The budget as far as the next write needs to know it. */
  private async current(): Promise<BudgetRecord> {
    const { known } = this.budget;
    const { wasOvertaken } = this.contention;
    this.fresh &&= wasOvertaken;
    const mustRead = this.book.uncertain || (wasOvertaken && !this.fresh) || this.budget.newWord() !== undefined;
    if (known && !mustRead) return known;
    const read = await this.budget.read();
    this.fresh = true;
    if (this.book.uncertain) this.learn(read);
    return read;
  }

  private learn({ holds }: BudgetRecord): void {
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

  private served(grants: readonly Waiting<PeriodLedger | undefined>[], flushes: number): void {
    this.contention.over();
    if (this.waiting.serve(grants, ({ amount, within }) => this.authorise(amount, within))) this.due = true;
    this.flushes.done(flushes);
    this.above?.lowered();
  }

  /** A ledger within holds less: what was kept for it is given back. */
  private lowered(): void {
    if (this.kept > this.rooms.held && !this.running) this.kick();
  }

  private unavailable(error: unknown): void {
    this.due = false;
    this.contention.over();
    this.book.forsaken();
    this.waiting.fail(error);
    this.flushes.fail(error);
    if (this.book.isSettled) return;
    this.alarms.set('retry', this.retryMs, () => this.renew());
    this.retryMs = Math.min(this.retryMs * 2, LONGEST_RETRY_MS);
  }
}
