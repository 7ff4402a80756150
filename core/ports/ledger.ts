import type { UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';

/** What one call may spend at most. It is charged to the month it was made in, whenever it is settled. */
export interface Reservation {
  readonly id: string;
  readonly period: UtcMonth;
  readonly amount: NanoUsd;
}

export type ReserveOutcome =
  | { readonly kind: 'reserved'; readonly reservation: Reservation }
  | {
      readonly kind: 'refused';
      /** Soft: blocked by what calls in flight may still spend, and worth another try; hard: spent, until the month ends. */
      readonly soft: boolean;
      /** Present: not for want of budget, but since too much was charged in this hour without known usage. */
      readonly unsettled?: true;
      /** Whole seconds; for a hard refusal those to the next month. */
      readonly retryAfterSeconds: number;
      /** What can be reserved now; below zero where more was spent than the limit. */
      readonly remaining: NanoUsd;
    };

/** The environment's budget for the running month, shared by all callers. */
export interface LedgerPort {
  /** Reserves before a call. @throws LedgerUnavailable when the store does not answer in time */
  reserve(amount: NanoUsd): Promise<ReserveOutcome>;
  /**
   * Once per reservation; repeated it changes nothing. `spent` may exceed the amount: then the rest is charged too, and
   * reported. @throws LedgerUnavailable when the store does not answer in time: the reservation is then charged in full
   * unless a later settle gets through
   * @param unsettled the part of `spent` that no source tells. Default: nothing
   */
  settle(reservation: Reservation, spent: NanoUsd, unsettled?: NanoUsd): Promise<void>;
  /**
   * What was spent in `period` without a reservation, while nobody could be asked.
   * @throws LedgerUnavailable when the store does not answer in time: it is then stored with this process's next write
   */
  charge(period: UtcMonth, spent: NanoUsd, unsettled: NanoUsd): Promise<void>;
  /** Gives back what is not in use. A process that ends without it loses that part of the budget, never more. */
  close(): Promise<void>;
}

/** The store did not answer in time, or answered with an error of its own: nothing is known of the budget. */
export class LedgerUnavailable extends Error {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'LedgerUnavailable';
  }
}

/** The store answers, and others write to it faster than this process gets through: nothing was written, and nothing is away. */
export class LedgerContended extends LedgerUnavailable {
  constructor(message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.name = 'LedgerContended';
  }
}
