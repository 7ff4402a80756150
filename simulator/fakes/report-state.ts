import type { Claim, ReportDay, ReportStatePort } from '../../core/report';

export class FakeReportState implements ReportStatePort {
  readonly reports = new Map<ReportDay, { attempts: number; claimedAt: number; sentAt?: number; isUntold?: boolean }>();

  async claim(day: ReportDay, now: number, staleBefore: number): Promise<Claim> {
    const earlier = this.reports.get(day);
    if (earlier?.sentAt !== undefined) return { kind: 'sent', ...(earlier.isUntold === true && { isUntold: true }) };
    if (earlier && earlier.claimedAt > staleBefore) return { kind: 'busy' };
    const attempts = (earlier?.attempts ?? 0) + 1;
    this.reports.set(day, { attempts, claimedAt: now });
    return { kind: 'claimed', attempt: attempts };
  }

  async markSent(day: ReportDay, now: number, _subject?: string, isUntold = false): Promise<void> {
    const claimed = this.reports.get(day);
    if (!claimed) throw new Error(`the report of ${day} was marked as sent without a claim`);
    Object.assign(claimed, { sentAt: now, isUntold });
  }
}
