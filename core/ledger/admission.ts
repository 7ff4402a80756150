import { add, nanoUsd, type NanoUsd } from '../money';
import { type BudgetPath, type BudgetView, ENVIRONMENT_BUDGET, periodEnd, type PeriodKey } from '../shared-budgets';
import type { Book } from './book';
import { type BudgetRecord, type BudgetState, unexplained, untouched } from './budget';
import type { Demand } from './demand';
import type { PeriodBudget } from './period-budget';
import type { CompleteSpend, ReserveOutcome } from './ports';
import { fitting, heldUp, refusal } from './refusal';
import type { Rooms } from './rooms';
import type { WaitingLine } from './waiting';

type WaitingCalls = Pick<WaitingLine, 'length' | 'amounts' | 'refuseOthers'>;

/** For so long after a refusal others are likely. */
const TIGHT_MS = 60_000;

/** What one process knows of a budget in a period. */
interface Known {
  readonly budget: PeriodBudget;
  readonly book: Book;
  readonly rooms: Rooms;
  readonly demand: Demand;
}

/** Which calls a budget has room for, and what it says to the others and to those who ask. */
export class Admission {
  private refusedAt = Number.NEGATIVE_INFINITY;
  private readonly resetsAt: number;

  constructor(
    private readonly period: PeriodKey,
    private readonly deps: { readonly now: () => number },
    private readonly known: Known,
  ) {
    this.resetsAt = periodEnd(period);
  }

  /** Refused of late. */
  get isTight(): boolean {
    return this.deps.now() - this.refusedAt < TIGHT_MS;
  }

  /** Refuses those that do not fit, by what is stored now. @param isFresh whether that is what is known */
  async refuseUnfitting(
    waiting: WaitingCalls,
    known: BudgetRecord,
    isFresh: boolean,
  ): Promise<{ readonly record: BudgetRecord; readonly isFresh: boolean }> {
    const { budget, book } = this.known;
    if (this.fits(waiting, known.state)) return { record: known, isFresh };
    const fresh = isFresh ? known : await budget.read();
    if (fresh !== known && this.fits(waiting, fresh.state)) return { record: fresh, isFresh: true };
    // What has run out is spent: to refuse it softly would have its callers wait for the dead.
    const record = await budget.chargeExpired(fresh, book.id);
    const { state } = record;
    const isHeldUp = budget.heldUpFor(state) > 0;
    const fits = isHeldUp ? [] : fitting(waiting.amounts, this.available(state));
    waiting.refuseOthers(fits, (amount) => this.refusal(state, amount));
    return { record, isFresh: true };
  }

  /** Why it would be refused, by what is stored now; undefined: it fits. Reserves nothing. @throws LedgerUnavailable */
  async wouldRefuse(amount: NanoUsd): Promise<ReserveOutcome | undefined> {
    const state = (await this.known.budget.peek())?.state;
    if (state === undefined) return undefined;
    const fits = this.known.budget.heldUpFor(state) === 0 && this.available(state) >= amount;
    return fits ? undefined : this.refusal(state, amount);
  }

  /** As this process last heard of it; undefined where it has not asked yet. */
  view(budget: BudgetPath = ENVIRONMENT_BUDGET): BudgetView | undefined {
    const state = this.known.budget.known?.state;
    return state && this.viewOf(state, budget);
  }

  /** As it is stored now. @throws LedgerUnavailable */
  async look(budget: BudgetPath = ENVIRONMENT_BUDGET): Promise<BudgetView> {
    const record = await this.known.budget.peek();
    return this.viewOf(record?.state ?? untouched(this.known.budget.limit), budget);
  }

  /** Of what the meter has seen by `complete`, what no caller has settled here; undefined where nothing is known. */
  unexplained(complete: CompleteSpend): NanoUsd | undefined {
    const state = this.known.budget.known?.state;
    return state && unexplained(state, complete);
  }

  private viewOf(state: BudgetState, budget: BudgetPath): BudgetView {
    const { book } = this.known;
    const { limit } = state;
    const spent = add(state.spent, book.toStore);
    const remaining = nanoUsd(state.remaining + book.unused);
    const held = nanoUsd(limit - spent - remaining);
    return { budget, period: this.period, limit, spent, held, remaining, resetsAt: this.resetsAt };
  }

  /** To this process: what remains, and what it holds itself and is for no call yet. */
  private available(state: BudgetState): NanoUsd {
    const { book, rooms } = this.known;
    return nanoUsd(state.remaining + book.unused - rooms.claimed);
  }

  private fits({ length, amounts }: WaitingCalls, state: BudgetState): boolean {
    if (length > 0 && this.known.budget.heldUpFor(state) > 0) return false;
    return fitting(amounts, this.available(state)).every(Boolean);
  }

  private refusal(state: BudgetState, amount: NanoUsd): ReserveOutcome {
    const { now } = this.deps;
    const { budget, book, demand, rooms } = this.known;
    this.refusedAt = now();
    rooms.giveBack();
    const remaining = this.available(state);
    const heldUpFor = budget.heldUpFor(state);
    if (heldUpFor > 0) return heldUp(heldUpFor, remaining);
    return refusal(amount, {
      limit: state.limit,
      spent: add(state.spent, book.toStore),
      remaining,
      period: this.period,
      now: now(),
      callSeconds: demand.callSeconds(),
    });
  }
}
