import type { UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';

/** What the meter last said; callers only read it. */
export interface GuardStatus {
  readonly desired: 'open' | 'degraded' | 'stopped';
  /** ms since the epoch: of the meter's reading. */
  readonly asOf: number;
  /** The month that `spentAtLeast` and `limit` are of. */
  readonly month: UtcMonth;
  readonly spentAtLeast: NanoUsd;
  readonly limit: NanoUsd;
  /** Absent: the figures are a lower bound, or no hour of the month is over for long enough. */
  readonly complete?: CompleteSpend;
}

/** What was used in the month before `until`, the end of an hour, of which nothing is missing any more. */
export interface CompleteSpend {
  /** ms since the epoch. */
  readonly until: number;
  readonly spent: NanoUsd;
}

export interface GuardStatusPort {
  /** Undefined where the meter has not written yet. @throws LedgerUnavailable when the store does not answer in time */
  read(): Promise<GuardStatus | undefined>;
}
