import { MINUTE_MS, utcDay, type UtcDay } from '../calendar';
import type { DecideInput, Grace, Hold } from './types';
import { triggers, type Figures, type StopLines, type Trigger, type TriggerCause } from '../stop-lines';

export function graceOf(
  { assessment, previous, now, graceMinutes }: DecideInput,
  figures: Figures | undefined,
  found: readonly Trigger[],
): Grace | undefined {
  const sameMonth = assessment.kind === 'unknown' || assessment.month === previous?.month;
  const running = sameMonth && previous?.grace !== undefined && now < previous.grace.until ? previous.grace : undefined;
  if (figures === undefined || graceMinutes <= 0) return running;
  const until = now + graceMinutes * MINUTE_MS;
  if (previous?.lastKnown === undefined) {
    return found.length === 0 ? running : { until, why: 'firstSeen', causes: found.map(({ cause }) => cause) };
  }
  // By the same figures: what these lines find and the ones before do not is lower than it was, or new.
  const before = triggers(figures, previous.lines).map(({ cause }) => cause);
  const lowered = found.map(({ cause }) => cause).filter((cause) => !before.includes(cause));
  if (lowered.length === 0) return running;
  return {
    until: running?.until ?? until,
    why: running?.why ?? 'lowered',
    causes: [...new Set([...(running?.causes ?? []), ...lowered])],
    // What waits since the first read goes on waiting whatever the lines before said.
    ...((running === undefined || running.before !== undefined) && { before: running?.before ?? previous.lines }),
  };
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
  const line = lines[LINE_OF[hold.cause]];
  if (line === undefined || line > hold.line) return false;
  switch (hold.cause) {
    case 'daily':
    case 'brake':
      return day <= hold.day;
    case 'projected':
      // A rate may have been a burst: for the rest of the day nobody finds out by paying for it, and then it is judged anew.
      return sameMonth && day <= hold.day;
    case 'threshold':
    case 'degrade':
      return sameMonth && lines.limit <= hold.limit;
    default:
      return assertNever(hold.cause);
  }
}

const LINE_OF = {
  threshold: 'stop',
  projected: 'limit',
  daily: 'daily',
  brake: 'brake',
  degrade: 'degrade',
} as const satisfies Record<TriggerCause, keyof StopLines>;

function assertNever(value: never): never {
  throw new TypeError(`unknown value: ${String(value)}`);
}
