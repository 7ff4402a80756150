export type Claim =
  /** `attempt` counts from 1; another run may have died or given up before. */
  { readonly kind: 'claimed'; readonly attempt: number } | { readonly kind: 'sent' } | { readonly kind: 'busy' };

/**
 * Which daily reports have gone out, so that a repeated event mails nobody twice. A report is known by the instant that its
 * schedule was due (ms): two of them may fall on one UTC day, where a change to summer time is between them.
 */
export interface ReportStatePort {
  /**
   * @param staleBefore a claim made at or before this (ms) was left by a run that is over, and is taken over: a run that died
   *   between its mail and `markSent` mails twice, which is better than never
   */
  claim(dueAt: number, now: number, staleBefore: number): Promise<Claim>;
  markSent(dueAt: number, now: number, subject: string): Promise<void>;
}
