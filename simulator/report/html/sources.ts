import type { EnvironmentConfig } from '../../../config';
import { percentOf } from '../../../core/money';
import type { Replay } from '../../../core/replay';
import type { EnvironmentOutcome } from '../../outcome';
import type { MonthResult } from '../../simulate-month';
import type { TourResult } from '../../tour';
import { outcomeEvents, outcomeFacts, playedPeriod, replayEvents, replayFacts, type ReportEvent } from '../story';
import type { EnvironmentReport, Hold, ReportData } from './data';
import { effectWord, settingsOf } from './settings';

const PLAYED = 'Played on this machine with a virtual clock: no AWS account, no bill.';

/** A month of the simulator. */
export function monthReport(result: MonthResult): ReportData {
  const { scenario, environments, violations } = result;
  return {
    title: `${scenario.title}, ${playedPeriod(result)}`,
    story: scenario.story,
    basis: PLAYED,
    problems: violations,
    environments: environments.map(outcomeReport),
  };
}

/** The two months of `npm start`, the second beside what it would have been with less of the guard. */
export function tourReports({ quiet, runaway, billAlone, unguarded }: TourResult): readonly ReportData[] {
  const report = monthReport(runaway);
  const environments = report.environments.map((one, at): EnvironmentReport => {
    const name = runaway.environments[at]?.environment.name;
    const of = (outcomes: readonly EnvironmentOutcome[]) =>
      outcomes.flatMap(({ environment, spent }) => (environment.name === name ? [spent] : []));
    const without = [
      ...of(unguarded).map((spent) => ({ what: 'Nothing deployed', spent })),
      ...of(billAlone.environments).map((spent) => ({ what: 'AWS Budgets alone', spent })),
    ];
    return { ...one, without };
  });
  return [monthReport(quiet), { ...report, environments }];
}

function outcomeReport(outcome: EnvironmentOutcome): EnvironmentReport {
  const { environment, spent, byDay, byHour, byModel, refused, stops } = outcome;
  const events = outcomeEvents(outcome);
  return {
    ...configuredPart(environment),
    name: environment.name,
    spent: { kind: 'known', value: spent },
    days: byDay.map(([day, amount]) => ({ day, spent: amount })),
    points: byHour,
    events,
    ...concernsOf(environment.name, events),
    holds: inOrder([
      ...holdsOf(
        // A meter that only watches notes what it would have done.
        environment.meter.enforce ? outcome.meterChanges.map(({ atMs, to }) => ({ at: atMs, to })) : [],
      ),
      ...stops.flatMap(({ attachedMs }): readonly Hold[] =>
        attachedMs === undefined ? [] : [{ from: attachedMs, state: 'stopped', by: 'AWS Budgets' }],
      ),
    ]),
    models: dearestFirst(byModel.map(([model, amount]) => ({ model, spent: amount }))),
    denied: refused,
    stoppedInError: stops.some(({ onFalseBill, attachedMs }) => onFalseBill && attachedMs !== undefined),
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
  const { spent, denied, byDay, byHour, byModel, changes } = result;
  const events = replayEvents(environment, result);
  const { burns, attention } = concernsOf(label, events);
  const beside = besideSpent === undefined ? [] : [`${label}: ${besideSpent}.`];
  return {
    ...configuredPart(environment),
    name: label,
    spent: { kind: 'known', value: spent },
    burns,
    attention: [...beside, ...attention],
    days: byDay,
    points: byHour,
    events,
    holds: holdsOf(changes.map(({ holdsFrom, to }) => ({ at: holdsFrom, to }))),
    models: dearestFirst(byModel.map((one) => ({ model: one.modelId, spent: one.spent, denied: one.denied }))),
    denied,
    facts: replayFacts(environment, result, besideSpent),
  };
}

function concernsOf(
  name: string,
  events: readonly ReportEvent[],
): Required<Pick<EnvironmentReport, 'burns' | 'attention'>> {
  const concerns = events.filter(({ concern }) => concern !== undefined);
  return { burns: concerns.length > 0, attention: concerns.map(({ text }) => `${name}: ${text}`) };
}

/** What the configuration says, whatever happened. */
export function configuredPart(
  environment: EnvironmentConfig,
): Pick<EnvironmentReport, 'limit' | 'lines' | 'settings' | 'prices'> {
  const { limit, thresholds, models } = environment;
  return {
    limit,
    lines: thresholds
      .filter(({ basis }) => basis === 'actual')
      .map(({ atPercent, effect }) => ({
        percent: atPercent,
        does: effectWord(effect),
        amount: percentOf(limit, atPercent),
      })),
    settings: settingsOf(environment),
    prices: models.map(({ id, price, priceSource }) => ({ model: id, price, source: priceSource })),
  };
}

/** From each change until the next one. */
function holdsOf(changes: readonly { readonly at: number; readonly to: string }[]): readonly Hold[] {
  return changes.flatMap(({ at, to }, index): readonly Hold[] => {
    if (to !== 'stopped' && to !== 'degraded') return [];
    const until = changes[index + 1]?.at;
    return [{ from: at, ...(until !== undefined && { until }), state: to, by: 'the meter' }];
  });
}

function inOrder(holds: readonly Hold[]): readonly Hold[] {
  return [...holds].sort((a, b) => a.from - b.from);
}

function dearestFirst(models: EnvironmentReport['models']): EnvironmentReport['models'] {
  return [...models].sort((a, b) => b.spent - a.spent || a.model.localeCompare(b.model));
}
