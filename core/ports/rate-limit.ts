export type RateOutcome =
  | { readonly kind: 'admitted' }
  | {
      readonly kind: 'refused';
      /** The one that stays full for longer, where both are. */
      readonly window: 'hour' | 'day';
      /** Whole seconds until a call fits again, if nobody else takes the place. */
      readonly retryAfterSeconds: number;
    };

/** Requests of all processes of the environment, counted per send and after the cache. */
export interface RateLimitPort {
  /** Counts the request where it is admitted; a refused one counts nothing. @throws LedgerUnavailable */
  admit(): Promise<RateOutcome>;
  /**
   * Takes back the count of one request that was admitted just now and not made. Absent: what is admitted stays counted, and is
   * asked for after everything else. @throws LedgerUnavailable
   */
  giveBack?(): Promise<void>;
}
