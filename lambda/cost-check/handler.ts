import {
  billQuery,
  modelQuery,
  readBill,
  readModels,
  type BillReading,
  type BillScope,
  type ModelReading,
} from '../../core/bill';
import { GuardError } from '../../core/errors';
import { actionLine, serviceBudgetLine, tagBudgetLine, type LineStatus } from '../../core/lines';
import type { BudgetsPort } from '../../core/ports/budgets';
import type { CostAllocationTagsPort } from '../../core/ports/cost-allocation-tags';
import type { CostExplorerPort } from '../../core/ports/cost-explorer';
import type { MailPort } from '../../core/ports/mail';
import type { MetricsPort } from '../../core/ports/metrics';
import type { ReportStatePort } from '../../core/ports/report-state';
import { makeReport, reportMetrics, type CostReport } from '../../core/report';
import { reportMail } from '../../core/report-text';
import type { CostCheckEnv } from './env';
import { parseEvent } from './event';

export interface CostCheckDeps {
  readonly costExplorer: CostExplorerPort;
  readonly tags: CostAllocationTagsPort;
  readonly budgets: BudgetsPort;
  readonly state: ReportStatePort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
  readonly now: () => number;
}

export type CostCheckResult =
  | { readonly kind: 'reported'; readonly report: CostReport; readonly mailed: boolean }
  | { readonly kind: 'skipped'; readonly why: string };

/**
 * Shorter than Lambda's first pause before a retry (a minute), so that a failed run's retry takes its claim over; longer than
 * Scheduler's duplicates are apart. The function's time-out is shorter still: a run this old is over.
 */
export const STALE_CLAIM_MS = 55_000;
/** Lambda's own attempts at an asynchronous event: the last one reports what it could not read as unknown. */
const ATTEMPTS = 3;

/**
 * The daily report, and the same on demand.
 * @throws GuardError EVENT_INVALID; and for a fault that may pass, so that Lambda retries, until the last attempt
 */
export function makeHandler(deps: CostCheckDeps, env: CostCheckEnv): (event: unknown) => Promise<CostCheckResult> {
  return async (input) => {
    const now = deps.now();
    const event = parseEvent(input, now);

    const claim = event.kind === 'schedule' ? await deps.state.claim(event.day, now, now - STALE_CLAIM_MS) : undefined;
    if (claim && claim.kind !== 'claimed') {
      return { kind: 'skipped', why: claim.kind === 'sent' ? 'this day was reported' : 'another run is reporting' };
    }
    const reading = await read(deps, env, now);
    if (reading.bill.kind === 'unavailable' && reading.bill.retryable && claim && claim.attempt < ATTEMPTS) {
      throw new GuardError('BILL_UNAVAILABLE', `attempt ${claim.attempt} of ${ATTEMPTS}: ${reading.bill.why}`);
    }

    const report = makeReport({ ...reading, ...settingsOf(env), now });

    const mail = reportMail(report, env.REPORT_TIME_ZONE);
    if (event.mail) await deps.mail.send(mail);
    // First of all that follows, and never undone: from here on a retry must not mail again.
    if (event.kind === 'schedule') await deps.state.markSent(event.day, now, mail.subject);
    deps.metrics.record(env.ENVIRONMENT, reportMetrics(report), {
      event: 'cost.reported',
      subject: mail.subject,
      requests: report.requests,
    });
    return { kind: 'reported', report, mailed: event.mail };
  };
}

interface Reading {
  readonly bill: BillReading;
  readonly models: ModelReading;
  readonly lines: readonly LineStatus[];
  readonly requests: number;
}

async function read(deps: CostCheckDeps, env: CostCheckEnv, now: number): Promise<Reading> {
  const scope: BillScope =
    env.IDENTITY === 'profile'
      ? { identity: 'profile', tagKey: env.TAG_KEY, environment: env.ENVIRONMENT }
      : { identity: 'direct' };
  const [costs, lineReadings] = await Promise.all([
    deps.costExplorer.costs(billQuery(scope, now)),
    readLines(deps, env),
  ]);
  const bill = readBill(costs, scope, now);
  const services = bill.kind === 'known' ? bill.billedServices : undefined;
  const models = services?.length ? await deps.costExplorer.costs(modelQuery(scope, services, now)) : undefined;
  return {
    bill,
    models: models ? readModels(models) : { kind: 'known', byModel: [] },
    lines: linesOf(env, lineReadings, bill, services),
    requests: costs.requests + (models?.requests ?? 0),
  };
}

async function readLines({ tags, budgets }: CostCheckDeps, env: CostCheckEnv) {
  const [tag, budget, accountBudget, action] = await Promise.all([
    env.IDENTITY === 'profile' ? tags.tagStatus(env.TAG_KEY) : undefined,
    budgets.budget(env.BUDGET_NAME),
    env.ACCOUNT_BUDGET_NAME === '' ? undefined : budgets.budget(env.ACCOUNT_BUDGET_NAME),
    env.BILL_ACTION_ID === '' ? undefined : budgets.action(env.BUDGET_NAME, env.BILL_ACTION_ID),
  ]);
  return { tag, budget, accountBudget, action };
}

function linesOf(
  env: CostCheckEnv,
  { tag, budget, accountBudget, action }: Awaited<ReturnType<typeof readLines>>,
  bill: BillReading,
  services: readonly string[] | undefined,
): readonly LineStatus[] {
  return [
    bill.kind === 'known'
      ? { line: 'cost report', state: 'armed', why: 'Cost Explorer answers' }
      : { line: 'cost report', state: 'blind', why: bill.why },
    tag
      ? tagBudgetLine(budget, tag, env.TAG_KEY)
      : serviceBudgetLine('budget', budget, services, env.BUDGETED_SERVICES),
    ...(accountBudget
      ? [serviceBudgetLine('account-wide budget', accountBudget, services, env.BUDGETED_SERVICES)]
      : []),
    actionLine(action),
    { line: 'meter', state: 'absent', why: 'not part of this version' },
    { line: 'in-path plugin', state: 'absent', why: 'not part of this version' },
  ];
}

function settingsOf(env: CostCheckEnv) {
  return {
    environment: env.ENVIRONMENT,
    limit: env.LIMIT_NANO_USD,
    thresholds: env.THRESHOLDS,
    neverStop: env.NEVER_STOP,
  };
}
