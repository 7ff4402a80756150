import type { ReleaseNote } from '../ledger';
import type { NanoUsd } from '../money';
import type { Reading } from '../reading';
import type { BudgetPath, PeriodKey } from '../shared-budgets';

export type Claim =
  /** `attempt` counts from 1; another run may have died or given up before. */
  | { readonly kind: 'claimed'; readonly attempt: number }
  /** `isUntold`: people were mailed, and those who do not read mail are still to be told. */
  | { readonly kind: 'sent'; readonly isUntold?: true }
  | { readonly kind: 'busy' };

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
  /** @param isUntold as the next claim is to say. @default false */
  markSent(day: ReportDay, now: number, subject: string, isUntold?: boolean): Promise<void>;
}

export interface HtmlMail {
  readonly from: string;
  /** All get it by one message: none gets it where one of them is refused. */
  readonly to: readonly string[];
  readonly subject: string;
  /** For mail programs that show no HTML. */
  readonly text: string;
  readonly html: string;
}

/** Mails HTML, from an address that its owner has verified. */
export interface HtmlMailPort {
  /** Why mails to an address are taken and not sent on; undefined: it is on no such list. @throws ServiceError */
  suppression(address: string): Promise<string | undefined>;
  /** Sends at most once. @throws ServiceError; what timed out, or failed at the service, may have been sent all the same */
  send(mail: HtmlMail): Promise<void>;
}

export type SesIdentity =
  | { readonly kind: 'verified' }
  /** `status` is SES's own word, such as `PENDING`. */
  | { readonly kind: 'notVerified'; readonly status: string }
  | { readonly kind: 'missing' };

export interface SesAccount {
  /** Mails go to verified identities alone. */
  readonly isInSandbox: boolean;
  readonly isSendingEnabled: boolean;
  /** `HEALTHY`, `PROBATION` or `SHUTDOWN`. */
  readonly enforcement: string;
}

/** What must be so before SES sends anything; in one Region, as all of it is. */
export interface SesSetupPort {
  /** @throws ServiceError, GuardError ANSWER_INVALID */
  account(signal: AbortSignal): Promise<SesAccount>;
  /** @param name an address or a domain: that of another one which covers it is not looked for @throws ServiceError */
  identity(name: string, signal: AbortSignal): Promise<SesIdentity>;
}

/** What callers with the in-path plugin share, as their leases table has it. */
export interface SharedBudget {
  readonly limit: NanoUsd;
  /** Charged, or seen by the meter: the larger of the two. */
  readonly spent: NanoUsd;
  /** Neither spent nor held by a process; below 0 after the limit was lowered. */
  readonly remaining: NanoUsd;
  /** The part of `spent` that was charged without known usage. */
  readonly unsettled: NanoUsd;
  /** What was left of the period before, and is had in this one. Absent: nothing. */
  readonly carried?: NanoUsd | undefined;
  /** The last release of such by a person. */
  readonly released?: ReleaseNote | undefined;
}

/** To report, never to decide by: callers can write what it reads. */
export interface SharedBudgetPort {
  /**
   * Undefined where no caller has used it in that period. @throws GuardError ANSWER_INVALID, ServiceError
   * @param budget Default: the environment's own, which is of months
   */
  sharedBudget(period: PeriodKey, budget?: BudgetPath): Promise<SharedBudget | undefined>;
}

/** One budget in one period. */
export interface BudgetInPeriod {
  readonly path: BudgetPath;
  readonly period: PeriodKey;
}

/** What callers share of one budget in one period. */
export interface StoredBudget extends SharedBudget {
  /** The part of `limit` that is left over from earlier periods. */
  readonly carried: NanoUsd;
}

/** The environment's budget and those within it. To report, never to decide by: callers can write what it reads. */
export interface SharedBudgetsPort {
  /**
   * As many answers as were asked for, in their order: undefined where no caller has used the budget in that period; unavailable,
   * by its name, where its item cannot be read or the table left it out. @throws ServiceError
   */
  sharedBudgets(asked: readonly BudgetInPeriod[]): Promise<readonly Reading<StoredBudget | undefined>[]>;
}

/** For the one who may order it. */
export interface SharedBudgetReleasePort {
  /**
   * Gives back all that was charged of a budget without known usage, but what the meter saw.
   * @param budget the environment's own, unless it is named
   * @returns what was released; undefined where there was nothing
   * @throws LedgerUnavailable where the table does not answer, or callers always charge more meanwhile
   */
  release(period: PeriodKey, note: Omit<ReleaseNote, 'amount'>, budget?: BudgetPath): Promise<NanoUsd | undefined>;
}
