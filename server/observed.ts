import type { SpendGuardEvent } from '../client/index';
import { nanoUsd, add, ZERO, type NanoUsd } from '../core/money';

export type Outcome = 'answered' | 'cached' | 'refused' | 'failed';
export type TableState = 'unknown' | 'reachable' | 'away';

/** What this process has done since it began: counts only, no prompt and nothing of who asked. */
export class Observed {
  readonly requests = new Map<string, { readonly operation: string; readonly outcome: Outcome; count: number }>();
  readonly refusals = new Map<string, number>();
  /** Charged, by what answers said or in full. */
  spent: NanoUsd = ZERO;
  inFlight = 0;
  table: TableState = 'unknown';

  /** @param operation one of Bedrock's, or `none` */
  request(operation: string, outcome: Outcome): void {
    const name = `${operation} ${outcome}`;
    const found = this.requests.get(name);
    if (found) found.count += 1;
    else this.requests.set(name, { operation, outcome, count: 1 });
  }

  refusal(code: string): void {
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
  }

  hear({ name, attributes }: SpendGuardEvent): void {
    if (name === 'away') this.table = 'away';
    else if (name === 'back') this.table = 'reachable';
    else if (name === 'refused') this.refusal(String(attributes['error.type']));
    else if (name === 'settled') {
      this.spent = add(this.spent, nanoUsd(Math.round(Number(attributes['spend_guard.cost_usd']) * 1_000_000_000)));
      if (this.table === 'unknown') this.table = 'reachable';
    }
  }
}
