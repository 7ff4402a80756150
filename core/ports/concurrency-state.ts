import type { UtcMonth } from '../calendar';
import type { ConcurrencyRecord, DeployHold } from '../concurrency/record';
import type { DesiredState } from '../triggers';

/** The state table, as far as auto-stop reads and writes it. */
export interface ConcurrencyStatePort {
  /** Every record, closed ones among them. What cannot be read is named, so that nobody takes it for absent. @throws ServiceError */
  records(): Promise<{ readonly records: readonly ConcurrencyRecord[]; readonly unreadable: readonly string[] }>;
  /**
   * Writes a record whole.
   * @param replaces the revision that was read; 0 where there was none
   * @throws GuardError STATE_CONFLICT where another run was faster; ServiceError
   */
  save(record: ConcurrencyRecord, replaces: number): Promise<void>;
  /** @throws ServiceError, GuardError ANSWER_INVALID */
  hold(): Promise<DeployHold | undefined>;
  saveHold(hold: DeployHold): Promise<void>;
  /** What the meter wants in a month; undefined where it has written nothing. @throws ServiceError, GuardError ANSWER_INVALID */
  desired(month: UtcMonth): Promise<DesiredState | undefined>;
}
