import type { UtcMonth } from '../calendar';
import { MOST_CALIBRATION } from '../meter';
import { timesUpTo, formatUsd, nanoUsd, type NanoUsd } from '../money';
import type { BillActionState } from './state';
import type { Override } from '../stop-lines';
import type { BudgetActionReading, BudgetActionStatus } from '../bill';

/** What AWS Budgets believes is spent: hours old, and $0 for a while after a budget was edited (trap 10). */
export type CalculatedSpend =
  { readonly kind: 'known'; readonly amount: NanoUsd } | { readonly kind: 'unavailable'; readonly why: string };

export interface BillActionInput {
  readonly action: BudgetActionReading;
  readonly calculated: CalculatedSpend;
  /** Where the action applies. */
  readonly line: NanoUsd;
  readonly override?: Override;
  readonly month: UtcMonth;
  readonly before: BillActionState;
  /** What the meter has seen in full this month; absent where it does not see. */
  readonly meter?: NanoUsd;
  /** Somebody has ordered a stop. @default false */
  readonly isStopOrdered?: boolean;
}

export interface BillActionPlan {
  readonly execute?: 'REVERSE_BUDGET_ACTION' | 'RESET_BUDGET_ACTION';
  readonly why?: string;
  /** The bill has stopped something, or asks to, that the meter does not believe (trap 19). */
  readonly contradicted?: { readonly status: BudgetActionStatus; readonly line: NanoUsd; readonly meter: NanoUsd };
  readonly next: BillActionState;
}

const APPLIED: readonly BudgetActionStatus[] = ['EXECUTION_IN_PROGRESS', 'EXECUTION_SUCCESS'];

/**
 * What to do with the budgets action: reversed during an override, and where its line was raised above what is spent; armed
 * again at the override's end, after a raise or in a new month once the bill is under the line. A reset during an override would
 * arm it while the bill is still above (trap 43); one whose month is over may stay applied (trap 9). A fallen figure alone says
 * nothing (trap 10).
 */
export function planBillAction(input: BillActionInput): BillActionPlan {
  const { action, override, month, before, line } = input;
  if (action.kind !== 'known') return { next: before };
  const { status } = action;
  if (status === 'STANDBY') return { next: { armedLine: line } };
  const appliedMonth = before.appliedMonth ?? month;
  const next: BillActionState = { ...withLine(before, status, line), appliedMonth };
  const under = input.calculated.kind === 'known' && input.calculated.amount < line;
  const isOfEarlierMonth = appliedMonth < month;
  if (status === 'EXECUTION_SUCCESS') {
    if (override !== undefined) {
      const why = `an override by ${override.by} holds`;
      return { execute: 'REVERSE_BUDGET_ACTION', why, next: { ...next, reversedFor: override.since } };
    }
    if (isOfEarlierMonth && under) {
      return { execute: 'REVERSE_BUDGET_ACTION', why: `it is left over from ${appliedMonth}`, next };
    }
  }
  if (status === 'REVERSE_SUCCESS' && override === undefined && under) {
    const why = resetReason(next, isOfEarlierMonth);
    if (why !== undefined) return { execute: 'RESET_BUDGET_ACTION', why, next };
  }
  const contradicted = override === undefined ? contradiction(input, status, next) : undefined;
  const base = contradicted === undefined ? {} : { contradicted };
  const raise = status === 'EXECUTION_SUCCESS' ? raiseAboveSpend(input, next) : undefined;
  if (raise === undefined) return { ...base, next };
  const { from, meter } = raise;
  const why = `the line was raised from ${formatUsd(from)} to ${formatUsd(line)}, and the meter sees ${formatUsd(meter)}`;
  return { ...base, execute: 'REVERSE_BUDGET_ACTION', why, next: { ...next, raisedFrom: from } };
}

/**
 * Whether it is known that bill and meter do not contradict each other any more, as opposed to a look that could not tell. An
 * override only keeps a contradiction from being told: while the action still acts, the figures must agree.
 */
export function isAgreed(input: BillActionInput, { next }: BillActionPlan): boolean {
  const { action, meter, month } = input;
  if (action.kind === 'unavailable') return false;
  if (action.kind === 'missing' || !acts(action.status) || next.appliedMonth !== month) return true;
  return meter !== undefined && contradiction(input, action.status, next) === undefined;
}

/** Whether what AWS Budgets had refused has been done all the same, as by a person. */
export function isSettled(did: 'reverse' | 'reset', action: BudgetActionReading): boolean {
  if (action.kind !== 'known') return false;
  const { status } = action;
  if (status === 'STANDBY' || status === 'RESET_IN_PROGRESS') return true;
  return did === 'reverse' && (status === 'REVERSE_IN_PROGRESS' || status === 'REVERSE_SUCCESS');
}

/** Where it is applied is known from the look before it was: a line may be raised before the first look at what it did. */
function withLine(before: BillActionState, status: BudgetActionStatus, line: NanoUsd): BillActionState {
  const { armedLine = line, appliedLine = nanoUsd(Math.min(armedLine, line)), ...rest } = before;
  return APPLIED.includes(status) ? { ...rest, appliedLine } : { ...rest, armedLine: line };
}

/** Even calibrated as far up as it may be, the meter stays below a line that was raised, and the bill is not known to be above. */
function raiseAboveSpend(
  { line, calculated, meter, isStopOrdered = false }: BillActionInput,
  { appliedLine = line }: BillActionState,
): { readonly from: NanoUsd; readonly meter: NanoUsd } | undefined {
  if (isStopOrdered || meter === undefined) return undefined;
  if (line <= appliedLine) return undefined;
  if (calculated.kind === 'known' && calculated.amount >= line) return undefined;
  return timesUpTo(meter, MOST_CALIBRATION) < line ? { from: appliedLine, meter } : undefined;
}

function resetReason({ reversedFor, raisedFrom }: BillActionState, isOfEarlierMonth: boolean): string | undefined {
  if (isOfEarlierMonth) return 'a new month has begun';
  if (reversedFor !== undefined) return 'the override has ended and the bill is under the line';
  return raisedFrom === undefined ? undefined : 'the line was raised and the bill is under it';
}

/** Even calibrated as far up as it may be, the meter stays below the line at which the bill has acted. */
function contradiction(
  { meter, line: now, month }: BillActionInput,
  status: BudgetActionStatus,
  { appliedMonth, appliedLine = now }: BillActionState,
): BillActionPlan['contradicted'] {
  const line = nanoUsd(Math.min(now, appliedLine));
  if (!acts(status) || meter === undefined || appliedMonth !== month) return undefined;
  return timesUpTo(meter, MOST_CALIBRATION) < line ? { status, line, meter } : undefined;
}

function acts(status: BudgetActionStatus): boolean {
  return APPLIED.includes(status) || status === 'PENDING';
}
