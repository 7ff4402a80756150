import type { BudgetPath } from '../core/shared-budgets';
import type { RunCap } from './run';

/** For whom a call is made, where the call itself does not say. */
export interface Caller {
  /** What it is charged to, and with it all budgets that this one is within. Undefined: the environment's own alone. */
  readonly budget: BudgetPath | undefined;
  /** The run that its cost counts in. */
  readonly run: RunCap | undefined;
}
