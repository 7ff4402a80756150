import type { Alert } from './alert';
import type { UtcDay, UtcMonth } from '../calendar';
import type { ManualStop, Override, Threshold, DesiredState, StopLines, Trigger, TriggerCause } from '../stop-lines';
import type { Assessment } from '../meter';
import type { NanoUsd } from '../money';

export interface DecideInput {
  /** Of this tick. On a tick that does not read: the last one again, since pacing has found it still good. */
  readonly assessment: Assessment;
  readonly limit: NanoUsd;
  readonly thresholds: readonly Threshold[];
  readonly stopAtPercent: number;
  readonly dailyLimit: NanoUsd;
  readonly hourlyBrake: NanoUsd;
  /** Metric delay, tick and enforcement together. */
  readonly delayMinutes: number;
  readonly override?: Override;
  /** A person's order to stop: it holds until an override replaces it. */
  readonly manualStop?: ManualStop;
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
  readonly cause: TriggerCause | 'ordered' | 'blind' | 'unknown' | 'grace' | 'held' | 'override' | 'underLines';
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

export interface Blindness {
  readonly since: number;
  readonly why: string;
}
