import { HOUR_MS } from '../calendar';
import { nanoUsd, percentOf } from '../money';
import type { DesiredState } from '../stop-lines';

/** What an environment's meter tells the organisation's hub. Times are ISO, UTC; amounts are nano-dollars. */
export interface Standing {
  readonly schemaVersion: 1;
  readonly environment: string;
  /** `YYYY-MM`, whose spend it is. */
  readonly month: string;
  readonly at: string;
  /** When the spend was read; null: it never was in this month. */
  readonly asOf: string | null;
  readonly desired: DesiredState;
  /** What is in effect; open in a dry run. */
  readonly enforced: DesiredState | 'unknown';
  /** Null: unknown, which is not zero. */
  readonly spentNano: number | null;
  /** The amount is a lower bound. */
  readonly atLeast: boolean;
  readonly limitNano: number;
  readonly blind: boolean;
  /** False: a dry run. */
  readonly enforce: boolean;
  readonly reason: string;
  readonly guardVersion: string;
}

/** Without anything new, as a sign of life. */
export const SAID_AGAIN_MS = HOUR_MS;
/** Of the limit: what spend moves by before it is told again. */
const MOVED_PERCENT = 1;

/** Whether the hub is to be told. @param told what it was told last, as far as this process knows */
export function isStandingDue(told: Standing | undefined, next: Standing): boolean {
  if (told === undefined) return true;
  const age = Date.parse(next.at) - Date.parse(told.at);
  return age < 0 || age >= SAID_AGAIN_MS || !saysTheSame(told, next) || hasMoved(told, next);
}

/** But for time, spend, and the reason, whose figures change with each read. */
function saysTheSame(told: Standing, next: Standing): boolean {
  return (
    told.environment === next.environment &&
    told.month === next.month &&
    told.desired === next.desired &&
    told.enforced === next.enforced &&
    told.limitNano === next.limitNano &&
    told.blind === next.blind &&
    told.atLeast === next.atLeast &&
    told.enforce === next.enforce &&
    told.guardVersion === next.guardVersion
  );
}

function hasMoved({ spentNano: before }: Standing, { spentNano: after, limitNano }: Standing): boolean {
  if (before === null || after === null) return before !== after;
  const moved = Math.abs(after - before);
  return moved > 0 && moved >= percentOf(nanoUsd(limitNano), MOVED_PERCENT);
}
