import { add, nanoUsd, subtract, ZERO, type NanoUsd } from '../money';
import { transition, type Hold, type Transition } from './hold';

/** A write that was sent: what it settles is known to be stored only once its hold is. */
export interface Sync {
  readonly token: string;
  readonly transition: Transition;
  readonly spent: NanoUsd;
}

/**
 * One process's side of its hold: which calls are covered, and what is spent and not yet stored. A call is let in only
 * where the stored amount covers it, whichever of the writes on their way has arrived.
 */
export class Book {
  private hold: Hold | undefined;
  /** Bounds of the calls in flight, by reservation. */
  private readonly inFlight = new Map<string, NanoUsd>();
  /** Their sum. */
  private reserved = ZERO;
  private unsettled = ZERO;
  /** Calls of a hold that is gone: it was charged for them. */
  private readonly chargedAlready = new Map<string, NanoUsd>();
  /** All that replace the hold's present revision; at most one of them ever does. */
  private sent: Sync[] = [];
  private calls = 0;
  /** A write went out without an answer: the hold must be read before the next. */
  uncertain = false;

  private holdId: string;

  constructor(private readonly newId: () => string) {
    this.holdId = newId();
  }

  get id(): string {
    return this.holdId;
  }

  get amount(): NanoUsd {
    return this.hold?.amount ?? ZERO;
  }

  /** Held for nothing, once all is stored; below zero where a call cost more than its bound. */
  get unused(): NanoUsd {
    return nanoUsd(this.amount - this.unsettled - this.reserved);
  }

  /** The store knows all that is spent, and holds the bounds of calls in flight and no more. */
  get isSettled(): boolean {
    return !this.uncertain && this.unsettled === 0 && this.amount === this.reserved;
  }

  get isEmpty(): boolean {
    return this.isSettled && this.inFlight.size === 0 && this.chargedAlready.size === 0;
  }

  get toSettle(): NanoUsd {
    return this.unsettled;
  }

  /** What calls can be let in on now, whatever becomes of the writes sent. */
  get free(): NanoUsd {
    let least = this.amount - this.unsettled;
    for (const { transition, spent } of this.sent)
      least = Math.min(least, transition.to.amount - this.unsettled + spent);
    return nanoUsd(least - this.reserved);
  }

  /** The reservation's id; undefined where the hold does not cover it. */
  authorise(amount: NanoUsd): string | undefined {
    if (this.free < amount) return undefined;
    const id = `${this.holdId}.${++this.calls}`;
    this.inFlight.set(id, amount);
    this.reserved = add(this.reserved, amount);
    return id;
  }

  /** The bound of a call that ends now; undefined where it ended before. */
  settle(id: string, spent: NanoUsd): NanoUsd | undefined {
    const bound = this.inFlight.get(id);
    if (bound !== undefined) {
      this.inFlight.delete(id);
      this.reserved = subtract(this.reserved, bound);
      this.unsettled = add(this.unsettled, spent);
      return bound;
    }
    const charged = this.chargedAlready.get(id);
    if (charged === undefined) return undefined;
    this.chargedAlready.delete(id);
    this.unsettled = nanoUsd(this.unsettled + Math.max(0, spent - charged));
    return charged;
  }

  /** A write that settles what is unsettled, lets in calls of `granted` and keeps `free` beside. */
  plan({ granted, free }: { readonly granted: NanoUsd; readonly free: NanoUsd }, expiresAtMs: number): Sync {
    const token = this.newId();
    const to: Hold = {
      id: this.holdId,
      revision: (this.hold?.revision ?? 0) + 1,
      claim: 'active',
      amount: add(this.reserved, granted, free),
      expiresAtMs,
      writtenBy: token,
    };
    const spent = this.unsettled;
    return { token, spent, transition: transition(this.hold, to, { spent, grants: granted + free > 0 }) };
  }

  /** Before it is sent: from now on nothing counts as covered that it gives back. */
  sending(sync: Sync): void {
    this.sent.push(sync);
    this.uncertain = true;
  }

  arrived(sync: Sync): void {
    this.hold = sync.transition.to;
    this.unsettled = subtract(this.unsettled, sync.spent);
    this.sent = [];
    this.uncertain = false;
  }

  /** What the store holds: the one word on which of the writes sent has happened. */
  learn(stored: Hold | undefined): void {
    this.uncertain = false;
    const written = this.sent.find(({ token }) => token === stored?.writtenBy);
    if (written) this.unsettled = subtract(this.unsettled, written.spent);
    // A write that replaces an older revision can no longer happen; one that replaces the present one still may.
    if (stored?.revision !== this.hold?.revision) this.sent = [];
    if (!stored && this.hold) this.lost();
    else this.hold = stored;
  }

  /** Only a hold that is empty or charged is ever removed: all that it covered is accounted for. */
  private lost(): void {
    for (const [id, bound] of this.inFlight) this.chargedAlready.set(id, bound);
    this.inFlight.clear();
    this.reserved = ZERO;
    this.unsettled = nanoUsd(Math.max(0, this.unsettled - this.amount));
    this.hold = undefined;
    this.holdId = this.newId();
  }
}
