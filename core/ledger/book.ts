import { HOUR_MS } from '../calendar';
import { add, nanoUsd, subtract, ZERO, type NanoUsd } from '../money';
import { transition, type Hold, type Transition } from './hold';

/** A write that was sent: what it settles is known to be stored only once its hold is. */
export interface Sync {
  readonly transition: Transition;
  readonly spent: NanoUsd;
  readonly unsettled: NanoUsd;
  /** The part of its hold that is for calls which wait for it. */
  readonly granted: NanoUsd;
  /** When it was planned. ms since the epoch. */
  readonly at: number;
}

/** A hold stays at least so long after it has run out, whatever the meter says: it is charged then, or its process's. */
const KEPT_MS = HOUR_MS;

/** Of a hold for nothing: a write that left none behind could not be told from one that never happened. */
const MARK = nanoUsd(1);

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
  /** Spent, and not stored yet; and the part of it that no source told. */
  private unstored = ZERO;
  private unsettled = ZERO;
  /** All that was spent and is stored. */
  private told = ZERO;
  /** All that replace the hold as it is known; at most one of them ever does. */
  private sent: Sync[] = [];
  private calls = 0;
  private writes = 0;
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
    return nanoUsd(this.amount - this.unstored - this.reserved);
  }

  /** The store knows all that is spent, and holds the bounds of calls in flight and no more. */
  get isSettled(): boolean {
    return !this.uncertain && this.unstored === 0 && this.amount === this.reserved;
  }

  get isMarked(): boolean {
    return this.hold?.amount === MARK && this.reserved === 0;
  }

  get isEmpty(): boolean {
    return this.isSettled && this.inFlight.size === 0;
  }

  get toStore(): NanoUsd {
    return this.unstored;
  }

  /** What calls can be let in on now, whatever becomes of the writes sent. */
  get free(): NanoUsd {
    let least = this.amount - this.unstored;
    for (const { transition, spent } of this.sent)
      least = Math.min(least, transition.to.amount - this.unstored + spent);
    return nanoUsd(least - this.reserved);
  }

  /** Spent, stored or not, and reserved for calls. */
  get used(): NanoUsd {
    return add(this.told, this.unstored, this.reserved);
  }

  /** Stored as spent, and held but for calls that wait for it; the most where a write is on its way. */
  get mostCharged(): NanoUsd {
    let most = this.told + this.amount;
    for (const { transition, spent, granted } of this.sent)
      most = Math.max(most, this.told + spent + transition.to.amount - granted);
    return nanoUsd(most);
  }

  /** From the last write on, on this process's clock. Others may take an older one for dead, and charge it. */
  mayBeTakenForDead(now: number): boolean {
    return this.hold !== undefined && this.hold.expiresAtMs < now;
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
  settle(id: string, spent: NanoUsd, unsettled: NanoUsd = ZERO): NanoUsd | undefined {
    const bound = this.inFlight.get(id);
    if (bound === undefined) return undefined;
    this.inFlight.delete(id);
    this.reserved = subtract(this.reserved, bound);
    this.charge(spent, unsettled);
    return bound;
  }

  /** What was spent without a reservation. */
  charge(spent: NanoUsd, unsettled: NanoUsd = ZERO): void {
    this.unstored = add(this.unstored, spent);
    this.unsettled = add(this.unsettled, unsettled);
  }

  /** A write that settles what is not stored, lets in calls of `granted` and keeps `free` beside, of which `kept` is held already. */
  plan(
    { granted, free, kept = ZERO }: { readonly granted: NanoUsd; readonly free: NanoUsd; readonly kept?: NanoUsd },
    now: number,
    expiresAtMs: number,
  ): Sync {
    const [spent, unsettled] = [this.unstored, this.unsettled];
    const covered = add(this.reserved, granted, free);
    const to: Hold = {
      id: this.holdId,
      claim: 'active',
      amount: !this.hold && spent > 0 && covered === 0 ? MARK : covered,
      expiresAtMs,
      writtenBy: (++this.writes).toString(36),
    };
    const grants = granted > 0 || free > kept;
    return {
      spent,
      unsettled,
      granted,
      at: now,
      transition: transition(this.hold, to, { spent, unsettled, grants, now }),
    };
  }

  /** Before it is sent: from now on nothing counts as covered that it gives back. */
  sending(sync: Sync): void {
    this.sent.push(sync);
    this.uncertain = true;
  }

  /** Nobody waits any more for what was sent. */
  forsaken(): void {
    this.sent = this.sent.map((sync) => ({ ...sync, granted: ZERO }));
  }

  arrived(sync: Sync): void {
    this.stored(sync);
    this.sent = [];
    this.uncertain = false;
    this.keep(sync.transition.to);
  }

  /** What the store holds under this book's id: the one word on which of the writes sent has happened. */
  learn(found: Hold | undefined): void {
    this.uncertain = false;
    const written = this.sent.find(({ at, transition: { to } }) =>
      found ? isOneWrite(to, found) : to.amount === 0 && this.stoodAt(at),
    );
    if (written) this.stored(written);
    // A write that replaces what stands there no more can no longer happen; one that replaces the present hold still may.
    if (!isSame(found, this.hold)) this.sent = [];
    // Given back by this process, or lost.
    if (!found && this.hold) return this.holdNothing();
    // Two processes have drawn the same id: this one is the other's.
    if (found && !this.hold && !written) this.holdId = this.newId();
    else this.hold = found;
  }

  private stoodAt(at: number): boolean {
    return this.hold !== undefined && at < this.hold.expiresAtMs + KEPT_MS;
  }

  private stored({ spent, unsettled }: Sync): void {
    this.unstored = subtract(this.unstored, spent);
    this.unsettled = subtract(this.unsettled, unsettled);
    this.told = add(this.told, spent);
  }

  private keep(hold: Hold): void {
    if (hold.amount === 0) this.holdNothing();
    else this.hold = hold;
  }

  /**
   * Others remove a hold only where it was charged and has come back: calls that are made now, after a pause, are covered by
   * nothing. What the meter had seen of it by then counts twice until the next release.
   */
  private holdNothing(): void {
    this.hold = undefined;
    this.holdId = this.newId();
  }
}

/** All of it, since another process that drew the same id counts its writes alike. */
function isOneWrite(one: Hold, other: Hold): boolean {
  return one.writtenBy === other.writtenBy && one.amount === other.amount && one.expiresAtMs === other.expiresAtMs;
}

function isSame(one: Hold | undefined, other: Hold | undefined): boolean {
  return one?.writtenBy === other?.writtenBy && one?.claim === other?.claim;
}
