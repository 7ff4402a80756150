import type { Alert } from '../alerts';
import { DAY_MS, HOUR_MS, MINUTE_MS, utcDay, utcMonth, type UtcDay, type UtcMonth } from '../calendar';
import { decide, type DecisionState } from '../decide';
import { addUpTo, MOST, timesUpTo } from '../meter/saturate';
import type { KnownAssessment } from '../meter/types';
import { nanoUsd, ZERO, type NanoUsd } from '../money';
import type { Threshold } from '../thresholds';
import type { DesiredState } from '../triggers';
import { stepCost, type Step, type Steps } from './usage';

/** The lines of one environment, as the meter has them. */
export interface ReplayLines {
  readonly limit: NanoUsd;
  readonly thresholds: readonly Threshold[];
  readonly stopAtPercent: number;
  readonly dailyLimit: NanoUsd;
  readonly hourlyBrake: NanoUsd;
  readonly metricDelayMinutes: number;
  /** Tick and enforcement together. */
  readonly enforcementMinutes: number;
  readonly graceMinutes: number;
}

export interface ReplayChange {
  readonly at: number;
  readonly from: DesiredState;
  readonly to: DesiredState;
  readonly reason: string;
}

export interface ReplayedModel {
  readonly modelId: string;
  readonly spent: NanoUsd;
  /** What its denied calls would have cost. */
  readonly denied: NanoUsd;
  readonly deniedTokens: number;
}

export interface ReplayedDay {
  readonly day: UtcDay;
  readonly spent: NanoUsd;
  readonly denied: NanoUsd;
}

export interface Replay {
  readonly alerts: readonly { readonly at: number; readonly alert: Alert }[];
  readonly changes: readonly ReplayChange[];
  readonly spent: NanoUsd;
  readonly denied: NanoUsd;
  readonly byModel: readonly ReplayedModel[];
  readonly byDay: readonly ReplayedDay[];
  readonly months: readonly { readonly month: UtcMonth; readonly spent: NanoUsd; readonly denied: NanoUsd }[];
}

/**
 * What a guard with these lines would have done with a usage: the real decision, each step while there is something to
 * decide, on what the metrics would have shown by then. What it denies is not spent, and nobody asks for it again later.
 */
export function replay({ steps, stepMs }: Steps, lines: ReplayLines): Replay {
  const tally = new Tally();
  const alerts: { at: number; alert: Alert }[] = [];
  const changes: ReplayChange[] = [];
  const seen = new Seen(lines.metricDelayMinutes * MINUTE_MS, stepMs);
  let enforced: DesiredState = 'open';
  let pending: { at: number; to: DesiredState } | undefined;
  let previous: DecisionState | undefined;
  const installedAt = steps[0]?.at ?? 0;

  const tick = (now: number) => {
    const decision = decide({
      assessment: seen.at(now),
      ...lines,
      delayMinutes: lines.metricDelayMinutes + lines.enforcementMinutes,
      ...(previous && { previous }),
      installedAt,
      enforce: true,
      onBlind: 'page',
      unknownAfterMinutes: 15,
      now,
      calibration: 1,
    });
    for (const alert of decision.alerts) alerts.push({ at: now, alert });
    const from = previous?.desired ?? 'open';
    if (decision.desired !== from) {
      changes.push({ at: now, from, to: decision.desired, reason: decision.reason.text });
      pending = { at: now + lines.enforcementMinutes * MINUTE_MS, to: decision.desired };
    }
    previous = decision.next;
  };

  const first = steps[0];
  // Installed on an empty month: what comes after is no surprise of the installation.
  if (first !== undefined) tick(first.at);
  let last = first?.at ?? 0;
  for (const step of steps) {
    for (const at of quietTimes(last, step.at, stepMs)) tick(at);
    if (pending !== undefined && step.at + stepMs > pending.at) {
      enforced = pending.to;
      pending = undefined;
    }
    seen.add(step.at, tally.add(step, enforced));
    tick(step.at + stepMs);
    last = step.at + stepMs;
  }
  // The last tokens show after the delay.
  if (first !== undefined) for (const at of quietTimes(last, last + HOUR_MS, stepMs)) tick(at);
  return { alerts, changes, ...tally.result() };
}

/** Times without usage at which something may change all the same: late metrics, the end of an hour, and each day's start. */
function quietTimes(from: number, to: number, stepMs: number): readonly number[] {
  const soon: number[] = [];
  for (let at = from + stepMs; at < Math.min(to, from + HOUR_MS + stepMs); at += stepMs) soon.push(at);
  const days: number[] = [];
  for (let at = (Math.floor(from / DAY_MS) + 1) * DAY_MS; at <= to; at += DAY_MS) days.push(at);
  return [...new Set([...soon, ...days])].sort((a, b) => a - b);
}

/** What the metrics show, late; points older than an hour are not kept. */
class Seen {
  private readonly recent: { at: number; cost: NanoUsd }[] = [];
  private month: UtcMonth | undefined;
  private day: UtcDay | undefined;
  private monthToDate: NanoUsd = ZERO;
  private today: NanoUsd = ZERO;
  /** Of `recent`: what is shown by now begins at `first` and ends before `next`. */
  private first = 0;
  private next = 0;

  constructor(
    private readonly delayMs: number,
    private readonly stepMs: number,
  ) {}

  add(at: number, cost: NanoUsd): void {
    this.recent.push({ at, cost });
  }

  at(now: number): KnownAssessment {
    const month = utcMonth(now);
    const day = utcDay(now);
    if (month !== this.month) this.monthToDate = ZERO;
    if (day !== this.day) this.today = ZERO;
    this.month = month;
    this.day = day;
    for (; this.next < this.recent.length; this.next++) {
      const { at, cost } = this.recent[this.next] ?? { at: Number.POSITIVE_INFINITY, cost: ZERO };
      if (at + this.delayMs > now) break;
      if (utcMonth(at) === month) this.monthToDate = addUpTo(this.monthToDate, cost);
      if (utcDay(at) === day) this.today = addUpTo(this.today, cost);
    }
    while (this.first < this.next && (this.recent[this.first]?.at ?? now) < now - HOUR_MS - this.delayMs)
      this.first += 1;
    // The innermost loop of a year's replay: at most thirteen steps are within an hour.
    const within = (ms: number) => {
      let sum = 0;
      for (let index = this.next - 1; index >= this.first; index--) {
        const { at, cost } = this.recent[index] ?? { at: 0, cost: ZERO };
        if (at < now - ms - this.delayMs) break;
        sum += cost;
      }
      return nanoUsd(Math.min(sum, MOST));
    };
    const perMinute = (ms: number) => timesUpTo(within(ms), MINUTE_MS / ms);
    const { monthToDate, today } = this;
    return {
      kind: 'known',
      asOf: now,
      month,
      monthToDate,
      day,
      today,
      lastHour: within(HOUR_MS),
      burnPerMinute: nanoUsd(Math.max(perMinute(this.stepMs), perMinute(3 * this.stepMs))),
      lowerBound: false,
      byModel: [],
      unattributed: [],
      foreign: [],
      unguarded: [],
      findings: [],
      memory: { month, at: now, monthToDate, day, today, ring: [] },
    };
  }
}

interface Sums {
  spent: NanoUsd;
  denied: NanoUsd;
}

class Tally {
  private readonly models = new Map<string, Sums & { deniedTokens: number }>();
  private readonly days = new Map<number, Sums>();

  /** @returns what was spent in the step */
  add(step: Step, enforced: DesiredState): NanoUsd {
    const number = Math.floor(step.at / DAY_MS);
    const day = this.days.get(number) ?? { spent: ZERO, denied: ZERO };
    this.days.set(number, day);
    let spent: NanoUsd = ZERO;
    for (const [id, { tier, cost, tokens }] of step.byModel) {
      const model = this.models.get(id) ?? { spent: ZERO, denied: ZERO, deniedTokens: 0 };
      this.models.set(id, model);
      if (enforced === 'stopped' || (enforced === 'degraded' && tier === 'large')) {
        model.denied = addUpTo(model.denied, cost);
        model.deniedTokens += tokens;
        day.denied = addUpTo(day.denied, cost);
      } else {
        model.spent = addUpTo(model.spent, cost);
        day.spent = addUpTo(day.spent, cost);
        spent = addUpTo(spent, cost);
      }
    }
    return spent;
  }

  result(): Pick<Replay, 'spent' | 'denied' | 'byModel' | 'byDay' | 'months'> {
    const byDay = [...this.days].map(([number, sums]) => ({ day: utcDay(number * DAY_MS), ...sums }));
    const months = [...new Set(byDay.map(({ day }) => day.slice(0, 7) as UtcMonth))];
    const of = (all: readonly Sums[]) => ({
      spent: addUpTo(ZERO, ...all.map(({ spent }) => spent)),
      denied: addUpTo(ZERO, ...all.map(({ denied }) => denied)),
    });
    return {
      ...of(byDay),
      byModel: [...this.models]
        .map(([modelId, sums]) => ({ modelId, ...sums }))
        .sort((a, b) => b.spent + b.denied - (a.spent + a.denied)),
      byDay,
      months: months.map((month) => ({ month, ...of(byDay.filter(({ day }) => day.startsWith(month))) })),
    };
  }
}

/** The whole of a usage, as if nobody guarded it. */
export function unguardedCost({ steps }: Steps): NanoUsd {
  return addUpTo(ZERO, ...steps.map(stepCost));
}
