import { HOUR_MS, MINUTE_MS } from '../calendar';
import { nanoUsd, subtract, ZERO, type NanoUsd } from '../money';

/**
 * What one process holds of a period's budget: the bounds of its calls in flight and, in lease mode, some room for the next.
 * `active` counts as held. `charged` counts as spent, in full: the hold ran out, so its process is taken for dead. It may
 * have been paused only; the amount covers its calls either way, so clocks decide when, never how much. A hold of nothing is
 * not stored, and its id is not used again: what was sent for it and comes late finds nothing to replace.
 */
export interface Hold {
  /** Letters and digits. */
  readonly id: string;
  readonly claim: 'active' | 'charged';
  readonly amount: NanoUsd;
  /** ms since the epoch, on the clock of its process. */
  readonly expiresAtMs: number;
  /** Different in each write by its own process, which so learns the fate of one whose answer was lost. Letters and digits. */
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
  /** The parts of `spent`, by the hour they are counted in. */
  readonly known: HourAmount;
  readonly unsettled: readonly HourAmount[];
  /** The least that must remain for it to be written; may be below zero. Absent: whatever remains. */
  readonly needs?: NanoUsd;
}

export interface HourAmount {
  /** Hours since the epoch, by `hourOf`. */
  readonly hour: number;
  readonly amount: NanoUsd;
}

/** More than two clocks of processes that AWS answers are apart: SigV4 refuses requests from five minutes on. */
const SKEW_MS = 5 * MINUTE_MS;

/** The hour in which something that has ended counts: never an earlier one than that in which it ended, on any clock. */
export function hourOf(ms: number): number {
  return Math.floor((ms + SKEW_MS) / HOUR_MS);
}

/** ms since the epoch. */
export function endOfHour(hour: number): number {
  return (hour + 1) * HOUR_MS - SKEW_MS;
}

export interface Settling {
  readonly spent: NanoUsd;
  /** The part of it that no source tells. */
  readonly unsettled?: NanoUsd;
  /** Whether calls are let in by it. */
  readonly grants: boolean;
  readonly now: number;
}

/** Hold to hold, with `spent` out of it; what is neither held nor spent any more remains, so the sum stays the limit. */
export function transition(
  from: Hold | undefined,
  to: Hold,
  { spent, unsettled = ZERO, grants, now }: Settling,
): Transition {
  const spentMore = spent + chargedBy(to) - chargedBy(from);
  const remaining = nanoUsd(heldBy(from) - heldBy(to) - spentMore);
  const charged = (hold: Hold | undefined, sign: 1 | -1): HourAmount[] =>
    hold?.claim === 'charged' ? [{ hour: hourOf(hold.expiresAtMs), amount: nanoUsd(sign * hold.amount) }] : [];
  const told = unsettled === 0 ? [] : [{ hour: hourOf(now), amount: unsettled }];
  return {
    ...(from ? { from } : {}),
    to,
    remaining,
    spent: nanoUsd(spentMore),
    known: { hour: hourOf(now), amount: subtract(spent, unsettled) },
    unsettled: [...told, ...charged(from, -1), ...charged(to, 1)],
    // Also where more comes back than goes: under a lowered limit nothing is granted before all is made good.
    ...(grants ? { needs: nanoUsd(-remaining) } : {}),
  };
}

/** Longer than clocks differ: an early charge does no harm, but costs two writes. */
export const GRACE_MS = MINUTE_MS;

export function hasRunOut(hold: Hold, now: number): boolean {
  return hold.claim === 'active' && hold.expiresAtMs + GRACE_MS < now;
}

/** Charges a hold that ran out, in full. Whoever finds it may; its own process undoes that with its next write, if alive. */
export function charge(hold: Hold, now: number): Transition {
  return transition(hold, { ...hold, claim: 'charged' }, { spent: ZERO, grants: false, now });
}

function heldBy(hold: Hold | undefined): number {
  return hold?.claim === 'active' ? hold.amount : 0;
}

function chargedBy(hold: Hold | undefined): number {
  return hold?.claim === 'charged' ? hold.amount : 0;
}
