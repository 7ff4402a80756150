import type { ConcurrencyFailuresPort, FailureRecord } from '../../core/concurrency';
import { GuardError, type ServiceError } from '../../core/errors';

/** The item in memory, with its conditional writes. */
export class FakeConcurrencyFailures implements ConcurrencyFailuresPort {
  item: FailureRecord | undefined;
  /** What another release, or an accident, has left in its place. */
  isUnreadable = false;
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async failures(): Promise<FailureRecord | undefined> {
    this.refuse();
    if (this.isUnreadable) throw new GuardError('ANSWER_INVALID', 'item auto-stop/failures holds no failures');
    return this.item;
  }

  async saveFailures(record: FailureRecord, replaces: number): Promise<void> {
    this.refuse();
    if ((this.item?.revision ?? 0) !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of auto-stop/failures first`);
    }
    this.item = record;
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}
