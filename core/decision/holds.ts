import { MINUTE_MS, utcDay, type UtcDay } from '../calendar';
import type { DecideInput, Grace, Hold } from './types';
import type { NanoUsd } from '../money';
import { triggers, type Figures, type StopLines, type Trigger, type TriggerCause } from '../stop-lines';

export function graceOf(
  { assessment, previous, now, graceMinutes }: DecideInput,
  lines: StopLines,
  figures: Figures | undefined,
  found: readonly Trigger[],
): Grace | undefined {
  const sameMonth = assessment.kind === 'unknown' || assessment.month === previous?.month;
  const running = sameMonth && previous?.grace !== undefined && now < previous.grace.until ? previous.grace : undefined;
  if (assessment.kind === 'unknown' || figures === undefined || graceMinutes <= 0) return running;
  const until = now + graceMinutes * MINUTE_MS;
  if (previous?.lastKnown === undefined) {
    return found.length === 0 ? running : { until, why: 'firstSeen', causes: found.map(({ cause }) => cause) };
  }
  const before = triggers(figures, previous.lines).map(({ cause }) => cause);
  const lowered = found
    .map(({ cause }) => cause)
    .filter((cause) => !before.includes(cause) && isLower(cause, lines, previous.lines));
  if (lowered.length === 0) return running;
  return {
    until: running?.until ?? until,
    why: running?.why ?? 'lowered',
    causes: [...new Set([...(running?.causes ?? []), ...lowered])],
    // What waits since the first read goes on waiting whatever the lines before said.
    ...((running === undefined || running.before !== undefined) && { before: running?.before ?? previous.lines }),
  };
}

function isLower(cause: TriggerCause, now: StopLines, before: StopLines): boolean {
  const [current, earlier] = [lineOf(cause, now), lineOf(cause, before)];
  return current !== undefined && (earlier === undefined || current < earlier);
}

export function waits(cause: TriggerCause, grace: Grace, figures: Figures | undefined): boolean {
  if (!grace.causes.includes(cause)) return false;
  if (grace.before === undefined || figures === undefined) return true;
  return !triggers(figures, grace.before).some((trigger) => trigger.cause === cause);
}

export function holdsOf(
  { assessment, previous, now }: DecideInput,
  lines: StopLines,
  stale: boolean,
  turned: boolean,
  acting: readonly Trigger[],
): readonly Hold[] {
  const day = utcDay(now);
  const kept = (previous?.holds ?? []).filter((hold) => {
    if (turned) return false;
    if (stale || assessment.kind === 'unknown') return true;
    return stillHolds(hold, lines, previous?.month === assessment.month, day);
  });
  const fresh = acting.map((trigger) => ({ ...trigger, limit: lines.limit, day }));
  const again = new Set(fresh.map(({ cause }) => cause));
  return [...fresh, ...kept.filter(({ cause }) => !again.has(cause))];
}

function stillHolds(hold: Hold, lines: StopLines, sameMonth: boolean, day: UtcDay): boolean {
  switch (hold.cause) {
    case 'daily':
    case 'brake': {
      const line = lineOf(hold.cause, lines);
      return day <= hold.day && line !== undefined && line <= hold.line;
    }
    case 'projected': {
      // A rate may have been a burst: for the rest of the day nobody finds out by paying for it, and then it is judged anew.
      const line = lineOf(hold.cause, lines);
      return sameMonth && day <= hold.day && line !== undefined && line <= hold.line && lines.limit <= hold.limit;
    }
    case 'threshold':
    case 'degrade': {
      const line = lineOf(hold.cause, lines);
      return sameMonth && line !== undefined && line <= hold.line && lines.limit <= hold.limit;
    }
    default:
      return assertNever(hold.cause);
  }
}

function lineOf(cause: TriggerCause, lines: StopLines): NanoUsd | undefined {
  switch (cause) {
    case 'threshold':
      return lines.stop;
    case 'projected':
      return lines.limit;
    case 'daily':
      return lines.daily;
    case 'brake':
      return lines.brake;
    case 'degrade':
      return lines.degrade;
    default:
      return assertNever(cause);
  }
}

function assertNever(value: never): never {
  throw new TypeError(`unknown value: ${String(value)}`);
}
