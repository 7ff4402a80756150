export type Claim =
  /** `attempt` counts from 1; another run may have died or given up before. */
  { readonly kind: 'claimed'; readonly attempt: number } | { readonly kind: 'sent' } | { readonly kind: 'busy' };

/** A local day and the zone that it is a day of, such as `2026-11-28 America/New_York`: a day has one report. */
export type ReportDay = string & { readonly unit: 'ReportDay' };

/**
 * Which daily reports have gone out, so that a repeated event mails nobody twice, and neither does a schedule that is moved to later
 * on a day that has had its report.
 */
export interface ReportStatePort {
  /**
   * @param staleBefore a claim made at or before this (ms) was left by a run that is over, and is taken over: a run that died
   *   between its mail and `markSent` mails twice, which is better than never
   */
  claim(day: ReportDay, now: number, staleBefore: number): Promise<Claim>;
  markSent(day: ReportDay, now: number, subject: string): Promise<void>;
}
