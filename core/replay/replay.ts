import { type Alert, decide, type DecisionState } from '../decision';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../calendar';
import { pace, type PaceInput, type KnownAssessment } from '../meter';
import type { NanoUsd } from '../money';
import { reactionMinutes, type Reaction } from '../estimates';
import type { DesiredState } from '../stop-lines';
import { Calm } from './calm';
import type { ReplayLines } from './lines';
import { MinuteUsage } from './minutes';
import { Seen } from './seen';
import { Tally, type Tallied } from './tally';
import type { PricedModel, UsageRow } from './usage';

export interface ReplayChange {
  /** The tick that decided. */
  readonly at: number;
  /** From when on it works: the enforcement later. What has begun in a minute before it goes on until the minute ends. */
  readonly holdsFrom: number;
  readonly from: DesiredState;
  readonly to: DesiredState;
  readonly reason: string;
}

export interface Replay extends Tallied {
  readonly alerts: readonly { readonly at: number; readonly alert: Alert }[];
  readonly changes: readonly ReplayChange[];
  /** Rests on these, in minutes. */
  readonly assumed: Reaction;
}

/** The meter's state after a read. */
interface LastRead {
  readonly at: number;
  readonly known: KnownAssessment;
  readonly burnPrevious?: NanoUsd;
}

const IDLE_MS = 15 * MINUTE_MS;

/**
 * What a guard with these lines would have done with a usage: the meter's own pacing and decision, minute by minute, on what
 * the metrics would have shown by then. A minute shows once it is over and the delay has passed, and a decision works once
 * enforcement has; what is denied is not spent, and nobody asks for it again later. The meter ticks at the full minute, from
 * the first one with usage on, and an hour longer than the last of it takes to show.
 * @param rows in the order of the minutes that they begin in; read once
 * @throws RangeError on a model without a price, and on rows in another order
 */
export function replay(rows: Iterable<UsageRow>, models: readonly PricedModel[], lines: ReplayLines): Replay {
  const usage = new MinuteUsage(rows, models);
  const tally = new Tally(models);
  const meter = new ReplayedMeter(new Seen(models, lines.metricDelayMinutes * MINUTE_MS), lines);
  const first = usage.firstMinute ?? 0;
  const goesOn = Math.ceil(lines.metricDelayMinutes) + HOUR_MS / MINUTE_MS;
  // Installed on an empty month: what comes after is no surprise of the installation.
  for (let minute = first; minute <= usage.endMinute + goesOn;) {
    meter.tick(minute * MINUTE_MS);
    if (usage.at(minute)) {
      tally.add(minute, usage.tokens, meter.stateAt(minute * MINUTE_MS));
      meter.use(minute, usage.tokens);
    }
    const next = Math.min(usage.nextFrom(minute + 1), usage.endMinute + goesOn);
    minute = meter.nextTick(minute + 1, next);
  }
  const { tickMinutes, metricDelayMinutes, enforcementMinutes } = lines;
  return {
    alerts: meter.alerts,
    changes: meter.changes,
    assumed: { metricDelayMinutes, tickMinutes, enforcementMinutes },
    ...tally.result(),
  };
}

class ReplayedMeter {
  readonly alerts: { readonly at: number; readonly alert: Alert }[] = [];
  readonly changes: ReplayChange[] = [];
  private readonly calm: Calm;
  private readonly delayMinutes: number;
  private installedAt: number | undefined;
  private read: LastRead | undefined;
  private decided: DecisionState | undefined;
  /** Decided and not in force yet, in order of time. */
  private pending: ReplayChange[] = [];
  private enforced: DesiredState = 'open';

  constructor(
    private readonly seen: Seen,
    private readonly lines: ReplayLines,
  ) {
    this.delayMinutes = reactionMinutes(lines);
    this.calm = new Calm(lines, this.delayMinutes);
  }

  /** As lambda/spend-meter: the gate, whether to read, and the decision, which is left out where it can be no other. */
  tick(now: number): void {
    this.installedAt ??= now;
    this.seen.advanceTo(now);
    const { read } = this;
    const doesRead = pace(this.paced(now)).read;
    if (doesRead || read === undefined) {
      const known = this.seen.read(now);
      this.read = { at: now, known, ...(read && { burnPrevious: read.known.burnPerMinute }) };
      if (!this.calm.staysAsItIs(now, this.decided, known)) this.decide(now, known);
    } else if (this.calm.mayTurn(now, this.decided)) this.decide(now, read.known);
  }

  /** What is used in a minute, after what is denied in it. */
  use(minute: number, tokens: Float64Array): void {
    if (tokens.some((count) => count > 0)) this.seen.use(minute, tokens);
  }

  /** What holds for calls of the minute that begins at a time. */
  stateAt(at: number): DesiredState {
    for (let [next] = this.pending; next !== undefined && next.holdsFrom <= at; [next] = this.pending) {
      this.enforced = next.to;
      this.pending.shift();
    }
    return this.enforced;
  }

  /**
   * The next minute that matters: while nobody calls and everything has shown, each read shows the same, and only a new day, or
   * a call, changes anything. @param used the next minute with usage, or the last one there is
   */
  nextTick(minute: number, used: number): number {
    const { read, decided } = this;
    if (read === undefined || decided === undefined || used <= minute || !this.isQuiet(minute * MINUTE_MS))
      return minute;
    const midnight = Math.floor((minute * MINUTE_MS - 1) / DAY_MS + 1) * DAY_MS;
    const next = Math.min(used * MINUTE_MS, midnight);
    const reads = Math.floor((next - 1 - read.at) / IDLE_MS);
    if (reads > 0) {
      const at = read.at + reads * IDLE_MS;
      this.seen.readAgain(read.at + IDLE_MS, at, IDLE_MS);
      this.read = { at, known: read.known, burnPrevious: read.known.burnPerMinute };
    }
    return next / MINUTE_MS;
  }

  private isQuiet(now: number): boolean {
    const { read, decided, seen } = this;
    if (read === undefined || decided === undefined || decided.grace !== undefined) return false;
    const { lastHour, burnPerMinute, asOf } = read.known;
    const { lastActivityAt } = seen;
    return (
      seen.isUpToDate &&
      lastActivityAt !== undefined &&
      asOf - lastActivityAt >= IDLE_MS &&
      now - lastActivityAt >= IDLE_MS &&
      lastHour === 0 &&
      burnPerMinute === 0
    );
  }

  /** Spelled out: half a million a year, and a copy of the lines each time would be most of the work. */
  private paced(now: number): PaceInput {
    const { read, seen, lines } = this;
    const { lastActivityAt } = seen;
    return {
      now,
      limit: lines.limit,
      thresholds: lines.thresholds,
      stopAtPercent: lines.stopAtPercent,
      dailyLimit: lines.dailyLimit,
      hourlyBrake: lines.hourlyBrake,
      worstCaseRatePerMinute: lines.worstCaseRatePerMinute,
      metricDelayMinutes: lines.metricDelayMinutes,
      lastFullRead: read?.at,
      assessment: read?.known,
      burnPrevious: read?.burnPrevious,
      gate: { everShowedData: lastActivityAt !== undefined, lastActivityAt, failed: false },
    };
  }

  private decide(now: number, known: KnownAssessment): void {
    const decision = decide({
      assessment: known,
      ...this.lines,
      delayMinutes: this.delayMinutes,
      ...(this.decided && { previous: this.decided }),
      installedAt: this.installedAt ?? now,
      enforce: true,
      onBlind: 'page',
      unknownAfterMinutes: 15,
      now,
      calibration: 1,
    });
    for (const alert of decision.alerts) this.alerts.push({ at: now, alert });
    const from = this.decided?.desired ?? 'open';
    if (decision.desired !== from) {
      const holdsFrom = now + this.lines.enforcementMinutes * MINUTE_MS;
      const change = { at: now, holdsFrom, from, to: decision.desired, reason: decision.reason.text };
      this.changes.push(change);
      this.pending.push(change);
    }
    this.decided = decision.next;
    this.calm.after(known);
  }
}
