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
}

export interface GuardStatusPort {
  /** Undefined where the meter has not written yet. @throws LedgerUnavailable when the store does not answer in time */
  read(): Promise<GuardStatus | undefined>;
}
