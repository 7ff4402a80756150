import { nanoUsd, ZERO, type NanoUsd } from '../money';

/**
 * What one process holds of a month's budget: the bounds of its calls in flight and, in lease mode, some room for the next.
 * `active` counts as held. `charged` counts as spent, in full: the hold ran out, so its process is taken for dead. It may
 * have been paused only; the amount covers its calls either way, so clocks decide when, never how much.
 */
export interface Hold {
  readonly id: string;
  /** Counts up with every write, by whomever: each write names the one it replaces. */
  readonly revision: number;
  readonly claim: 'active' | 'charged';
  readonly amount: NanoUsd;
  /** ms since the epoch, on the clock of its process. */
  readonly expiresAtMs: number;
  /** Token of the last write by its own process, which so learns the fate of a write whose answer was lost. */
  readonly writtenBy: string;
}

/** A write to the budget and to one hold: both or neither. */
export interface Transition {
  /** Absent: there is no such hold yet. */
  readonly from?: Hold;
  readonly to: Hold;
  /** Added to the budget's `remaining` and `spent`. */
  readonly remaining: NanoUsd;
  readonly spent: NanoUsd;
  /** The least that must remain for it to be written; may be below zero. Absent: whatever remains. */
  readonly needs?: NanoUsd;
}

/** Hold to hold, with `spent` out of it; what is neither held nor spent any more remains, so the sum stays the limit. */
export function transition(
  from: Hold | undefined,
  to: Hold,
  { spent, grants }: { readonly spent: NanoUsd; /** Whether calls are let in by it. */ readonly grants: boolean },
): Transition {
  const spentMore = spent + chargedBy(to) - chargedBy(from);
  const remaining = nanoUsd(heldBy(from) - heldBy(to) - spentMore);
  return {
    ...(from ? { from } : {}),
    to,
    remaining,
    spent: nanoUsd(spentMore),
    // Also where more comes back than goes: under a lowered limit nothing is granted before all is made good.
    ...(grants ? { needs: nanoUsd(-remaining) } : {}),
  };
}

/** Longer than clocks differ: an early charge does no harm, but costs two writes. */
export const GRACE_MS = 60_000;

export function hasRunOut(hold: Hold, now: number): boolean {
  return hold.claim === 'active' && hold.amount > 0 && hold.expiresAtMs + GRACE_MS < now;
}

/** Charges a hold that ran out, in full. Whoever finds it may; its own process undoes that with its next write, if alive. */
export function charge(hold: Hold): Transition {
  return transition(hold, { ...hold, revision: hold.revision + 1, claim: 'charged' }, { spent: ZERO, grants: false });
}

function heldBy(hold: Hold | undefined): number {
  return hold?.claim === 'active' ? hold.amount : 0;
}

function chargedBy(hold: Hold | undefined): number {
  return hold?.claim === 'charged' ? hold.amount : 0;
}
