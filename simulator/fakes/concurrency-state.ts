import type { UtcMonth } from '../../core/calendar';
import type { ConcurrencyRecord, DeployHold } from '../../core/concurrency/record';
import { targetKey } from '../../core/concurrency/target';
import { GuardError } from '../../core/errors';
import type { DesiredState } from '../../core/health/guard-state';
import type { ConcurrencyStatePort } from '../../core/ports/concurrency-state';

/** The state table in memory, with its conditional writes. */
export class FakeConcurrencyState implements ConcurrencyStatePort {
  readonly items = new Map<string, ConcurrencyRecord>();
  readonly meter = new Map<UtcMonth, DesiredState>();
  readonly unreadable: string[] = [];
  holdItem: DeployHold | undefined;

  async records(): Promise<{ records: readonly ConcurrencyRecord[]; unreadable: readonly string[] }> {
    return { records: [...this.items.values()], unreadable: [...this.unreadable] };
  }

  async save(record: ConcurrencyRecord, replaces: number): Promise<void> {
    const key = targetKey(record);
    if ((this.items.get(key)?.revision ?? 0) !== replaces) {
      throw new GuardError('STATE_CONFLICT', `another run replaced revision ${replaces} of concurrency/${key} first`);
    }
    this.items.set(key, record);
  }

  async hold(): Promise<DeployHold | undefined> {
    return this.holdItem;
  }

  async saveHold(hold: DeployHold): Promise<void> {
    this.holdItem = hold;
  }

  async desired(month: UtcMonth): Promise<DesiredState | undefined> {
    return this.meter.get(month);
  }
}
