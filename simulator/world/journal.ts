import type { NanoUsd } from '../../core/money';
import type { Notice } from '../../core/notice';
import type { NotificationSpec } from '../template/budgets';

/** AWS Budgets told somebody that a threshold was passed. */
export interface BudgetNotification {
  readonly atMs: number;
  readonly environment: string;
  readonly budget: string;
  readonly type: NotificationSpec['type'];
  readonly atPercent: number;
  /** What Budgets believed to be spent, or to be expected. */
  readonly seen: NanoUsd;
  readonly recipients: readonly string[];
}

/** A budgets action passed its line: it asked a person, or attached its policy, or both in turn. */
export interface BudgetActionRun {
  readonly environment: string;
  readonly budget: string;
  readonly atPercent: number;
  readonly triggeredMs: number;
  readonly seen: NanoUsd;
  /** What was really spent when it was triggered. */
  readonly spent: NanoUsd;
  readonly needsApproval: boolean;
  /** Who was told. */
  readonly recipients: readonly string[];
  attachedMs?: number;
}

/** A mail that one of the guard's functions sent. */
export interface GuardMail {
  readonly atMs: number;
  readonly environment: string;
  readonly feature: string;
  /** The scheduled time of the run that sent it. */
  readonly scheduledMs: number;
  readonly subject: string;
  readonly body: string;
  /** What chats and pagers are told beside it. */
  readonly notices: readonly Notice[];
  readonly recipients: readonly string[];
}

/** The meter went from one state to another. */
export interface MeterChange {
  readonly atMs: number;
  readonly environment: string;
  readonly from: string;
  readonly to: string;
  readonly reason: string;
  /** What was really spent by then. */
  readonly spent: NanoUsd;
}

export interface RunCounts {
  /** Deliveries by Scheduler, duplicates included. */
  invoked: number;
  duplicates: number;
  /** Runs that ended in an error, before any retry. */
  failed: number;
  /** Runs given up after their retries. */
  deadLetters: number;
}

/** What the guard put to sleep in one environment. */
export interface Sleep {
  /** Aliases and versions with provisioned concurrency. */
  functions: number;
  /** Asleep now. */
  sleeping: number;
  times: number;
  hours: number;
  /** By the price that auto-stop knows; a sum of known amounts only. */
  savedNano: number;
  failures: number;
}

/** Everything that happened in a month and that somebody could have noticed. */
export class Journal {
  readonly notifications: BudgetNotification[] = [];
  readonly actionRuns: BudgetActionRun[] = [];
  readonly mails: GuardMail[] = [];
  /** What the meter decided, by environment. */
  readonly meterChanges: MeterChange[] = [];
  /** By environment and feature: `dev/cost-check`. */
  readonly runs = new Map<string, RunCounts>();
  /** The first error of each feature and environment, for the report. */
  readonly errors = new Map<string, string>();

  /** By environment. */
  readonly sleeps = new Map<string, Sleep>();

  sleepOf(environment: string): Sleep {
    const sleep = this.sleeps.get(environment) ?? {
      functions: 0,
      sleeping: 0,
      times: 0,
      hours: 0,
      savedNano: 0,
      failures: 0,
    };
    this.sleeps.set(environment, sleep);
    return sleep;
  }

  fail(environment: string, feature: string, error: unknown): void {
    const key = `${environment}/${feature}`;
    if (!this.errors.has(key)) this.errors.set(key, error instanceof Error ? error.message : String(error));
  }

  counts(environment: string, feature: string): RunCounts {
    const key = `${environment}/${feature}`;
    const counts = this.runs.get(key) ?? { invoked: 0, duplicates: 0, failed: 0, deadLetters: 0 };
    this.runs.set(key, counts);
    return counts;
  }
}
