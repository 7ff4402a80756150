import { timesUpTo, type NanoUsd } from '../money';
import type { Principal } from './ports';
import type { BudgetActionReading, BudgetActionStatus } from '../bill';

/** `deny-bill` that AWS Budgets has left behind, as after a deploy that replaced the budget or its action (trap 59). */
export interface BillLeftover {
  readonly holders: readonly Principal[];
  /** The meter sees in full that spend is under the line: nothing speaks for the deny. */
  readonly lift: boolean;
}

/** Where an action is being executed, or has been, or its undoing has not come to its end, the deny is its own. */
const OWNED: readonly BudgetActionStatus[] = [
  ...(['EXECUTION_IN_PROGRESS', 'EXECUTION_SUCCESS', 'EXECUTION_FAILURE'] as const),
  ...(['REVERSE_IN_PROGRESS', 'REVERSE_FAILURE', 'RESET_IN_PROGRESS', 'RESET_FAILURE'] as const),
];

export interface BillLeftoverInput {
  /** Who has `deny-bill`. */
  readonly holders: readonly Principal[];
  /** `missing` also where the configuration has none. */
  readonly action: BudgetActionReading;
  readonly line: NanoUsd;
  /** What the meter has seen in full this month; absent where it does not see. */
  readonly meter?: NanoUsd;
  readonly calibration: number;
}

/** @returns undefined where nobody has the deny, an action accounts for it, or nobody can say */
export function billLeftover(input: BillLeftoverInput): BillLeftover | undefined {
  const { holders, action, line, meter, calibration } = input;
  if (holders.length === 0 || action.kind === 'unavailable') return undefined;
  if (action.kind === 'known' && OWNED.includes(action.status)) return undefined;
  return { holders, lift: meter !== undefined && timesUpTo(meter, calibration) < line };
}
