import type { NanoUsd } from '../money';
import { nanoUsd } from '../money';
import type { Standing } from './standing';

/** What the hub keeps of an environment of an account. */
export interface StoredStanding {
  /** Of the event's envelope, which EventBridge writes: nobody can speak for another account. */
  readonly account: string;
  readonly standing: Standing;
  /** In ms, by the hub's clock. */
  readonly heardAt: number;
  /** The last amount that was known of a month: later in the same month it is a lower bound. */
  readonly known?: MonthAmount | undefined;
  /** What was spent when a stop was first heard of in this month with a spend that was complete. */
  readonly stopped?: MonthAmount | undefined;
}

export interface MonthAmount {
  readonly month: string;
  readonly amount: NanoUsd;
}

/** @returns undefined where it says nothing newer: it came late, or twice */
export function mergeStanding(
  before: StoredStanding | undefined,
  { account, standing }: Pick<StoredStanding, 'account' | 'standing'>,
  heardAt: number,
): StoredStanding | undefined {
  if (before !== undefined && Date.parse(standing.at) <= Date.parse(before.standing.at)) return undefined;
  const { month, spentNano } = standing;
  const known = spentNano === null ? ofMonth(before?.known, month) : { month, amount: nanoUsd(spentNano) };
  const stopped = stoppedAt(before, standing);
  return { account, standing, heardAt, ...(known && { known }), ...(stopped && { stopped }) };
}

/**
 * A spend that is a lower bound is nothing to count a rise from: what comes to light later was perhaps spent before the stop.
 * A dry run stops nobody, so that its spend may rise.
 */
function stoppedAt(
  before: StoredStanding | undefined,
  { month, desired, enforce, spentNano, atLeast }: Standing,
): MonthAmount | undefined {
  if (desired !== 'stopped' || !enforce) return undefined;
  const earlier = ofMonth(before?.stopped, month);
  if (earlier !== undefined) return earlier;
  return spentNano === null || atLeast ? undefined : { month, amount: nanoUsd(spentNano) };
}

function ofMonth(amount: MonthAmount | undefined, month: string): MonthAmount | undefined {
  return amount?.month === month ? amount : undefined;
}
