import {
  isBedrockService,
  BUDGETS_LAG_MS,
  type BudgetActionReading,
  type BudgetReading,
  type TagStatus,
} from '../bill';
import { utcDay } from '../calendar';
import type { Reading } from '../reading';
import { decimalToNano, formatUsd, nanoUsd, usd, type NanoUsd } from '../money';
import type { SharedBudget } from './ports';

/** One of the guard's lines, and whether it can see or act at present. */
export interface LineStatus {
  readonly line: string;
  readonly state: LineState;
  readonly why: string;
  /** What to do about it, where `why` does not say. */
  readonly fix?: string;
}

/**
 * `armed` would act; `applied` has acted; `waiting` asks a person; `blind` cannot see or act; `unknown` could not be
 * asked; `absent` is not installed or not wanted; `dryRun` sees and decides, and acts on nobody by the config's wish.
 */
export type LineState = 'armed' | 'applied' | 'waiting' | 'blind' | 'unknown' | 'absent' | 'dryRun';

/** Lines that nobody should rely on right now. */
export function blindCount(lines: readonly LineStatus[]): number {
  return lines.filter(({ state }) => state === 'blind' || state === 'unknown').length;
}

/** What a budget is held against: what it must have counted by now, by the bill. */
export interface BudgetCheck {
  /** Undefined where the bill could not be read. See `billedLongAgo`. */
  readonly billed: NanoUsd | undefined;
  readonly now: number;
}

/** Below it a bill may be rounding, or a canary's pennies. */
const WORTH_COMPARING = usd(1);

/**
 * A budget over what carries a tag sees nothing until the tag is active, and looks like "within budget" (trap 25); so does one
 * whose filter names the key in a form that AWS does not know (trap 49).
 */
export function tagBudgetLine(
  budget: BudgetReading,
  status: TagStatus,
  tag: { readonly key: string; readonly value: string },
  check: BudgetCheck,
): LineStatus {
  const line = 'budget by tag';
  if (budget.kind !== 'known' || budget.currency !== 'USD') return budgetTrouble(line, budget);
  const blind = (why: string): LineStatus => ({ line, state: 'blind', why });
  if (status.kind === 'known' && status.state === 'inactive') {
    return blind(
      `the cost allocation tag ${tag.key} is not active: activate it in the management account's billing console`,
    );
  }
  if (status.kind === 'known' && status.state === 'unseen') {
    return blind(
      `the cost allocation tag ${tag.key} is not known yet: it appears up to 24 hours after the first tagged call`,
    );
  }
  const sight = sightOf(budget, check);
  if (sight.kind === 'countsNothing') {
    return blind(
      `AWS Budgets has counted $0 of this month, and Cost Explorer ${formatUsd(sight.billed)} under ${tag.key}=${tag.value}, ` +
        `two days old or older: the budget's filter names the key ${tag.key}, and AWS may know it as user:${tag.key}. ` +
        "Edit the budget's filter in the AWS Budgets console, pick the tag there, see which key it writes, and put that key into lib/budget.ts",
    );
  }
  if (status.kind === 'unavailable') {
    return { line, state: 'unknown', why: `whether the tag ${tag.key} is active: ${status.why}` };
  }
  if (sight.kind === 'unknown') return { line, state: 'unknown', why: sight.why };
  return { line, state: 'armed', why: `the tag ${tag.key} is active` };
}

/** A budget over service names misses a name that it does not have (trap 1). */
export function serviceBudgetLine(
  line: string,
  budget: BudgetReading,
  billedServices: readonly string[] | undefined,
  check: BudgetCheck,
): LineStatus {
  if (budget.kind !== 'known' || budget.currency !== 'USD') return budgetTrouble(line, budget);
  const unknown = (why: string): LineStatus => ({ line, state: 'unknown', why });
  if (billedServices === undefined) {
    return unknown('whether it counts every name on the bill: the bill could not be read');
  }
  const { services } = budget;
  const missed = services && billedServices.filter((name) => isBedrockService(name) && !services.includes(name));
  const misses = missed && missed.length > 0 ? `does not count ${missed.map((name) => `"${name}"`).join(', ')}` : '';
  const sight = sightOf(budget, check);
  if (sight.kind === 'countsNothing') {
    const why =
      `AWS Budgets has counted $0 of this month, and Cost Explorer ${formatUsd(sight.billed)} under names of Bedrock, two days old or older: ` +
      (misses === ''
        ? "edit the budget's filter in the AWS Budgets console, pick the services there, and compare how it writes them with config/bedrock-services.ts"
        : `it ${misses}`);
    return { line, state: 'blind', why };
  }
  if (misses !== '') return { line, state: 'blind', why: misses };
  if (missed === undefined) {
    return unknown('whether it counts every name on the bill: AWS Budgets does not say what it filters on');
  }
  if (sight.kind === 'unknown') return unknown(sight.why);
  return { line, state: 'armed', why: 'counts every name of Bedrock on the bill' };
}

type Sight =
  | { readonly kind: 'sees' | 'nothingToSee' }
  | { readonly kind: 'countsNothing'; readonly billed: NanoUsd }
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether what a budget has counted is believable beside the bill; a budget that was just changed starts from $0 (trap 10). */
function sightOf(
  { spent, changedAtMs }: Extract<BudgetReading, { kind: 'known' }>,
  { billed, now }: BudgetCheck,
): Sight {
  if (spent === undefined) {
    return { kind: 'unknown', why: 'whether it counts anything: AWS Budgets has calculated nothing yet' };
  }
  if (decimalToNano(spent) > 0) return { kind: 'sees' };
  if (billed === undefined) {
    return { kind: 'unknown', why: 'whether its $0 is true: the bill could not be read' };
  }
  if (billed <= WORTH_COMPARING) return { kind: 'nothingToSee' };
  if (changedAtMs === undefined) {
    return { kind: 'unknown', why: 'whether its $0 is true: AWS Budgets does not say since when it counts' };
  }
  return now - changedAtMs < BUDGETS_LAG_MS ? { kind: 'nothingToSee' } : { kind: 'countsNothing', billed };
}

/** The action in AWS Budgets, as its commands name it. */
export interface NamedAction {
  readonly account: string;
  readonly budgetName: string;
  readonly actionId: string;
}

export function actionLine(action: BudgetActionReading | undefined, named?: NamedAction): LineStatus {
  const line = 'budgets action';
  if (action === undefined) return { line, state: 'absent', why: 'billAction is none' };
  if (action.kind === 'missing') return { line, state: 'blind', why: 'it was deleted: deploy the stack again' };
  if (action.kind === 'unavailable') return { line, state: 'unknown', why: action.why };
  switch (action.status) {
    case 'STANDBY':
      return { line, state: 'armed', why: 'denies all models at its line' };
    case 'PENDING':
      return {
        line,
        state: 'waiting',
        why: 'the bill is over its line: a person must approve the stop in Budgets',
        ...(named && { fix: `To approve: ${approval(named)}` }),
      };
    case 'EXECUTION_IN_PROGRESS':
    case 'EXECUTION_SUCCESS':
      return { line, state: 'applied', why: 'the bill is over its line: all models are denied' };
    case 'REVERSE_IN_PROGRESS':
    case 'REVERSE_SUCCESS':
      return { line, state: 'blind', why: 'reversed, so disarmed for this month: reset it in Budgets to arm it again' };
    case 'RESET_IN_PROGRESS':
      return { line, state: 'armed', why: 'being armed again' };
    case 'EXECUTION_FAILURE':
    case 'REVERSE_FAILURE':
    case 'RESET_FAILURE':
      return { line, state: 'blind', why: `AWS Budgets says ${action.status}: see its execution history` };
  }
}

function approval({ account, budgetName, actionId }: NamedAction): string {
  return `aws budgets execute-budget-action --account-id ${account} --budget-name ${budgetName} --action-id ${actionId} --execution-type APPROVE_BUDGET_ACTION`;
}

/** What its callers have told the leases table: the plugin runs in their processes, which nobody else can see. */
export function inPathLine(shared: Reading<SharedBudget | undefined>): LineStatus {
  const line = 'in-path plugin';
  if (shared.kind === 'unavailable') return { line, state: 'unknown', why: shared.why };
  const budget = shared.value;
  if (budget === undefined) return { line, state: 'absent', why: 'no caller has used it this month' };
  const held = nanoUsd(budget.limit - budget.spent - budget.remaining);
  return {
    line,
    state: 'armed',
    why: `of ${formatUsd(budget.limit)}, ${formatUsd(budget.spent)} is spent, by its callers' word or the meter's, and ${formatUsd(held)} held${unsettledText(budget)}`,
  };
}

/** What of the callers' spend nobody knows to have been used, and who has given such back. */
export function unsettledText({ unsettled, released }: Pick<SharedBudget, 'unsettled' | 'released'>): string {
  const charged = unsettled > 0 ? `; ${formatUsd(unsettled)} of what is spent was charged without known usage` : '';
  const back = released
    ? `; ${formatUsd(released.amount)} of such was released by ${released.by} on ${utcDay(released.at)}: ${released.reason}`
    : '';
  return charged + back;
}

function budgetTrouble(line: string, budget: BudgetReading): LineStatus {
  switch (budget.kind) {
    case 'missing':
      return { line, state: 'blind', why: 'it was deleted: deploy the stack again' };
    case 'unavailable':
      return { line, state: 'unknown', why: budget.why };
    case 'known':
      return { line, state: 'blind', why: `the bill is in ${budget.currency}, its limit in USD` };
  }
}
