import { HOUR_MS } from '../../../core/calendar';
import { decide } from '../../../core/decision/decide';
import type { DecideInput, Decision, DecisionState } from '../../../core/decision/types';
import type { Assessment } from '../../../core/meter/types';
import { input, known, NOON, quiet, type Seen } from '../../helpers/meter-world';

export const UNKNOWN: Assessment = { kind: 'unknown', why: 'throttled' };

/** One decision after a quiet hour. */
export function after(seen: Seen, over: Partial<DecideInput> = {}): Decision {
  const now = over.now ?? NOON;
  return decide(input({ previous: quiet(now - HOUR_MS), assessment: known(now, seen), ...over }));
}

export function next(previous: DecisionState, now: number, seen: Seen, over: Partial<DecideInput> = {}): Decision {
  return decide(input({ previous, now, assessment: known(now, seen), ...over }));
}

export const kindsOf = ({ alerts }: Decision) => alerts.map(({ kind }) => kind);
