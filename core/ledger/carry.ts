import { nanoUsd, ZERO, type NanoUsd } from '../money';
import { previousPeriod, type BudgetNode, type PeriodKey } from '../shared-budgets';
import type { LedgerStore } from './store';

/** A budget that nobody has used for longer starts anew: a week of days. */
const LOOKED_BACK = 7;

/**
 * What a period begins with besides its own limit: what was left of the last one that was used, and all of those since, each time
 * up to the cap. What calls of then still hold is not left, and where none of the periods was used nothing is known to be.
 */
export async function carriedInto(
  { period, rolloverUpTo }: Pick<BudgetNode, 'period' | 'rolloverUpTo'>,
  into: PeriodKey,
  limit: NanoUsd,
  store: Pick<LedgerStore, 'read'>,
): Promise<NanoUsd> {
  if (rolloverUpTo === undefined) return ZERO;
  let before = into;
  for (let unused = 0; unused < LOOKED_BACK; unused += 1) {
    before = previousPeriod(period, before);
    const record = await store.read(before);
    if (record) return after(record.state.remaining, unused, limit, rolloverUpTo);
  }
  return ZERO;
}

function after(remaining: number, unused: number, limit: NanoUsd, most: NanoUsd): NanoUsd {
  let carried = Math.min(most, Math.max(0, remaining));
  for (let period = 0; period < unused; period += 1) carried = Math.min(most, carried + limit);
  return nanoUsd(carried);
}
