import type { EnvironmentConfig } from '../../../config';
import { addDays, daysBetween, dayStart, type UtcDay } from '../../../core/calendar';
import { nanoUsd, percentOf, ZERO, type NanoUsd } from '../../../core/money';
import type { Replay } from '../../../core/replay';
import type { EnvironmentOutcome } from '../../outcome';
import type { MonthResult } from '../../simulate-month';
import {
  outcomeEvents,
  outcomeFacts,
  playedPeriod,
  replayEvents,
  replayFacts,
  type ReportEvent,
  type ReportFact,
} from '../story';

/** What the page shows, whatever it came from. Amounts are nano-dollars, times ms since the epoch. */
export interface ReportData {
  readonly title: string;
  /** Two environments of it are two sides of one thing: their facts stand side by side. @default false */
  readonly compared?: boolean;
  readonly story: readonly string[];
  readonly environments: readonly EnvironmentReport[];
}

export interface EnvironmentReport {
  /** The environment's; of a backtest with its configuration after a comma. */
  readonly name: string;
  readonly limit: NanoUsd;
  readonly lines: readonly { readonly label: string; readonly amount: NanoUsd }[];
  /** Ascending, without gaps where it matters: spend of each day. */
  readonly days: readonly { readonly day: UtcDay; readonly spent: NanoUsd; readonly denied?: NanoUsd }[];
  readonly events: readonly ReportEvent[];
  readonly models: readonly { readonly model: string; readonly spent: NanoUsd; readonly denied?: NanoUsd }[];
  readonly facts: readonly ReportFact[];
}

/** A month of the simulator. */
export function monthReport(result: MonthResult): ReportData {
  const { scenario, environments } = result;
  return {
    title: `${scenario.title}, ${playedPeriod(result)}`,
    story: scenario.story,
    environments: environments.map(outcomeReport),
  };
}

function outcomeReport(outcome: EnvironmentOutcome): EnvironmentReport {
  const { environment } = outcome;
  return {
    name: environment.name,
    limit: environment.limit,
    lines: linesOf(environment),
    days: outcome.byDay.map(([day, spent]) => ({ day, spent })),
    events: outcomeEvents(outcome),
    models: dearestFirst(outcome.byModel.map(([model, spent]) => ({ model, spent }))),
    facts: outcomeFacts(outcome),
  };
}

/** A usage replayed under a configuration. @param label the environment, with whatever tells it from another */
/** @param besideSpent what the figure of what was spent leaves out */
export function replayReport(
  environment: EnvironmentConfig,
  label: string,
  result: Replay,
  besideSpent?: string,
): EnvironmentReport {
  return {
    name: label,
    limit: environment.limit,
    lines: linesOf(environment),
    days: result.byDay,
    events: replayEvents(environment, result),
    models: dearestFirst(result.byModel.map(({ modelId, spent, denied }) => ({ model: modelId, spent, denied }))),
    facts: replayFacts(environment, result, besideSpent),
  };
}

function dearestFirst(models: EnvironmentReport['models']): EnvironmentReport['models'] {
  return [...models].sort((a, b) => b.spent - a.spent || a.model.localeCompare(b.model));
}

/** Month-to-date at the end of each day, days without usage included, and whether a month begins with it. */
export function cumulative(
  days: EnvironmentReport['days'],
): readonly { readonly at: number; readonly spent: NanoUsd; readonly begins: boolean }[] {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  const byDay = new Map(days.map(({ day, spent }) => [day, spent]));
  let sum: NanoUsd = ZERO;
  let month = '';
  return daysBetween(first.day, addDays(last.day, 1)).map((day) => {
    const begins = day.slice(0, 7) !== month;
    sum = nanoUsd((begins ? 0 : sum) + (byDay.get(day) ?? 0));
    month = day.slice(0, 7);
    return { at: dayStart(day), spent: sum, begins };
  });
}

function linesOf({ limit, thresholds }: EnvironmentConfig): EnvironmentReport['lines'] {
  return thresholds
    .filter(({ basis }) => basis === 'actual')
    .map(({ atPercent, effect }) => ({
      label: effect === 'notify' ? `${atPercent}%` : `${atPercent}% ${effect}`,
      amount: percentOf(limit, atPercent),
    }));
}
