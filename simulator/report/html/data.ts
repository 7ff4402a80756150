import type { EnvironmentConfig } from '../../../config/guard-config';
import { alertMail } from '../../../core/alerts';
import { addDays, daysBetween, dayStart, type UtcDay } from '../../../core/calendar';
import { formatUsd, nanoUsd, percentOf, ZERO, type NanoUsd } from '../../../core/money';
import { selfCostTotal } from '../../../core/self-cost';
import type { Replay } from '../../../core/replay/replay';
import type { EnvironmentOutcome, Stop } from '../../outcome';
import type { MonthResult } from '../../simulate-month';

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
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

export interface ReportEvent {
  readonly at: number;
  readonly kind: 'mail' | 'stop' | 'degrade' | 'open';
  readonly text: string;
  /** Month-to-date then, where it is known; else the chart takes it from its line. */
  readonly spent?: NanoUsd;
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
      ...alerts.map(({ atMs, type, atPercent, seen, scope }): ReportEvent => ({
        at: atMs,
        kind: 'mail',
        text: `AWS Budgets${scope === 'account' ? ', over the whole account' : ''}: ${type === 'FORECASTED' ? 'forecast ' : ''}${atPercent}%, at a bill of ${formatUsd(seen)}`,
      })),
      ...stops.flatMap(stopEvents),
      ...meterChanges.map(({ atMs, to, reason, spent }): ReportEvent => ({
        at: atMs,
        kind: kindOf(to),
        text: `the meter: ${to}, ${reason}`,
        spent,
      })),
    ].sort((a, b) => a.at - b.at),
    models: dearestFirst(outcome.byModel.map(([model, spent]) => ({ model, spent }))),
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
    models: dearestFirst(result.byModel.map(({ modelId, spent, denied }) => ({ model: modelId, spent, denied }))),
    facts: [
      { label: 'Spent', value: formatUsd(result.spent) },
      { label: 'Beyond the limit', value: formatUsd(beyond(result, environment.limit)) },
      { label: 'Denied, so not spent', value: formatUsd(result.denied) },
      { label: 'Mails', value: String(result.alerts.length) },
      { label: 'Stops', value: String(result.changes.filter(({ to }) => to === 'stopped').length) },
      ...overshootFacts(environment),
    ],
  };
}

/** A budgets action, with whatever became of it. */
function stopEvents({
  triggeredMs,
  attachedMs,
  needsApproval,
  seen,
  spent,
  onFalseBill,
}: Stop): readonly ReportEvent[] {
  const bill = `at a bill of ${formatUsd(seen)}${onFalseBill ? ', which was wrong' : ''}`;
  const asked: readonly ReportEvent[] = needsApproval
    ? [{ at: triggeredMs, kind: 'mail', text: `AWS Budgets asks a person, ${bill}`, spent }]
    : [];
  if (attachedMs !== undefined) {
    const then = attachedMs === triggeredMs ? { spent } : {};
    return [...asked, { at: attachedMs, kind: 'stop', text: `AWS Budgets denies all models, ${bill}`, ...then }];
  }
  const text = needsApproval ? 'the person did not approve' : `AWS Budgets failed to deny, ${bill}`;
  return [...asked, { at: triggeredMs, kind: 'mail', text, spent }];
}

/** Of each month of its own: a limit is for a month. */
function beyond({ months }: Replay, limit: NanoUsd): NanoUsd {
  return nanoUsd(months.reduce((sum, { spent }) => sum + Math.max(0, spent - limit), 0));
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
