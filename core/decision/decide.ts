import { MINUTE_MS, utcDay, utcMonth, type UtcMonth } from '../calendar';
import { alertsFor, keptFrom } from './alerts-due';
import { graceOf, holdsOf, waits } from './holds';
import type {
  Blindness,
  DecideInput,
  Decision,
  DecisionState,
  Grace,
  Hold,
  LastKnown,
  OverrideStart,
  Reason,
} from './types';
import { boundedCalibration, understatedWhy, type KnownAssessment } from '../meter';
import { since as amountSince, timesUpTo, nanoUsd, ZERO, type NanoUsd } from '../money';
import {
  activeOverride,
  type Override,
  configuredLines,
  linesUnder,
  strongest,
  triggers,
  type DesiredState,
  type Figures,
} from '../stop-lines';

/** As far as `assess` looks back for a rate. */
const BURN_LOOKS_BACK_MS = 15 * MINUTE_MS;

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
  const figures = isOfEarlierMonth(input) ? undefined : figuresOf(input, known, start);
  const effective = linesUnder(override, lines);
  const found = figures === undefined ? [] : triggers(figures, effective);
  const grace = override === undefined ? graceOf(input, figures, found) : undefined;
  const acting = grace === undefined ? found : found.filter(({ cause }) => !waits(cause, grace, figures));
  const turned = previous?.override?.since !== override?.since;
  const holds = holdsOf(input, effective, stale, turned, acting);
  const blind = blindness(input, previous);
  const blindStops =
    blind !== undefined && input.onBlind === 'stop' && !(override !== undefined && override.since >= blind.since);
  const ordered = input.manualStop === undefined ? 'open' : 'stopped';
  const byLines = strongest(...holds.map(({ level }) => level), blindStops ? 'stopped' : 'open', ordered);
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
    // Never ahead of the clock: one that once ran ahead must not hide that nothing is seen.
    lastSeenAt: sees(input) ? now : Math.min(previous?.lastSeenAt ?? input.installedAt, now),
    ...(blind !== undefined && { blindSince: blind.since }),
    ...(start !== undefined && { override: start }),
  };
  const reason = reasonOf(input, desired, holds, blindStops ? blind : undefined, grace, override);
  const sent = alertsFor({ input, state, reason, found, blind, blindStops, override });
  const keep = keptFrom(state.month);
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
      alerted: [...(previous?.alerted ?? []).filter((key) => key >= keep && !sent.ended.includes(key)), ...sent.keys],
      ...(sent.burnAlert !== undefined && { burnAlert: sent.burnAlert }),
    },
  };
}

function isStale(input: DecideInput): boolean {
  const { previous, now } = input;
  return previous !== undefined && (now < previous.at || isOfEarlierMonth(input));
}

/** A read from before the turn that has been decided already says nothing about the month that goes on. */
function isOfEarlierMonth({ assessment, previous }: DecideInput): boolean {
  return assessment.kind === 'known' && previous !== undefined && assessment.month < previous.month;
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
    // A read of yesterday, decided on again after midnight, must not hold the new day.
    today: known.day === utcDay(now) ? today : ZERO,
    lastHour:
      start === undefined ? lastHour : nanoUsd(Math.min(lastHour, amountSince(known.monthToDate, start.monthToDate))),
    burnPerMinute: fresh ? burnSince(assessment, start, now) : ZERO,
    calibration: boundedCalibration(calibration),
    delayMinutes,
  };
}

/** What burnt before a person let everybody go on is why they were stopped: it must not stop them again at once. */
function burnSince(
  { burnPerMinute, monthToDate }: KnownAssessment,
  start: OverrideStart | undefined,
  now: number,
): NanoUsd {
  if (start === undefined || now - start.since >= BURN_LOOKS_BACK_MS) return burnPerMinute;
  const minutes = Math.max(1, (now - start.since) / MINUTE_MS);
  return nanoUsd(Math.min(burnPerMinute, timesUpTo(amountSince(monthToDate, start.monthToDate), 1 / minutes)));
}

function sees(input: DecideInput): boolean {
  const { assessment, canary } = input;
  // A clock that once ran months ahead would leave every read stale: that is blind too.
  return assessment.kind === 'known' && !assessment.lowerBound && canary === undefined && !isOfEarlierMonth(input);
}

function blindness(input: DecideInput, previous: DecisionState | undefined): Blindness | undefined {
  if (sees(input)) return undefined;
  const seenAt = Math.min(previous?.lastSeenAt ?? input.installedAt, input.now);
  const since = previous?.blindSince ?? seenAt;
  if (input.canary !== undefined)
    return { since: previous?.blindSince ?? input.canary.since, why: 'the canary has not shown up' };
  if (previous?.blindSince === undefined && input.now - seenAt < input.unknownAfterMinutes * MINUTE_MS)
    return undefined;
  const why = blindWhy(input);
  return { since, why };
}

function blindWhy(input: DecideInput): string {
  if (input.assessment.kind === 'unknown') return input.assessment.why;
  return isOfEarlierMonth(input)
    ? 'reads are of an earlier month than the state'
    : understatedWhy(input.assessment.findings);
}

function reasonOf(
  { assessment, manualStop }: DecideInput,
  desired: DesiredState,
  holds: readonly Hold[],
  stopsBlind: Blindness | undefined,
  grace: Grace | undefined,
  override: Override | undefined,
): Reason {
  if (manualStop !== undefined) return { cause: 'ordered', text: `ordered by ${manualStop.by}: ${manualStop.reason}` };
  const hold = holds.find(({ level }) => level === desired);
  if (hold !== undefined) return { cause: hold.cause, text: hold.text };
  if (stopsBlind !== undefined) return { cause: 'blind', text: `blind: ${stopsBlind.why}` };
  if (assessment.kind === 'unknown') return { cause: 'unknown', text: `unknown, state kept: ${assessment.why}` };
  if (desired !== 'open')
    return { cause: 'held', text: 'state kept: the read or the clock is older than the last decision' };
  if (grace !== undefined) return { cause: 'grace', text: 'a line is reached and waits for its grace period' };
  if (override !== undefined) return { cause: 'override', text: `override by ${override.by}: ${override.reason}` };
  return { cause: 'underLines', text: 'spend is under every line' };
}
