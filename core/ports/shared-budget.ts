import type { UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';

/** What callers with the in-path plugin share, as their leases table has it. */
export interface SharedBudget {
  readonly limit: NanoUsd;
  /** Charged, or seen by the meter: the larger of the two. */
  readonly spent: NanoUsd;
  /** Neither spent nor held by a process; below 0 after the limit was lowered. */
  readonly remaining: NanoUsd;
}

/** To report, never to decide by: callers can write what it reads. */
export interface SharedBudgetPort {
  /** Undefined where no caller has used the plugin in that month. @throws GuardError ANSWER_INVALID, ServiceError */
  sharedBudget(month: UtcMonth): Promise<SharedBudget | undefined>;
}
