import type { UtcDay } from '../../core/calendar';
import type { SpendersDay, SpendersStatePort } from '../../core/spenders';

export class FakeSpendersState implements SpendersStatePort {
  readonly kept = new Map<UtcDay, SpendersDay>();
  failure?: Error;

  async days(from: UtcDay, to: UtcDay): Promise<readonly SpendersDay[]> {
    if (this.failure) throw this.failure;
    return [...this.kept.values()]
      .filter(({ day }) => day >= from && day <= to)
      .sort((a, b) => (a.day < b.day ? -1 : 1));
  }

  async keepDay(day: SpendersDay): Promise<void> {
    if (this.failure) throw this.failure;
    this.kept.set(day.day, day);
  }
}
