import { MINUTE_MS } from '../calendar';
import { nanoUsd, ZERO, type NanoUsd } from '../money';
import type { BudgetState } from './budget';

/** How much a process holds beyond its calls in flight, and for how long without a word. */
export interface Sizing {
  /** From its last write to when a hold counts as run out. */
  readonly holdMs: number;
  /** Between writes that keep a hold alive; absent: none is kept alive, its calls end before. */
  readonly renewMs?: number;
  /** Whether a settlement is stored before `settle` returns. */
  readonly settlesAtOnce: boolean;
  free(view: {
    readonly state: BudgetState;
    /** The largest bound of late. */
    readonly bound: NanoUsd;
    /** Nano-dollars this process spent in about the last ten seconds. */
    readonly recent: number;
  }): NanoUsd;
}

/** `longestCallMs`: a call that takes longer is charged in full until it ends, then as it was spent. */
export function exactSizing(longestCallMs: number = 15 * MINUTE_MS): Sizing {
  return { holdMs: longestCallMs, settlesAtOnce: true, free: () => ZERO };
}

/** A crash costs at most this part of the limit beyond the bounds of its calls in flight. */
const LARGEST_PART_OF_LIMIT = 0.01;
/** Many processes at once take what is left in ever smaller parts, so that none keeps it from the others. */
const PART_OF_REMAINING = 0.05;
const CALLS_AHEAD = 4;

/**
 * Ten seconds of spend and a few bounds, at most 1% of the limit and 5% of what remains. Where that is under two calls
 * nothing is held ahead: near the cap a lease is taken and given back per call.
 */
export const leaseSizing: Sizing = {
  holdMs: MINUTE_MS,
  renewMs: MINUTE_MS / 3,
  settlesAtOnce: false,
  free({ state, bound, recent }) {
    const most = Math.min(state.limit * LARGEST_PART_OF_LIMIT, state.remaining * PART_OF_REMAINING);
    const free = Math.floor(Math.min(recent + CALLS_AHEAD * bound, most));
    return free < 2 * bound ? ZERO : nanoUsd(free);
  },
};
