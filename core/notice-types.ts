import type { NanoUsd } from './money';

/** Who tells. `alarm`: CloudWatch, of the guard's own alarms. `budgets`: AWS Budgets itself. `other`: whoever publishes to the topic. */
export type NoticeSource = 'meter' | 'bill' | 'health' | 'auto-stop' | 'organization' | 'alarm' | 'budgets' | 'other';

/**
 * `firing`: holds, and will be said to be over. `resolved`: is over. `once`: has no end of its own, such as the daily report.
 */
export type NoticeStatus = 'firing' | 'resolved' | 'once';

/** `critical`: money may be lost, or work stands still, until somebody acts. `warning`: somebody should look today. */
export type Urgency = 'critical' | 'warning' | 'info';

/** What a chat or a pager is told beside the mail: one message of one fact. All texts are plain, and escaped by each channel. */
export interface Notice {
  readonly schemaVersion: 1;
  readonly environment: string;
  readonly source: NoticeSource;
  /** Two notices of one key are one message that came twice. */
  readonly key: string;
  /** What it is about: later notices of a fact update or resolve the message of an earlier one where a channel can. */
  readonly fact: string;
  readonly status: NoticeStatus;
  readonly urgency: Urgency;
  /** ms since the epoch. */
  readonly at: number;
  /** One line, without the environment's name. */
  readonly title: string;
  readonly happened: readonly string[];
  readonly spend?: NoticeSpend;
  /** What to do, a step a line; commands begin with `npx spend-guard`. Empty: nothing. */
  readonly todo: readonly string[];
  /** Who may do it. */
  readonly who?: string;
  /** A heading of docs/runbook.md. */
  readonly runbook?: string;
}

export interface NoticeSpend {
  readonly amount: NanoUsd;
  readonly limit: NanoUsd;
  /** Real spend may be higher. */
  readonly lowerBound?: boolean;
}

/** The message attribute of SNS beside the mail's text: a JSON array of notices, read by `parseNotices`. */
export const NOTICE_ATTRIBUTE = 'spend-guard-notice';
