import { asPercent, formatUsd, nanoUsd, percentOf, ZERO, type NanoUsd, addUpTo, timesUpTo } from '../money';
import { keepingLast } from '../kept';
import type { Override } from './override';
import { thresholdAmount, type Threshold } from './thresholds';

export type DesiredState = 'open' | 'degraded' | 'stopped';

/** Amounts that stop or degrade. */
export interface StopLines {
  readonly limit: NanoUsd;
  readonly stop: NanoUsd;
  /** Absent where no threshold degrades. */
  readonly degrade?: NanoUsd;
  /** Absent under an override with a limit: that limit stands for the day as well. */
  readonly daily?: NanoUsd;
  readonly brake: NanoUsd;
}

/** What the lines are compared with; the stop lines with the calibrated figures, the degrade line with the raw one. */
export interface Figures {
  readonly monthToDate: NanoUsd;
  readonly today: NanoUsd;
  readonly lastHour: NanoUsd;
  readonly burnPerMinute: NanoUsd;
  /** 1 to 1.5. */
  readonly calibration: number;
  /** From the use of a token to a deny that holds: metric delay, tick and enforcement. */
  readonly delayMinutes: number;
}

export type TriggerCause = 'threshold' | 'projected' | 'daily' | 'brake' | 'degrade';

export interface Trigger {
  readonly cause: TriggerCause;
  readonly level: 'degraded' | 'stopped';
  /** The line that was reached. */
  readonly line: NanoUsd;
  readonly text: string;
}

export function configuredLines(config: {
  readonly limit: NanoUsd;
  readonly thresholds: readonly Threshold[];
  readonly stopAtPercent: number;
  readonly dailyLimit: NanoUsd;
  readonly hourlyBrake: NanoUsd;
}): StopLines {
  const { thresholds, limit, stopAtPercent, dailyLimit, hourlyBrake } = config;
  return linesOf(thresholds, limit, stopAtPercent, dailyLimit, hourlyBrake);
}

/** Asked each minute, and always the same. */
const linesOf = keepingLast(
  (
    thresholds: readonly Threshold[],
    limit: NanoUsd,
    stopAtPercent: number,
    daily: NanoUsd,
    brake: NanoUsd,
  ): StopLines => {
    const amounts = thresholds
      .filter(({ effect, basis }) => effect === 'degrade' && basis === 'actual')
      .map((threshold) => thresholdAmount(threshold, limit));
    return {
      limit,
      stop: percentOf(limit, stopAtPercent),
      ...(amounts.length > 0 && { degrade: nanoUsd(Math.min(...amounts)) }),
      daily,
      brake,
    };
  },
);

/** Under an override with a limit: stop at that limit and degrade nothing; the runaway brake stays. */
export function linesUnder(override: Override | undefined, lines: StopLines): StopLines {
  return override?.limit === undefined ? lines : { limit: override.limit, stop: override.limit, brake: lines.brake };
}

/** Every line that is reached, the strongest first. At the line counts as reached. */
export function triggers(figures: Figures, lines: StopLines): readonly Trigger[] {
  const found: Trigger[] = [];
  const { calibration } = figures;
  const spend = timesUpTo(figures.monthToDate, calibration);
  if (spend >= lines.stop) {
    const text = `spend ${percentText(spend, lines.limit)} >= ${percentText(lines.stop, lines.limit)}`;
    found.push(stopped('threshold', lines.stop, text, calibration));
  }
  const burn = timesUpTo(figures.burnPerMinute, calibration);
  const projected = addUpTo(spend, timesUpTo(burn, figures.delayMinutes));
  if (projected >= lines.limit && figures.burnPerMinute > ZERO) {
    const text = `spend ${formatUsd(spend)} and ${formatUsd(figures.burnPerMinute)} a minute reach the limit ${formatUsd(lines.limit)} within ${figures.delayMinutes} minutes`;
    found.push(stopped('projected', lines.limit, text, calibration));
  }
  const today = timesUpTo(figures.today, calibration);
  if (lines.daily !== undefined && today >= lines.daily) {
    const text = `${formatUsd(today)} today >= daily limit ${formatUsd(lines.daily)}`;
    found.push(stopped('daily', lines.daily, text, calibration));
  }
  const lastHour = timesUpTo(figures.lastHour, calibration);
  if (lastHour >= lines.brake) {
    const text = `${formatUsd(lastHour)} within an hour >= runaway brake ${formatUsd(lines.brake)}`;
    found.push(stopped('brake', lines.brake, text, calibration));
  }
  if (lines.degrade !== undefined && figures.monthToDate >= lines.degrade) {
    const text = `spend ${percentText(figures.monthToDate, lines.limit)} >= ${percentText(lines.degrade, lines.limit)}`;
    found.push({ cause: 'degrade', level: 'degraded', line: lines.degrade, text });
  }
  return found;
}

function stopped(cause: TriggerCause, line: NanoUsd, text: string, calibration: number): Trigger {
  return { cause, level: 'stopped', line, text: `${text}${calibrationText(calibration)}` };
}

const RANK: Readonly<Record<DesiredState, number>> = { open: 0, degraded: 1, stopped: 2 };

export function strongest(...states: readonly DesiredState[]): DesiredState {
  return states.reduce((most, state) => (RANK[state] > RANK[most] ? state : most), 'open');
}

/** A percentage with one decimal, rounded down so that a line is never said to be reached before it is. */
export function percentText(amount: NanoUsd, limit: NanoUsd): string {
  const percent = asPercent(amount, limit);
  return Number.isFinite(percent) ? `${(Math.floor(percent * 10) / 10).toFixed(1)}%` : 'over 100%';
}

function calibrationText(calibration: number): string {
  return calibration === 1 ? '' : ` (calibrated x${calibration})`;
}
