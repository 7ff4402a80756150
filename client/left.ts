import { type BudgetView, percentGone } from '../core/shared-budgets';
import { dollars } from './events';

/** What is left of one budget, for people and their code. Dollars are numbers: the guard itself does not compute with them. */
export interface BudgetLeft {
  /** Such as `search/nightly`; empty: the environment's own. */
  readonly budget: string;
  /** What can be reserved now; below zero where the limit was lowered under what was spent. */
  readonly remainingUsd: number;
  /** For the running period, with what was carried over. */
  readonly limitUsd: number;
  /** What of the limit is spent, or held by calls in flight and by processes for their next; rounded down to hundredths. */
  readonly percent: number;
  /** When the next period begins: ISO 8601, UTC. */
  readonly resetsAt: string;
}

/** All that is known of one budget: `spentUsd + heldUsd + remainingUsd = limitUsd`. */
export interface BudgetFigures extends BudgetLeft {
  /** `2026-11`, `2026-W48` or `2026-11-28`. */
  readonly period: string;
  readonly spentUsd: number;
  readonly heldUsd: number;
}

/** As `$metadata.spendGuard` has it. Of an answer from the cache also that it is one, and the usage that it was charged by. */
export type SpendGuardMetadata = Partial<BudgetLeft> & {
  readonly cached?: true;
  readonly usage?: Readonly<
    Record<'inputTokens' | 'outputTokens' | 'totalTokens' | 'cacheReadInputTokens' | 'cacheWriteInputTokens', number>
  >;
};

export function leftOf(view: BudgetView): BudgetLeft {
  const { budget, remaining, limit, resetsAt } = view;
  return {
    budget,
    remainingUsd: dollars(remaining),
    limitUsd: dollars(limit),
    percent: Math.floor(percentGone(view) * 100) / 100,
    resetsAt: iso(resetsAt),
  };
}

export function figuresOf(view: BudgetView): BudgetFigures {
  const { period, spent, held } = view;
  return { ...leftOf(view), period, spentUsd: dollars(spent), heldUsd: dollars(held) };
}

/** Onto an answer, beside what its cache says of it; one without metadata has no place for it. */
export function tellOf(output: object, left: BudgetLeft): void {
  const { $metadata } = output as { readonly $metadata?: { spendGuard?: object } };
  // What another middleware has frozen is not worth the loss of an answer that has been paid for.
  if (!Object.isExtensible($metadata) || $metadata === undefined) return;
  $metadata.spendGuard = $metadata.spendGuard === undefined ? left : { ...$metadata.spendGuard, ...left };
}

let last = { at: Number.NaN, text: '' };

/** Answer after answer it is the same, and to write a date takes longer than all else here. */
function iso(at: number): string {
  if (last.at !== at) last = { at, text: new Date(at).toISOString() };
  return last.text;
}
