import { DAY_MS, MINUTE_MS, utcTime } from '../calendar';
import type { UnseenCalls } from './calls';
import type { AlarmDescription } from './ports';
import { BEDROCK } from './series';

/**
 * The alarm that tells the meter of activity: one call of any model within ten minutes. Ten, as CloudWatch evaluates what it has at
 * that time, and a point that comes later than the window is never evaluated; one point is enough for ALARM.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, read 2026-11-29.
 */
export const ACTIVITY_ALARM = {
  namespace: BEDROCK,
  metric: 'Invocations',
  /** The sum over all models: whether it exists is trap 37. */
  dimensions: {},
  statistic: 'Sum',
  periodSeconds: 60,
  evaluationPeriods: 10,
  datapointsToAlarm: 1,
  comparison: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  /** A minute without calls has no point. */
  missingData: 'notBreaching',
} as const satisfies AlarmSettings;

export type AlarmSettings = Omit<AlarmDescription, 'state' | 'changedAt'>;

const WINDOW_MS = ACTIVITY_ALARM.evaluationPeriods * ACTIVITY_ALARM.periodSeconds * 1000;
/** So long after the last call the gate is asked each minute: the alarm stays in ALARM, and would not change with another. */
const QUIET_MS = WINDOW_MS + MINUTE_MS;
/** And so long after an event, whatever the gate shows. */
const AFTER_EVENT_MS = 5 * MINUTE_MS;
/** Longest between two looks at the alarm and the gate: what a lost event can cost. */
const LOOK_MS = 15 * MINUTE_MS;
/** Ticks come a little early or late. */
const JITTER_MS = 20_000;
/** An event is there within seconds; one that takes longer counts as lost. */
const LATE_MS = 2 * MINUTE_MS;
/** One lost event is a reason not to believe in the next for so long. */
const DISTRUST_MS = DAY_MS;
/** What may be over with the next look is told to people at the second. */
const PASSING: readonly string[] = ['unreadable', 'undecided'] satisfies readonly ToldTrouble['kind'][];

/** Why the meter cannot rely on being told, and asks each minute instead. */
export type ToldTrouble =
  | { readonly kind: 'missing' }
  /** Settings that are not what was deployed, with what they are. */
  | { readonly kind: 'edited'; readonly text: string }
  /** INSUFFICIENT_DATA: it has not been evaluated. */
  | { readonly kind: 'undecided' }
  | { readonly kind: 'unreadable'; readonly text: string }
  /** It changed its state, or should have, and no event came. */
  | { readonly kind: 'lost'; readonly text: string };

/** What one look at the alarm leaves for later ticks; part of the meter's state item. */
export interface ToldState {
  readonly lookedAt: number;
  /** Alarm and gate agree that nothing goes on: until the next look the gate need not be asked. */
  readonly trusted: boolean;
  readonly trouble?: ToldTrouble;
  /** Looks in a row that found this trouble. */
  readonly looks: number;
  /** When an event was last found lost. */
  readonly lostAt?: number;
  /** While it is relied on: the calls that the gate has shown and no read need have seen, which are not asked for again. */
  readonly unseen?: UnseenCalls;
}

/** What the gate of this tick has shown: ms of the last minute with calls; undefined: none. */
export type GateSeen = number | undefined | 'failed';

export interface ToldInput {
  readonly now: number;
  readonly before: ToldState | undefined;
  readonly gate: { readonly everShowedData: boolean; readonly lastActivityAt?: number };
  /** When an event last came; undefined: never. */
  readonly markedAt: number | undefined;
}

export interface ToldPlan {
  /** Whether the gate is asked in this tick. */
  readonly ask: boolean;
  /** Whether the alarm is looked at as well. */
  readonly look: boolean;
  readonly why: 'noGate' | 'active' | 'look' | 'distrust' | 'told';
}

/**
 * Whether a tick asks the gate. It does each minute unless the alarm was found as deployed and at rest, the gate agreed, and
 * nothing was seen or told of since. An event only ever makes the meter look (trap 27).
 */
export function toldPlan({ now, before, gate, markedAt }: ToldInput): ToldPlan {
  // A gate that has never shown data is none, and neither is an alarm on it (trap 37).
  if (!gate.everShowedData) return { ask: true, look: false, why: 'noGate' };
  if (isWithin(QUIET_MS, gate.lastActivityAt, now) || isWithin(AFTER_EVENT_MS, markedAt, now)) {
    return { ask: true, look: false, why: 'active' };
  }
  if (before === undefined || isLookDue(before, now)) {
    return { ask: true, look: true, why: 'look' };
  }
  return before.trusted ? { ask: false, look: false, why: 'told' } : { ask: true, look: false, why: 'distrust' };
}

/** A look ahead of the clock was made by one that ran ahead: it does not count. */
function isLookDue(before: ToldState, now: number): boolean {
  const { lookedAt, trusted, trouble } = before;
  // Nothing is wrong, and the alarm is not at rest yet.
  const isSettling = !trusted && trouble === undefined && !isWithin(DISTRUST_MS, before.lostAt, now);
  const every = isSettling ? MINUTE_MS : LOOK_MS;
  return now - lookedAt >= every - JITTER_MS || now < lookedAt - JITTER_MS;
}

export interface LookInput extends ToldInput {
  /** Undefined: there is none of that name; a text: why it could not be read. */
  readonly alarm: AlarmDescription | undefined | { readonly unreadable: string };
  readonly seen: GateSeen;
}

/** What a look has found, from which {@link toldPlan} goes on. */
export function afterLook(input: LookInput): ToldState {
  const { now, before, alarm, seen } = input;
  const lost = lostText(input);
  const lostAt = lost === undefined ? before?.lostAt : now;
  const trouble: ToldTrouble | undefined =
    troubleOf(alarm) ?? (lost === undefined ? undefined : { kind: 'lost', text: lost });
  const isQuiet = seen !== 'failed' && !isWithin(QUIET_MS, seen, now);
  const atRest = isDescribed(alarm) && alarm.state === 'OK';
  return {
    lookedAt: now,
    trusted: trouble === undefined && atRest && isQuiet && !isWithin(DISTRUST_MS, lostAt, now),
    ...(trouble && { trouble }),
    looks: trouble !== undefined && trouble.kind === before?.trouble?.kind ? before.looks + 1 : 1,
    ...(lostAt !== undefined && { lostAt }),
  };
}

/** What people are told of once: a trouble that is new, or that has stayed where it might have passed. */
export function newTrouble(before: ToldState | undefined, after: ToldState | undefined): ToldTrouble | undefined {
  if (after?.trouble === undefined || after.lookedAt === before?.lookedAt) return undefined;
  const tellAt = PASSING.includes(after.trouble.kind) ? 2 : 1;
  return after.looks === tellAt ? after.trouble : undefined;
}

/** Nothing speaks against relying on it any more. @param told undefined: there is none, or nobody has looked */
export function isInOrder(told: ToldState | undefined, now: number): boolean {
  return told === undefined || (told.trouble === undefined && !isWithin(DISTRUST_MS, told.lostAt, now));
}

/** Settings of an alarm that are not those deployed; empty: none. Whether it has actions does not matter to its events. */
export function alarmDifferences(alarm: AlarmDescription): readonly string[] {
  const wanted: AlarmSettings = ACTIVITY_ALARM;
  return (Object.keys(wanted) as (keyof AlarmSettings)[])
    .filter((name) => JSON.stringify(alarm[name]) !== JSON.stringify(wanted[name]))
    .map((name) => `${name} is ${JSON.stringify(alarm[name]) ?? 'not set'}, not ${JSON.stringify(wanted[name])}`);
}

function troubleOf(alarm: LookInput['alarm']): ToldTrouble | undefined {
  if (alarm === undefined) return { kind: 'missing' };
  if (!isDescribed(alarm)) return { kind: 'unreadable', text: alarm.unreadable };
  const differences = alarmDifferences(alarm);
  if (differences.length > 0) return { kind: 'edited', text: differences.join('; ') };
  return alarm.state === 'INSUFFICIENT_DATA' ? { kind: 'undecided' } : undefined;
}

/** Only while the meter relied on being told: whoever asks each minute needs no event. */
function lostText({ now, before, alarm, seen, gate, markedAt }: LookInput): string | undefined {
  if (before?.trusted !== true || (markedAt !== undefined && markedAt >= before.lookedAt)) return undefined;
  // Nobody is told of a change to INSUFFICIENT_DATA, which is a trouble of its own.
  const changedAt = isDescribed(alarm) && alarm.state !== 'INSUFFICIENT_DATA' ? alarm.changedAt : undefined;
  if (changedAt !== undefined && changedAt > before.lookedAt && now - changedAt >= LATE_MS) {
    return `it changed its state at ${utcTime(changedAt)} and no event came`;
  }
  // Older than the alarm's window, and it has not changed: it was evaluated without these calls.
  if (typeof seen === 'number' && seen > (gate.lastActivityAt ?? 0) && now - seen > WINDOW_MS) {
    return `there were calls at ${utcTime(seen)} and it has not changed its state`;
  }
  return undefined;
}

function isDescribed(alarm: LookInput['alarm']): alarm is AlarmDescription {
  return alarm !== undefined && 'state' in alarm;
}

/** Times ahead of a clock that was set back count as lately: then it is asked. */
function isWithin(ms: number, at: number | undefined, now: number): boolean {
  return at !== undefined && now - at < ms;
}
