import type { UtcDay } from '../../../core/calendar';
import type { NanoUsd } from '../../../core/money';
import type { ModelPrice } from '../../../core/prices';
import type { Reading } from '../../../core/reading';
import type { ReportEvent, ReportFact } from '../story';

/** What the page shows, whatever it came from. Amounts are nano-dollars, times ms since the epoch. */
export interface ReportData {
  readonly title: string;
  /** Two environments of it are two sides of one thing: their facts stand side by side. @default false */
  readonly compared?: boolean;
  readonly story: readonly string[];
  /** What the figures are of, and how late they are. @default - nothing is said */
  readonly basis?: string;
  /** The period goes on: its figures are so far, and what happened in it is known to nobody who writes this. @default false */
  readonly running?: boolean;
  /** What must never happen and did: nothing that is said of savings holds then. @default - none */
  readonly problems?: readonly string[];
  readonly environments: readonly EnvironmentReport[];
}

export interface EnvironmentReport {
  /** The environment's; of a backtest with its configuration after a comma. */
  readonly name: string;
  /** Of a calendar month. */
  readonly limit: NanoUsd;
  readonly lines: readonly ReportLine[];
  /** Of all months together; unknown is drawn as such, and never as zero. */
  readonly spent: Reading<NanoUsd>;
  /** The figure of `spent` is the least that it was. @default false */
  readonly atLeast?: boolean;
  /** Of the month that goes on. */
  readonly forecast?: NanoUsd;
  /** What another source says of the same, such as the meter's figure beside the bill's. @default - nothing */
  readonly beside?: string;
  /** By another source than `spent`, such as the meter beside the bill; the larger of both is held against the limit. */
  readonly counted?: NanoUsd;
  /** Lines of the guard that wait for a person, and those that cannot see or act. @default - none */
  readonly guard?: { readonly waiting: readonly string[]; readonly blind: readonly string[] };
  /** A prompt cache costs more than it saves. @default false */
  readonly burns?: boolean;
  /** What is denied while this is written, where nobody knows since when. @default - nobody knows */
  readonly deniedNow?: 'stopped' | 'degraded' | 'open';
  /** Ascending, without gaps where it matters: spend of each day. */
  readonly days: readonly { readonly day: UtcDay; readonly spent: NanoUsd; readonly denied?: NanoUsd }[];
  /** Month to date, finer than days and ascending. Empty: the days are all that is known. */
  readonly points: readonly Point[];
  readonly events: readonly ReportEvent[];
  /** When models were denied, in order of time. */
  readonly holds: readonly Hold[];
  readonly models: readonly { readonly model: string; readonly spent: NanoUsd; readonly denied?: NanoUsd }[];
  /** What the denied calls would have cost; absent: nobody counts them. */
  readonly denied?: NanoUsd;
  /** The same days with less of the guard. */
  readonly without?: readonly { readonly what: string; readonly spent: NanoUsd }[];
  /** A stop was on a bill that was wrong: it saved nothing. @default false */
  readonly stoppedInError?: boolean;
  readonly facts: readonly ReportFact[];
  readonly settings: readonly ReportFact[];
  readonly prices: readonly ReportPrice[];
  /** What is told of this environment alone: who spent it, its lines, its budgets. */
  readonly more?: readonly ReportTable[];
  /** What a person must look at, in a sentence each. */
  readonly attention?: readonly string[];
}

export interface Point {
  readonly at: number;
  readonly spent: NanoUsd;
}

export interface ReportLine {
  readonly percent: number;
  /** What it does, such as `mail` or `stop`. */
  readonly does: string;
  readonly amount: NanoUsd;
}

export interface Hold {
  readonly from: number;
  /** Absent: it went on when the period ended. */
  readonly until?: number;
  readonly state: 'stopped' | 'degraded';
  readonly by: 'the meter' | 'AWS Budgets' | 'a person';
}

export interface ReportPrice {
  readonly model: string;
  readonly price: ModelPrice;
  /** Which list, and of which date. */
  readonly source: string;
}

export interface ReportTable {
  readonly caption: string;
  readonly head: readonly string[];
  /** A cell that is an amount is formatted as one; undefined: unknown. */
  readonly rows: readonly (readonly (string | NanoUsd | undefined)[])[];
  readonly note?: string;
}
