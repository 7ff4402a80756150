import type { UtcMonth } from '../../core/calendar';
import { GuardError, type ServiceError } from '../../core/errors';
import type { CanaryRecord, ExtendedAccess } from '../../core/meter';
import type { DesiredState } from '../../core/stop-lines';
import type { HealthRecord, HealthStatePort } from '../../core/health';

/** The state table in memory, with its conditional write. */
export class FakeHealthState implements HealthStatePort {
  record: HealthRecord | undefined;
  /** By minute: a second one in the same minute replaces the first. */
  readonly canaries = new Map<string, CanaryRecord>();
  /** When list prices end, for the meter. */
  dates: ExtendedAccess = {};
  readonly meter = new Map<UtcMonth, DesiredState>();
  /** A release of another schemaVersion has left the last result: whoever reads it is refused. */
  isOfOtherVersion = false;
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async last(): Promise<HealthRecord | undefined> {
    this.refuse();
    if (this.isOfOtherVersion) throw new GuardError('ANSWER_INVALID', 'health/last is no record of version 1');
    return this.record;
  }

  async save(record: HealthRecord, replaces: number): Promise<void> {
    this.refuse();
    if ((this.record?.revision ?? 0) !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of health/last first`);
    }
    this.record = record;
  }

  async saveCanary(record: CanaryRecord): Promise<void> {
    this.refuse();
    this.canaries.set(`${new Date(record.atMs).toISOString().slice(0, 16)}Z`, record);
  }

  async extendedAccess(): Promise<ExtendedAccess> {
    this.refuse();
    return this.dates;
  }

  async saveExtendedAccess(dates: ExtendedAccess): Promise<void> {
    this.refuse();
    this.dates = dates;
  }

  async desired(month: UtcMonth): Promise<DesiredState | undefined> {
    this.refuse();
    return this.meter.get(month);
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}
