import { nanoUsd, subtract, ZERO, type NanoUsd } from '../money';
import type { GuardStatus } from '../ports/guard-status';

/** One month's budget as it is stored: `remaining + spent + active = limit`, to the nano-dollar and after every write. */
export interface BudgetState {
  readonly limit: NanoUsd;
  /** Neither spent nor held; below zero where the limit was lowered under what is, which stops all grants. */
  readonly remaining: NanoUsd;
  /** What callers charged, and `raised`. */
  readonly spent: NanoUsd;
  /** The part of `spent` that no caller charged: the meter saw it. */
  readonly raised: NanoUsd;
  /** `asOf` of the last status that was applied; 0: none. */
  readonly statusAsOf: number;
}

/** What calls in flight, and leases, hold: nobody stores it, since it follows. */
export function active({ limit, remaining, spent }: BudgetState): NanoUsd {
  return nanoUsd(limit - remaining - spent);
}

/** A month nobody has spent in yet. */
export function untouched(limit: NanoUsd): BudgetState {
  return { limit, remaining: limit, spent: ZERO, raised: ZERO, statusAsOf: 0 };
}

/** One conditional write to the budget alone: it holds only where the budget still has `from`'s limit, raise and status. */
export interface Adjustment {
  readonly from: Pick<BudgetState, 'limit' | 'raised' | 'statusAsOf'>;
  readonly to: Pick<BudgetState, 'limit' | 'raised' | 'statusAsOf'>;
  /** Added to what is stored by then: grants and settlements go on meanwhile. */
  readonly remaining: NanoUsd;
  readonly spent: NanoUsd;
}

/**
 * What the meter's word changes; undefined where a newer one was applied. Its limit replaces the budget's, and its
 * `spentAtLeast` raises `spent` to the larger of both. The raise is found anew each time: what a caller charges later of
 * the same spend is not counted twice for longer than until the next status.
 */
export function adjustment(
  state: BudgetState,
  status: Pick<GuardStatus, 'asOf' | 'limit' | 'spentAtLeast'>,
): Adjustment | undefined {
  if (status.asOf <= state.statusAsOf) return undefined;
  const charged = state.spent - state.raised;
  const raised = nanoUsd(Math.max(0, status.spentAtLeast - charged));
  const spent = subtract(raised, state.raised);
  return {
    from: { limit: state.limit, raised: state.raised, statusAsOf: state.statusAsOf },
    to: { limit: status.limit, raised, statusAsOf: status.asOf },
    remaining: nanoUsd(status.limit - state.limit - spent),
    spent,
  };
}
