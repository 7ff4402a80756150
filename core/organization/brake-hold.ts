import { type UtcMonth, utcMonth } from '../calendar';
import { formatUsd } from '../money';
import { activeOverride } from '../stop-lines';
import type { AccountStand } from './account';
import { type BrakeHold, type BrakeRecord, withHistory } from './brake-record';

/**
 * What is wanted for an account now, with whatever no longer holds left out: it needs no look at AWS Organizations. Unknown changes
 * nothing: it neither wants a brake nor ends one.
 */
export function renewHold(before: BrakeRecord, stand: AccountStand, now: number): BrakeRecord {
  const month = utcMonth(now);
  const override = activeOverride(before.override, now);
  const record = override === undefined && before.override ? withoutOverride(before, now) : before;
  const ended = record.hold && endOf(record.hold, stand, month);
  if (record.hold !== undefined && ended === undefined) return record;
  const { hold, approval: _, ...others } = record;
  const free: BrakeRecord =
    hold === undefined
      ? record
      : withHistory(others, { at: now, text: `decision ${hold.decision} has ended: ${ended}` });
  const wish = override === undefined && stand.brake !== 'never' ? wishOf(stand) : undefined;
  if (wish === undefined) return free;
  const next: BrakeHold = {
    ...wish,
    decision: decisionName(month, free),
    month,
    since: now,
    line: stand.line,
  };
  return withHistory(
    { ...free, decisions: free.decisions + 1, hold: next },
    { at: now, text: `decision ${next.decision}: ${next.reason}` },
  );
}

/** Never used twice, so that an approval is of one decision and no other. */
export function decisionName(month: UtcMonth, { decisions }: Pick<BrakeRecord, 'decisions'>): string {
  return `${month}.${decisions + 1}`;
}

function withoutOverride({ override, ...others }: BrakeRecord, now: number): BrakeRecord {
  return withHistory(others, { at: now, text: `the override by ${override?.by ?? 'nobody'} has ended` });
}

/** Why a decision no longer holds; undefined: it does. What a person ordered ends by a person's word. */
function endOf(hold: BrakeHold, stand: AccountStand, month: UtcMonth): string | undefined {
  if (hold.cause === 'ordered') return undefined;
  if (hold.month !== month) return `it was of ${hold.month}`;
  if (stand.brake === 'never') return "the limits file says 'never' of this account's brake";
  const { spent, line } = stand;
  // What a rise wanted, a higher line does not end: its cause goes on.
  if (hold.cause === 'spend' && line > hold.line && spent.kind === 'known' && spent.value.amount < line) {
    return `the line was raised to ${formatUsd(line)}, above the spend of ${formatUsd(spent.value.amount)}`;
  }
  return undefined;
}

function wishOf({ spent, line, limit, rises }: AccountStand): Pick<BrakeHold, 'cause' | 'reason'> | undefined {
  if (spent.kind === 'known' && spent.value.amount >= line) {
    const amount = `${spent.value.atLeast ? 'at least ' : ''}${formatUsd(spent.value.amount)}`;
    return {
      cause: 'spend',
      reason: `${amount} is spent this month, and the brake's line is ${formatUsd(line)} at a limit of ${formatUsd(limit)}`,
    };
  }
  const [rise] = rises;
  if (rise === undefined) return undefined;
  const { environment, from, to } = rise;
  return {
    cause: 'rise',
    reason: `the guard of ${environment} has stopped it at ${formatUsd(from)}, and its spend went on to ${formatUsd(to)}`,
  };
}
