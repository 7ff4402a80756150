import { add, type NanoUsd } from '../money';
import { periodEnd, type PeriodKey } from '../shared-budgets';
import type { ReserveOutcome } from './ports';

/** Which of the amounts fit, first come, first served; smaller ones may still fit behind one that does not. */
export function fitting(amounts: readonly NanoUsd[], available: NanoUsd): readonly boolean[] {
  let left: number = available;
  return amounts.map((amount) => {
    if (amount > left) return false;
    left -= amount;
    return true;
  });
}

/** Hard where it would not fit even if every call in flight cost nothing; else soft, since most cost less than their bound. */
export function refusal(
  amount: NanoUsd,
  view: {
    readonly limit: NanoUsd;
    readonly spent: NanoUsd;
    readonly remaining: NanoUsd;
    readonly period: PeriodKey;
    readonly now: number;
    /** What most calls take, so that room may have come free. */
    readonly callSeconds: number;
  },
): ReserveOutcome & { readonly kind: 'refused' } {
  const soft = add(view.spent, amount) <= view.limit;
  const untilNext = Math.max(1, Math.ceil((periodEnd(view.period) - view.now) / 1000));
  const retryAfterSeconds = soft ? Math.min(view.callSeconds, untilNext) : untilNext;
  return { kind: 'refused', soft, retryAfterSeconds, remaining: view.remaining };
}

/** Too much was charged in this hour without known usage, as in an outage of the provider. */
export function heldUp(ms: number, remaining: NanoUsd): ReserveOutcome & { readonly kind: 'refused' } {
  return {
    kind: 'refused',
    soft: false,
    unsettled: true,
    retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)),
    remaining,
  };
}
