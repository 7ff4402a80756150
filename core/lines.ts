import { isBedrockService } from './bedrock-services';
import type { Reading } from './health/guard-state';
import { formatUsd, nanoUsd } from './money';
import type { BudgetActionReading, BudgetReading } from './ports/budgets';
import type { TagStatus } from './ports/cost-allocation-tags';
import type { SharedBudget } from './ports/shared-budget';

/** One of the guard's lines, and whether it can see or act at present. */
export interface LineStatus {
  readonly line: string;
  readonly state: LineState;
  readonly why: string;
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

/** A budget over what carries a tag sees nothing until the tag is active, and looks like "within budget" (trap 25). */
export function tagBudgetLine(budget: BudgetReading, tag: TagStatus, tagKey: string): LineStatus {
  const line = 'budget by tag';
  const trouble = budgetTrouble(line, budget);
  if (trouble) return trouble;
  if (tag.kind === 'unavailable') {
    return { line, state: 'unknown', why: `whether the tag ${tagKey} is active: ${tag.why}` };
  }
  switch (tag.state) {
    case 'active':
      return { line, state: 'armed', why: `the tag ${tagKey} is active` };
    case 'inactive':
      return {
        line,
        state: 'blind',
        why: `the cost allocation tag ${tagKey} is not active: activate it in the payer account's billing console`,
      };
    case 'unseen':
      return {
        line,
        state: 'blind',
        why: `the cost allocation tag ${tagKey} is not known yet: it appears up to 24 hours after the first tagged call`,
      };
  }
}

/** A budget over service names misses a name that it does not have (trap 1). */
export function serviceBudgetLine(
  line: string,
  budget: BudgetReading,
  billedServices: readonly string[] | undefined,
  budgetedServices: readonly string[],
): LineStatus {
  const trouble = budgetTrouble(line, budget);
  if (trouble) return trouble;
  if (billedServices === undefined) {
    return { line, state: 'unknown', why: 'whether it counts every name on the bill: the bill could not be read' };
  }
  const missed = billedServices.filter((name) => isBedrockService(name) && !budgetedServices.includes(name));
  return missed.length === 0
    ? { line, state: 'armed', why: 'counts every name of Bedrock on the bill' }
    : { line, state: 'blind', why: `does not count ${missed.map((name) => `"${name}"`).join(', ')}` };
}

export function actionLine(action: BudgetActionReading | undefined): LineStatus {
  const line = 'budgets action';
  if (action === undefined) return { line, state: 'absent', why: 'billAction is none' };
  if (action.kind === 'missing') return { line, state: 'blind', why: 'it was deleted: deploy the stack again' };
  if (action.kind === 'unavailable') return { line, state: 'unknown', why: action.why };
  switch (action.status) {
    case 'STANDBY':
      return { line, state: 'armed', why: 'denies all models at its line' };
    case 'PENDING':
      return { line, state: 'waiting', why: 'the bill is over its line: a person must approve the stop in Budgets' };
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
    why: `of ${formatUsd(budget.limit)}, ${formatUsd(budget.spent)} is spent, by its callers' word or the meter's, and ${formatUsd(held)} held`,
  };
}

function budgetTrouble(line: string, budget: BudgetReading): LineStatus | undefined {
  if (budget.kind === 'missing') return { line, state: 'blind', why: 'it was deleted: deploy the stack again' };
  if (budget.kind === 'unavailable') return { line, state: 'unknown', why: budget.why };
  return budget.currency === 'USD'
    ? undefined
    : { line, state: 'blind', why: `the bill is in ${budget.currency}, its limit in USD` };
}
