import type { UtcMonth } from '../../core/calendar';
import { type ConcurrencyRecord, type DeployHold, targetKey, type ConcurrencyStatePort } from '../../core/concurrency';
import { GuardError, type ServiceError } from '../../core/errors';
import type { DesiredState } from '../../core/stop-lines';

/** The state table in memory, with its conditional writes. */
export class FakeConcurrencyState implements ConcurrencyStatePort {
  readonly items = new Map<string, ConcurrencyRecord>();
  readonly meter = new Map<UtcMonth, DesiredState>();
  readonly unreadable: string[] = [];
  holdItem: DeployHold | undefined;
  /** What every request gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;

  async records(): Promise<{ records: readonly ConcurrencyRecord[]; unreadable: readonly string[] }> {
    this.refuse();
    return { records: [...this.items.values()], unreadable: [...this.unreadable] };
  }

  async save(record: ConcurrencyRecord, replaces: number): Promise<void> {
    this.refuse();
    const key = targetKey(record);
    if ((this.items.get(key)?.revision ?? 0) !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of concurrency/${key} first`);
    }
    this.items.set(key, record);
  }

  async hold(): Promise<DeployHold | undefined> {
    this.refuse();
    return this.holdItem;
  }

  async saveHold(hold: DeployHold): Promise<void> {
    this.refuse();
    this.holdItem = hold;
  }

  async desired(month: UtcMonth): Promise<DesiredState | undefined> {
    this.refuse();
    return this.meter.get(month);
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }
}
