import type { Claim, ReportStatePort } from '../../core/ports/report-state';

export class FakeReportState implements ReportStatePort {
  readonly reports = new Map<number, { attempts: number; claimedAt: number; sentAt?: number }>();

  async claim(dueAt: number, now: number, staleBefore: number): Promise<Claim> {
    const earlier = this.reports.get(dueAt);
    if (earlier?.sentAt !== undefined) return { kind: 'sent' };
    if (earlier && earlier.claimedAt > staleBefore) return { kind: 'busy' };
    const attempts = (earlier?.attempts ?? 0) + 1;
    this.reports.set(dueAt, { attempts, claimedAt: now });
    return { kind: 'claimed', attempt: attempts };
  }

  async markSent(dueAt: number, now: number): Promise<void> {
    const claimed = this.reports.get(dueAt);
    if (!claimed) throw new Error(`the report of ${dueAt} was marked as sent without a claim`);
    claimed.sentAt = now;
  }
}
