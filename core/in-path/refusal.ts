/** Why a call was not made. Each has its line in client/README.md. */
export type RefusalCode =
  | 'BUDGET_EXHAUSTED'
  | 'RUN_EXHAUSTED'
  | 'UNKNOWN_BUDGET'
  | 'RATE_LIMITED'
  | 'DEGRADED'
  | 'STOPPED'
  | 'UNKNOWN_PRICE'
  | 'UNMETERED_OPERATION'
  | 'INPUT_CHANGED'
  | 'GUARD_UNAVAILABLE';

export interface Refusal {
  readonly code: RefusalCode;
  /** What to do about it. */
  readonly message: string;
  /** Whole seconds; absent: the same call is refused until somebody changes it, or the config. */
  readonly retryAfterSeconds?: number;
}
