import type { UtcDay } from '../calendar';

export type Claim =
  /** `attempt` counts from 1; another run may have died or given up before. */
  { readonly kind: 'claimed'; readonly attempt: number } | { readonly kind: 'sent' } | { readonly kind: 'busy' };

/** Which daily reports have gone out, so that a repeated event mails nobody twice. */
export interface ReportStatePort {
  /**
   * @param staleBefore a claim made at or before this (ms) was left by a run that is over, and is taken over: a run that died
   *   between its mail and `markSent` mails twice, which is better than never
   */
  claim(day: UtcDay, now: number, staleBefore: number): Promise<Claim>;
  markSent(day: UtcDay, now: number, subject: string): Promise<void>;
}
