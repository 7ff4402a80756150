import { monthStart, nextMonth, type UtcMonth } from '../calendar';
import { add, type NanoUsd } from '../money';
import type { ReserveOutcome } from '../ports/ledger';

/** Hard where it would not fit even if every call in flight cost nothing; else soft, since most cost less than their bound. */
export function refusal(
  amount: NanoUsd,
  view: {
    readonly limit: NanoUsd;
    readonly spent: NanoUsd;
    readonly remaining: NanoUsd;
    readonly period: UtcMonth;
    readonly now: number;
    /** What most calls take, so that room may have come free. */
    readonly callSeconds: number;
  },
): ReserveOutcome & { readonly kind: 'refused' } {
  const soft = add(view.spent, amount) <= view.limit;
  const untilNextMonth = Math.max(1, Math.ceil((monthStart(nextMonth(view.period)) - view.now) / 1000));
  const retryAfterSeconds = soft ? Math.min(view.callSeconds, untilNextMonth) : untilNextMonth;
  return { kind: 'refused', soft, retryAfterSeconds, remaining: view.remaining };
}
