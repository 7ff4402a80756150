import { add, nanoUsd, ZERO, type NanoUsd } from '../money';
import type { Book } from './book';
import type { BudgetState } from './budget';
import type { Demand } from './demand';
import type { PeriodBudget } from './period-budget';
import type { Rooms } from './rooms';
import type { Sizing } from './sizing';

interface Known {
  readonly budget: PeriodBudget;
  readonly book: Book;
  readonly rooms: Rooms;
  readonly demand: Demand;
}

/** The ledger of the budget that one is within. */
export interface Above {
  readonly headroom: Headroom;
  /** Writes what is wanted of it, where there is room. */
  hold(): Promise<void>;
}

/** How much a process holds of a budget for calls to come: of its own, and of budgets within it. */
export class Headroom {
  /** All that the process is charged once it has written what it is about to. */
  wanted = ZERO;
  /** Nothing is held for calls to come any more. */
  isClosed = false;

  constructor(
    private readonly deps: { readonly sizing: Sizing; readonly now: () => number },
    private readonly known: Known,
    private readonly above?: Above,
  ) {}

  /** Has as much held above first, where it is not. */
  async ask(state: BudgetState, granted: NanoUsd): Promise<void> {
    const { book } = this.known;
    if (!this.above) return;
    const charged = add(book.used, this.wish(state, granted));
    if (charged <= book.mostCharged) return;
    this.wanted = charged;
    if (!this.above.headroom.backsAll) await this.above.hold();
  }

  /** What the next write leaves free: as much as is wished for, and is held above. Nothing may come between it and the write. */
  free(state: BudgetState, granted: NanoUsd): NanoUsd {
    const wish = this.wish(state, granted);
    if (!this.above) return wish;
    const { book, rooms } = this.known;
    const most = this.above.headroom.backsAll ? Math.max(this.wanted, book.mostCharged) : book.mostCharged;
    return nanoUsd(Math.max(rooms.held, Math.min(wish, most - book.used)));
  }

  /** Whether the budgets within can write what they are about to: nothing that is held here comes to less. */
  get backsAll(): boolean {
    return this.known.book.free >= this.known.rooms.claimed;
  }

  private wish(state: BudgetState, granted: NanoUsd): NanoUsd {
    const { book, rooms } = this.known;
    const most = Math.max(0, state.remaining + book.unused - granted);
    const wish = Math.max(this.ownWish(state), rooms.claimed);
    return nanoUsd(Math.max(Math.min(wish, most), rooms.held));
  }

  private ownWish(state: BudgetState): number {
    const { sizing, now } = this.deps;
    const { demand } = this.known;
    const isIdle = sizing.renewMs !== undefined && demand.isIdle(sizing.renewMs, now());
    if (this.isClosed || isIdle) return 0;
    const wish = sizing.free({ state, bound: demand.bound, recent: demand.recentSpend(now()) });
    // A small part of a large budget may be all that is left of the one it is within.
    const { known: above } = this.above?.headroom.known.budget ?? {};
    return this.above && above ? Math.min(wish, this.above.headroom.ownWish(above.state)) : wish;
  }
}
