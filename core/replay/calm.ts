import { DAY_MS, MINUTE_MS, monthStart, nextMonth } from '../calendar';
import type { DecisionState } from '../decision';
import type { KnownAssessment } from '../meter';
import { addUpTo, MOST, timesUpTo, nanoUsd, type NanoUsd } from '../money';
import { thresholdAmount, configuredLines, type StopLines, type TriggerCause } from '../stop-lines';
import type { ReplayLines } from './lines';

/**
 * Whether a decision can be left out, because it would change nothing and tell nobody: nearly always, and a year has half a
 * million. It errs towards deciding; that it never leaves out one that counts is what the property test against the plain
 * model says.
 */
export class Calm {
  private readonly lines: StopLines;
  private readonly told: readonly NanoUsd[];
  /** The lowest amount that is told of and has not been. */
  private nextTold: NanoUsd = MOST;
  private monthEnd = 0;

  constructor(
    lines: ReplayLines,
    private readonly delayMinutes: number,
  ) {
    this.lines = configuredLines(lines);
    const actual = lines.thresholds.filter(({ basis }) => basis === 'actual');
    this.told = [...actual.map((one) => thresholdAmount(one, lines.limit)), this.lines.stop];
  }

  /** To be said of every decision. */
  after({ monthToDate, month }: KnownAssessment): void {
    this.monthEnd = monthStart(nextMonth(month));
    this.nextTold = nanoUsd(Math.min(MOST, ...this.told.filter((amount) => amount > monthToDate)));
  }

  /** Of a tick that has read. */
  staysAsItIs(now: number, decided: DecisionState | undefined, known: KnownAssessment): boolean {
    if (decided === undefined || decided.month !== known.month || this.mayTurn(now, decided)) return false;
    if (decided.grace !== undefined) return false;
    const { monthToDate, today, lastHour, burnPerMinute } = known;
    const { stop, limit, degrade = MOST, daily = MOST, brake } = this.lines;
    // Of the same day and the same lines: what holds goes on holding, and what fires again is the same hold.
    const holds = (wanted: TriggerCause) => decided.holds.some(({ cause }) => cause === wanted);
    const projected = addUpTo(monthToDate, timesUpTo(burnPerMinute, this.delayMinutes));
    return (
      monthToDate < this.nextTold &&
      (monthToDate < stop || holds('threshold')) &&
      (today < daily || holds('daily')) &&
      (lastHour < brake || holds('brake')) &&
      (burnPerMinute === 0 || projected < limit || holds('projected')) &&
      (monthToDate < degrade || holds('degrade')) &&
      !this.warns(now, decided, known)
    );
  }

  /** Of a tick that has not read: what the clock alone may turn. */
  mayTurn(now: number, decided: DecisionState | undefined): boolean {
    if (decided === undefined) return true;
    if (decided.grace !== undefined && now >= decided.grace.until) return true;
    return Math.floor(now / DAY_MS) !== Math.floor(decided.at / DAY_MS);
  }

  /** Of the rate; or takes note that it has halved, so that it is warned of again. */
  private warns(now: number, { burnAlert: last, desired }: DecisionState, known: KnownAssessment): boolean {
    const { burnPerMinute, monthToDate } = known;
    if (last !== undefined && !last.rearmed) return burnPerMinute * 2 <= last.burnPerMinute;
    if (burnPerMinute === 0 || monthToDate >= this.lines.limit || desired === 'stopped') return false;
    const runsOutAt = now + ((this.lines.limit - monthToDate) / burnPerMinute) * MINUTE_MS;
    return runsOutAt <= now + DAY_MS && runsOutAt < this.monthEnd;
  }
}
