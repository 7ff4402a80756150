import type { UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';
import type { DesiredState } from '../triggers';
import type { CompleteSpend } from './guard-status';

/** The one item of the leases table that callers read and only the meter writes (pk `STATUS`, sk `STATUS`). */
export interface StatusWriterPort {
  /** An older revision of the same or an earlier month never replaces a newer one. @throws ServiceError */
  write(status: {
    readonly desired: DesiredState;
    /** ms since the epoch. */
    readonly asOf: number;
    readonly month: UtcMonth;
    readonly spentAtLeast: NanoUsd;
    readonly limit: NanoUsd;
    readonly complete?: CompleteSpend | undefined;
    readonly revision: number;
  }): Promise<void>;
}
