import { asPercent, formatUsd, nanoUsd, percentOf, ZERO, type NanoUsd, addUpTo, timesUpTo } from '../money';
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
  const amounts = config.thresholds
    .filter(({ effect, basis }) => effect === 'degrade' && basis === 'actual')
    .map((threshold) => thresholdAmount(threshold, config.limit));
  return {
    limit: config.limit,
    stop: percentOf(config.limit, config.stopAtPercent),
    ...(amounts.length > 0 && { degrade: nanoUsd(Math.min(...amounts)) }),
    daily: config.dailyLimit,
    brake: config.hourlyBrake,
  };
}

/** Under an override with a limit: stop at that limit and degrade nothing; the runaway brake stays. */
export function linesUnder(override: Override | undefined, lines: StopLines): StopLines {
  return override?.limit === undefined ? lines : { limit: override.limit, stop: override.limit, brake: lines.brake };
}

/** Every line that is reached, the strongest first. At the line counts as reached. */
export function triggers(figures: Figures, lines: StopLines): readonly Trigger[] {
  const found: Trigger[] = [];
  const calibrated = (amount: NanoUsd) => timesUpTo(amount, figures.calibration);
  const spend = calibrated(figures.monthToDate);
  const stopped = (cause: TriggerCause, line: NanoUsd, text: string) =>
    found.push({ cause, level: 'stopped', line, text: `${text}${calibrationText(figures.calibration)}` });
  if (spend >= lines.stop) {
    stopped(
      'threshold',
      lines.stop,
      `spend ${percentText(spend, lines.limit)} >= ${percentText(lines.stop, lines.limit)}`,
    );
  }
  const projected = addUpTo(spend, timesUpTo(calibrated(figures.burnPerMinute), figures.delayMinutes));
  if (projected >= lines.limit && figures.burnPerMinute > ZERO) {
    const text = `spend ${formatUsd(spend)} and ${formatUsd(figures.burnPerMinute)} a minute reach the limit ${formatUsd(lines.limit)} within ${figures.delayMinutes} minutes`;
    stopped('projected', lines.limit, text);
  }
  const today = calibrated(figures.today);
  if (lines.daily !== undefined && today >= lines.daily) {
    stopped('daily', lines.daily, `${formatUsd(today)} today >= daily limit ${formatUsd(lines.daily)}`);
  }
  const lastHour = calibrated(figures.lastHour);
  if (lastHour >= lines.brake) {
    stopped('brake', lines.brake, `${formatUsd(lastHour)} within an hour >= runaway brake ${formatUsd(lines.brake)}`);
  }
  if (lines.degrade !== undefined && figures.monthToDate >= lines.degrade) {
    const text = `spend ${percentText(figures.monthToDate, lines.limit)} >= ${percentText(lines.degrade, lines.limit)}`;
    found.push({ cause: 'degrade', level: 'degraded', line: lines.degrade, text });
  }
  return found;
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
