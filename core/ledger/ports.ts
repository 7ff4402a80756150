import type { UtcDay, UtcMonth } from '../calendar';
import type { NanoUsd } from '../money';
import type { BudgetLimits, BudgetPath, BudgetView, PeriodKey } from '../shared-budgets';

/** Whole answers by the hash of what was asked, shared by processes. A store that fails costs a request, never a call. */
export interface AnswersPort {
  /** Undefined: none, or one that has expired. */
  get(key: string): Promise<{ readonly answer: Uint8Array; readonly expiresAt: number } | undefined>;
  /** @param expiresAt ms since the epoch */
  put(key: string, answer: Uint8Array, expiresAt: number): Promise<void>;
}

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
  /** Of the budgets within the environment's, where it has any. */
  readonly budgets?: BudgetsWord;
}

/** What holds for the budgets within the environment's, by the deployed configuration and by order. */
export interface BudgetsWord {
  readonly limits: BudgetLimits;
  /** Since when it holds. ms since the epoch. */
  readonly since: number;
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

/** What one call may spend at most of one budget. It is charged to the period it was made in, whenever it is settled. */
export interface Reservation {
  readonly id: string;
  readonly period: PeriodKey;
  readonly amount: NanoUsd;
  /** Absent: the environment's own. */
  readonly budget?: BudgetPath;
  /** The same of each budget that this one is within, from the environment's own on. Absent: none. */
  readonly within?: readonly Reservation[];
}

export type ReserveOutcome =
  | { readonly kind: 'reserved'; readonly reservation: Reservation }
  | {
      readonly kind: 'refused';
      /** The budget that has no room: the one asked for, or one that it is within. Absent: the environment's own. */
      readonly budget?: BudgetPath;
      /** Soft: blocked by what calls in flight may still spend, and worth another try; hard: spent, until the period ends. */
      readonly soft: boolean;
      /** Present: not for want of budget, but since too much was charged in this hour without known usage. */
      readonly unsettled?: true;
      /** Whole seconds; for a hard refusal those to the next period. */
      readonly retryAfterSeconds: number;
      /** What can be reserved now; below zero where more was spent than the limit. */
      readonly remaining: NanoUsd;
    };

/** The environment's budget for the running month, and the budgets within it, shared by all callers. */
export interface LedgerPort {
  /**
   * Reserves before a call: in the budget that is named and in all that it is within, or in none. @throws LedgerUnavailable when
   * the store does not answer in time
   * @param budget one that the ledger was told of. Default: the environment's own alone
   */
  reserve(amount: NanoUsd, budget?: BudgetPath): Promise<ReserveOutcome>;
  /**
   * Once per reservation; repeated it changes nothing. `spent` may exceed the amount: then the rest is charged too, and
   * reported. @throws LedgerUnavailable when the store does not answer in time: the reservation is then charged in full
   * unless a later settle gets through
   * @param unsettled the part of `spent` that no source tells. Default: nothing
   */
  settle(reservation: Reservation, spent: NanoUsd, unsettled?: NanoUsd): Promise<void>;
  /**
   * What was spent on `day` without a reservation, while nobody could be asked.
   * @throws LedgerUnavailable when the store does not answer in time: it is then stored with this process's next write
   */
  charge(day: UtcDay, spent: NanoUsd, unsettled: NanoUsd, budget?: BudgetPath): Promise<void>;
  /** As this process last heard of them, without a request: of the budget and those it is within; fewer where nothing is known. */
  known?(budget?: BudgetPath): readonly BudgetView[];
  /** The same as they are stored now. @throws LedgerUnavailable */
  look?(budget?: BudgetPath): Promise<readonly BudgetView[]>;
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
