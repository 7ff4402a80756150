import type { Alert } from './alerts';
import { MINUTE_MS, previousMonth, utcDay, utcMonth, type UtcDay, type UtcMonth } from './calendar';
import { alertsFor } from './decide-alerts';
import { boundedCalibration } from './meter/calibration';
import { since as amountSince } from './meter/saturate';
import type { Assessment } from './meter/types';
import { nanoUsd, ZERO, type NanoUsd } from './money';
import { activeOverride, type Override } from './override';
import type { Threshold } from './thresholds';
import {
  configuredLines,
  linesUnder,
  strongest,
  triggers,
  type DesiredState,
  type Figures,
  type StopLines,
  type Trigger,
  type TriggerCause,
} from './triggers';

export type { DesiredState } from './triggers';

export interface DecideInput {
  readonly assessment: Assessment;
  readonly limit: NanoUsd;
  readonly thresholds: readonly Threshold[];
  readonly stopAtPercent: number;
  readonly dailyLimit: NanoUsd;
  readonly hourlyBrake: NanoUsd;
  /** Metric delay, tick and enforcement together. */
  readonly delayMinutes: number;
  readonly override?: Override;
  readonly previous?: DecisionState;
  /** From when on not seeing counts. */
  readonly installedAt: number;
  /** False: everything is decided and said, nothing is attached. */
  readonly enforce: boolean;
  readonly onBlind: 'page' | 'stop';
  readonly unknownAfterMinutes: number;
  readonly graceMinutes: number;
  readonly now: number;
  /** Applied to the stop decision only, within 1 and 1.5. */
  readonly calibration: number;
  /** Known token counts that have not shown up in time: blind at once, whatever the series say. */
  readonly canary?: { readonly kind: 'overdue'; readonly since: number };
}

/** What the next decision needs of this one; part of the meter's state item. */
export interface DecisionState {
  readonly month: UtcMonth;
  /** The latest time that has been seen: a clock that steps back does not lower it. */
  readonly at: number;
  readonly desired: DesiredState;
  readonly lines: StopLines;
  readonly holds: readonly Hold[];
  readonly grace?: Grace;
  /** Keys of alerts sent, each beginning with its month. */
  readonly alerted: readonly string[];
  readonly lastKnown?: LastKnown;
  /** The last complete view: known, nothing left out, the canary in time. */
  readonly lastSeenAt: number;
  readonly blindSince?: number;
  readonly burnAlert?: { readonly day: UtcDay; readonly burnPerMinute: NanoUsd; readonly rearmed: boolean };
  readonly override?: OverrideStart;
}

/** A line once reached holds, so that the state falls only by the turn of its period, a raised line or a person. */
export interface Hold extends Trigger {
  readonly limit: NanoUsd;
  readonly day: UtcDay;
}

/** Lines found reached that a deployment or the installation put below the spend: they wait until a person had time. */
export interface Grace {
  readonly until: number;
  readonly why: 'firstSeen' | 'lowered';
  readonly causes: readonly TriggerCause[];
  /** Lines before they were lowered: what is reached by these does not wait. */
  readonly before?: StopLines;
}

export interface LastKnown {
  readonly at: number;
  readonly month: UtcMonth;
  readonly monthToDate: NanoUsd;
  readonly day: UtcDay;
  readonly today: NanoUsd;
}

/** What was spent when an override began: the day and the brake count from there. */
export interface OverrideStart {
  readonly since: number;
  readonly monthToDate: NanoUsd;
  readonly day: UtcDay;
  readonly today: NanoUsd;
}

export interface Reason {
  readonly cause: TriggerCause | 'blind' | 'unknown' | 'grace' | 'held' | 'override' | 'underLines';
  readonly text: string;
}

export interface Decision {
  readonly desired: DesiredState;
  readonly reason: Reason;
  readonly alerts: readonly Alert[];
  readonly enforce: boolean;
  readonly blind: boolean;
  /** Absent while nothing is known of the month. */
  readonly monthToDate?: { readonly raw: NanoUsd; readonly calibration: number };
  readonly override?: Override;
  readonly next: DecisionState;
}

/**
 * The whole decision of a tick. Unknown keeps the state; within a month a state falls only by an override, a raised line, or
 * the turn of the day for what is of the day; it never falls on a clock that stepped back or on a stale read.
 */
export function decide(input: DecideInput): Decision {
  const { assessment, previous, now } = input;
  const lines = configuredLines(input);
  const override = activeOverride(input.override, now);
  const stale = isStale(input);
  const known = knownFigures(input);
  const start = overrideStart(override, previous, known, now);
  const figures = figuresOf(input, known, start);
  const effective = linesUnder(override, lines);
  const found = figures === undefined ? [] : triggers(figures, effective);
  const grace = override === undefined ? graceOf(input, lines, figures, found) : undefined;
  const acting = grace === undefined ? found : found.filter(({ cause }) => !waits(cause, grace, figures));
  const turned = previous?.override?.since !== override?.since;
  const holds = holdsOf(input, effective, stale, turned, acting);
  const blind = blindness(input, previous);
  const blindStops =
    blind !== undefined && input.onBlind === 'stop' && !(override !== undefined && override.since >= blind.since);
  const byLines = strongest(...holds.map(({ level }) => level), blindStops ? 'stopped' : 'open');
  // A person's override speaks even to a meter that cannot see; nothing else lowers the state then.
  const floors = stale || (assessment.kind === 'unknown' && !(turned && override !== undefined));
  const desired = floors ? strongest(byLines, previous?.desired ?? 'open') : byLines;
  const state: Omit<DecisionState, 'alerted' | 'burnAlert'> = {
    month: monthOf(input, stale),
    at: Math.max(now, previous?.at ?? now),
    desired,
    lines,
    holds,
    ...(grace !== undefined && { grace }),
    ...(later(previous?.lastKnown, known) !== undefined && { lastKnown: later(previous?.lastKnown, known) }),
    lastSeenAt: sees(input) ? Math.max(now, previous?.lastSeenAt ?? now) : (previous?.lastSeenAt ?? input.installedAt),
    ...(blind !== undefined && { blindSince: blind.since }),
    ...(start !== undefined && { override: start }),
  };
  const reason = reasonOf(input, desired, holds, blindStops ? blind : undefined, grace, override);
  const sent = alertsFor({ input, state, reason, found, blind, blindStops, override });
  const keep = previousMonth(state.month);
  return {
    desired,
    reason,
    alerts: sent.alerts,
    enforce: input.enforce,
    blind: blind !== undefined,
    ...(known !== undefined && {
      monthToDate: { raw: known.monthToDate, calibration: boundedCalibration(input.calibration) },
    }),
    ...(override !== undefined && { override }),
    next: {
      ...state,
      // Two months are kept: around a month's turn a late tick must not send the old month's alerts again.
      alerted: [...(previous?.alerted ?? []).filter((key) => key.slice(0, 7) >= keep), ...sent.keys],
      ...(sent.burnAlert !== undefined && { burnAlert: sent.burnAlert }),
    },
  };
}

function isStale({ assessment, previous, now }: DecideInput): boolean {
  if (previous === undefined) return false;
  return now < previous.at || (assessment.kind === 'known' && assessment.month < previous.month);
}

function monthOf({ assessment, previous, now }: DecideInput, stale: boolean): UtcMonth {
  if (stale && previous !== undefined) return previous.month;
  return assessment.kind === 'known' ? assessment.month : (previous?.month ?? utcMonth(now));
}

function knownFigures({ assessment, previous, now }: DecideInput): LastKnown | undefined {
  if (assessment.kind === 'unknown') return previous?.lastKnown;
  const { month, monthToDate, day, today } = assessment;
  return { at: now, month, monthToDate, day, today };
}

/** A stale read of the month before does not replace what is known of this one. */
function later(before: LastKnown | undefined, known: LastKnown | undefined): LastKnown | undefined {
  return before !== undefined && known !== undefined && known.month < before.month ? before : known;
}

function overrideStart(
  override: Override | undefined,
  previous: DecisionState | undefined,
  known: LastKnown | undefined,
  now: number,
): OverrideStart | undefined {
  if (override === undefined) return undefined;
  if (previous?.override?.since === override.since) return previous.override;
  return {
    since: override.since,
    monthToDate: known?.monthToDate ?? ZERO,
    day: known?.day ?? utcDay(now),
    today: known?.today ?? ZERO,
  };
}

/** Of an unknown read only the last known amounts of this month remain: no rate, no hour. */
function figuresOf(
  { assessment, calibration, delayMinutes, now }: DecideInput,
  known: LastKnown | undefined,
  start: OverrideStart | undefined,
): Figures | undefined {
  if (known === undefined) return undefined;
  const fresh = assessment.kind === 'known';
  if (!fresh && known.month !== utcMonth(now)) return undefined;
  const today = start?.day === known.day ? amountSince(known.today, start.today) : known.today;
  const lastHour = fresh ? assessment.lastHour : ZERO;
  return {
    monthToDate: known.monthToDate,
    today: fresh || known.day === utcDay(now) ? today : ZERO,
    lastHour:
      start === undefined ? lastHour : nanoUsd(Math.min(lastHour, amountSince(known.monthToDate, start.monthToDate))),
    burnPerMinute: fresh ? assessment.burnPerMinute : ZERO,
    calibration: boundedCalibration(calibration),
    delayMinutes,
  };
}

function graceOf(
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

function waits(cause: TriggerCause, grace: Grace, figures: Figures | undefined): boolean {
  if (!grace.causes.includes(cause)) return false;
  if (grace.before === undefined || figures === undefined) return true;
  return !triggers(figures, grace.before).some((trigger) => trigger.cause === cause);
}

function holdsOf(
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
    case 'threshold':
    case 'projected':
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

export interface Blindness {
  readonly since: number;
  readonly why: string;
}

function sees({ assessment, canary }: DecideInput): boolean {
  return assessment.kind === 'known' && !assessment.lowerBound && canary === undefined;
}

function blindness(input: DecideInput, previous: DecisionState | undefined): Blindness | undefined {
  if (sees(input)) return undefined;
  const seenAt = previous?.lastSeenAt ?? input.installedAt;
  const since = previous?.blindSince ?? seenAt;
  if (input.canary !== undefined)
    return { since: previous?.blindSince ?? input.canary.since, why: 'the canary has not shown up' };
  if (previous?.blindSince === undefined && input.now - seenAt < input.unknownAfterMinutes * MINUTE_MS)
    return undefined;
  const why =
    input.assessment.kind === 'unknown'
      ? input.assessment.why
      : 'points had to be left out, so real spend may be higher';
  return { since, why };
}

function reasonOf(
  { assessment }: DecideInput,
  desired: DesiredState,
  holds: readonly Hold[],
  blind: Blindness | undefined,
  grace: Grace | undefined,
  override: Override | undefined,
): Reason {
  const hold = holds.find(({ level }) => level === desired);
  if (hold !== undefined) return { cause: hold.cause, text: hold.text };
  if (desired === 'stopped' && blind !== undefined) return { cause: 'blind', text: `blind: ${blind.why}` };
  if (assessment.kind === 'unknown') return { cause: 'unknown', text: `unknown, state kept: ${assessment.why}` };
  if (desired !== 'open')
    return { cause: 'held', text: 'state kept: the read or the clock is older than the last decision' };
  if (grace !== undefined) return { cause: 'grace', text: 'a line is reached and waits for its grace period' };
  if (override !== undefined) return { cause: 'override', text: `override by ${override.by}: ${override.reason}` };
  return { cause: 'underLines', text: 'spend is under every line' };
}

function assertNever(value: never): never {
  throw new TypeError(`unknown value: ${String(value)}`);
}
