import type { EnvironmentConfig } from '../../../config/guard-config';
import { alertMail } from '../../../core/alerts';
import { dayStart, type UtcDay } from '../../../core/calendar';
import { formatUsd, nanoUsd, percentOf, ZERO, type NanoUsd } from '../../../core/money';
import { selfCostTotal } from '../../../core/self-cost';
import type { Replay } from '../../../core/replay/replay';
import type { EnvironmentOutcome } from '../../outcome';
import type { MonthResult } from '../../simulate-month';

/** What the page shows, whatever it came from. Amounts are nano-dollars, times ms since the epoch. */
export interface ReportData {
  readonly title: string;
  readonly story: readonly string[];
  readonly environments: readonly EnvironmentReport[];
}

export interface EnvironmentReport {
  /** `dev`; of a backtest with its configuration: `dev, main`. */
  readonly name: string;
  readonly limit: NanoUsd;
  readonly lines: readonly { readonly label: string; readonly amount: NanoUsd }[];
  /** Ascending, without gaps where it matters: spend of each day. */
  readonly days: readonly { readonly day: UtcDay; readonly spent: NanoUsd; readonly denied?: NanoUsd }[];
  readonly events: readonly ReportEvent[];
  readonly models: readonly { readonly model: string; readonly spent: NanoUsd; readonly denied?: NanoUsd }[];
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

export interface ReportEvent {
  readonly at: number;
  readonly kind: 'mail' | 'stop' | 'degrade' | 'open';
  readonly text: string;
}

/** A month of the simulator. */
export function monthReport({ scenario, environments, month }: MonthResult): ReportData {
  return {
    title: `${scenario.title}, ${month}`,
    story: scenario.story,
    environments: environments.map(outcomeReport),
  };
}

function outcomeReport(outcome: EnvironmentOutcome): EnvironmentReport {
  const { environment, alerts, stops, meterChanges } = outcome;
  return {
    name: environment.name,
    limit: environment.limit,
    lines: linesOf(environment),
    days: outcome.byDay.map(([day, spent]) => ({ day, spent })),
    events: [
      ...alerts.map(({ atMs, type, atPercent, seen }): ReportEvent => ({
        at: atMs,
        kind: 'mail',
        text: `AWS Budgets: ${type === 'FORECASTED' ? 'forecast ' : ''}${atPercent}%, at a bill of ${formatUsd(seen)}`,
      })),
      ...stops.flatMap(({ triggeredMs, attachedMs, needsApproval, seen }): ReportEvent[] => [
        ...(needsApproval
          ? [
              {
                at: triggeredMs,
                kind: 'mail' as const,
                text: `AWS Budgets asks a person, at a bill of ${formatUsd(seen)}`,
              },
            ]
          : []),
        ...(attachedMs === undefined
          ? []
          : [
              {
                at: attachedMs,
                kind: 'stop' as const,
                text: `AWS Budgets denies all models, at a bill of ${formatUsd(seen)}`,
              },
            ]),
      ]),
      ...meterChanges.map(({ atMs, to, reason }): ReportEvent => ({
        at: atMs,
        kind: kindOf(to),
        text: `the meter: ${to}, ${reason}`,
      })),
    ].sort((a, b) => a.at - b.at),
    models: outcome.byModel.map(([model, spent]) => ({ model, spent })),
    facts: [
      { label: 'Spent', value: formatUsd(outcome.spent) },
      { label: 'Beyond the limit', value: formatUsd(outcome.beyondLimit) },
      { label: 'After the stop line was crossed', value: formatUsd(outcome.afterStopLine) },
      { label: 'Denied, so not spent', value: formatUsd(outcome.refused) },
      ...overshootFacts(environment),
      ...ownCostFacts(outcome),
    ],
  };
}

/** A usage replayed under a configuration. @param label the environment, with whatever tells it from another */
export function replayReport(environment: EnvironmentConfig, label: string, result: Replay): EnvironmentReport {
  return {
    name: label,
    limit: environment.limit,
    lines: linesOf(environment),
    days: result.byDay,
    events: [
      ...result.alerts.map(({ at, alert }): ReportEvent => ({
        at,
        kind: 'mail',
        text: alertMail(alert, { environment: environment.name, enforce: true }).subject,
      })),
      ...result.changes.map(({ at, to, reason }): ReportEvent => ({
        at,
        kind: kindOf(to),
        text: `the meter: ${to}, ${reason}`,
      })),
    ].sort((a, b) => a.at - b.at),
    models: result.byModel.map(({ modelId, spent, denied }) => ({ model: modelId, spent, denied })),
    facts: [
      { label: 'Spent', value: formatUsd(result.spent) },
      { label: 'Denied, so not spent', value: formatUsd(result.denied) },
      ...overshootFacts(environment),
    ],
  };
}

/** Month-to-date at the end of each day. */
export function cumulative(
  days: EnvironmentReport['days'],
): readonly { readonly at: number; readonly spent: NanoUsd }[] {
  let sum: NanoUsd = ZERO;
  let month = '';
  return days.map(({ day, spent }) => {
    sum = nanoUsd((day.slice(0, 7) === month ? sum : 0) + spent);
    month = day.slice(0, 7);
    return { at: dayStart(day), spent: sum };
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

function overshootFacts({ meter }: EnvironmentConfig): EnvironmentReport['facts'] {
  const { known, unknownModels } = meter.overshoot;
  const more = unknownModels.length > 0 ? `, without ${unknownModels.join(', ')}` : '';
  const value = known === 'unknown' ? 'unknown' : `${formatUsd(known.amount)}${more}`;
  return [{ label: 'Overshoot estimate of the meter', value }];
}

function ownCostFacts({ ownCost }: EnvironmentOutcome): EnvironmentReport['facts'] {
  if (ownCost === undefined) return [{ label: 'The guard itself, a month', value: 'unknown' }];
  const { freeTierLeft, freeTierUsedUp } = selfCostTotal(ownCost);
  return [
    {
      label: 'The guard itself, a month',
      value: `${formatUsd(freeTierLeft)}, ${formatUsd(freeTierUsedUp)} without free tier`,
    },
  ];
}

function kindOf(state: string): ReportEvent['kind'] {
  if (state === 'stopped') return 'stop';
  return state === 'degraded' ? 'degrade' : 'open';
}
