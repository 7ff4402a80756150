import { runbookLine } from './mail';
import type { Notice } from './notice-types';
import { shortNotice } from './notice-text';

/** What is said, once: a mail and a notice are both made of it. */
export interface Wording {
  /** For the subject, without the environment's name. */
  readonly title: string;
  /** What happened. */
  readonly lines: readonly string[];
  /** What to do, as the mail says it too. */
  readonly todo?: readonly string[];
  /** A heading of docs/runbook.md. */
  readonly runbook?: string;
}

export function mailLines({ lines, todo = [], runbook }: Wording): readonly string[] {
  return [...lines, ...todo, ...(runbook === undefined ? [] : [runbookLine(runbook)])];
}

/** How a fact stands, and what of it only a notice says. */
export type NoticeStand = Pick<Notice, 'fact' | 'status' | 'urgency' | 'spend' | 'who'> & {
  /** In place of the wording's. */
  readonly todo?: readonly string[];
  /** In place of the wording's. */
  readonly runbook?: string;
};

export type NoticeOrigin = Pick<Notice, 'environment' | 'source' | 'key' | 'at'>;

/** Fact and key are made unique over the environments and sources of an account and Region. Channels add those two: one pager may serve many. */
export function noticeOf(origin: NoticeOrigin, wording: Wording, stand: NoticeStand): Notice {
  const { environment, source, key, at } = origin;
  const { fact, status, urgency, spend, who } = stand;
  const runbook = stand.runbook ?? wording.runbook;
  return shortNotice({
    schemaVersion: 1,
    environment,
    source,
    key: `${environment}|${source}|${key}`,
    fact: `${environment}|${source}|${fact}`,
    status,
    urgency,
    at,
    title: wording.title,
    happened: wording.lines,
    ...(spend && { spend }),
    todo: stand.todo ?? wording.todo ?? [],
    ...(who !== undefined && { who }),
    ...(runbook !== undefined && { runbook }),
  });
}

/** Who may do what a notice asks for. */
export const WHO = {
  /** docs/shared-budgets.md: what an order needs. */
  orders: "Whoever may write the guard's state table and invoke the meter.",
  deploys: 'Whoever may deploy the guard.',
  iam: "Whoever may change IAM in the guard's account.",
  budgets:
    "Whoever may run the action in the AWS Budgets console (budgets:ExecuteBudgetAction) of the guard's account.",
} as const;

/** Above the stop line it needs both its end and its amount. */
export function resumeCommand(environment: string): string {
  return `npx spend-guard resume --env ${environment} --until <time> --limit <dollars> --reason "<why>"`;
}

export function statusCommand(environment: string): string {
  return `npx spend-guard status --env ${environment}`;
}
