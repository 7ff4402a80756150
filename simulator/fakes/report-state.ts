import type { UtcDay } from '../../core/calendar';
import type { Claim, ReportStatePort } from '../../core/ports/report-state';

export class FakeReportState implements ReportStatePort {
  readonly days = new Map<UtcDay, { attempts: number; claimedAt: number; sentAt?: number }>();

  async claim(day: UtcDay, now: number, staleBefore: number): Promise<Claim> {
    const earlier = this.days.get(day);
    if (earlier?.sentAt !== undefined) return { kind: 'sent' };
    if (earlier && earlier.claimedAt > staleBefore) return { kind: 'busy' };
    const attempts = (earlier?.attempts ?? 0) + 1;
    this.days.set(day, { attempts, claimedAt: now });
    return { kind: 'claimed', attempt: attempts };
  }

  async markSent(day: UtcDay, now: number): Promise<void> {
    const claimed = this.days.get(day);
    if (!claimed) throw new Error(`${day} was marked as sent without a claim`);
    claimed.sentAt = now;
  }
}
