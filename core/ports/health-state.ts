import type { CanaryRecord } from '../health/canary';
import type { HealthRecord } from '../health/record';
import type { DesiredState } from '../triggers';
import type { ExtendedAccess } from '../meter/untrusted-prices';
import type { UtcMonth } from '../calendar';

/** The state table, as far as the health check reads and writes it. */
export interface HealthStatePort {
  /** @throws GuardError ANSWER_INVALID where the item is not a record of this version; ServiceError */
  last(signal: AbortSignal): Promise<HealthRecord | undefined>;
  /**
   * Replaces the last result.
   * @param replaces the revision that was read; 0 where there was none
   * @throws GuardError STATE_CONFLICT where another run was faster; ServiceError
   */
  save(record: HealthRecord, replaces: number): Promise<void>;
  /**
   * Keeps what the canary used, for the meter to find. Two calls within a minute leave the later one: a lower bound of
   * what that minute must show. @throws ServiceError
   */
  saveCanary(record: CanaryRecord, signal: AbortSignal): Promise<void>;
  /** What was kept last of when list prices end; nothing kept is no date. @throws ServiceError, GuardError ANSWER_INVALID */
  extendedAccess(signal: AbortSignal): Promise<ExtendedAccess>;
  /** For the meter. @throws ServiceError */
  saveExtendedAccess(dates: ExtendedAccess): Promise<void>;
  /** What the meter wants this month; undefined where it has not decided yet. @throws ServiceError, GuardError ANSWER_INVALID */
  desired(month: UtcMonth, signal: AbortSignal): Promise<DesiredState | undefined>;
}
