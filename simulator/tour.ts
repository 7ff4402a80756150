import type { EnvironmentConfig } from '../config';
import { DAY_MS, monthStart, type UtcMonth } from '../core/calendar';
import { functions } from './functions';
import type { Deploy } from './functions/site';
import type { EnvironmentOutcome } from './outcome';
import type { Scenario } from './scenarios/scenario';
import type { Tour } from './scenarios';
import { simulateMonth, type MonthResult } from './simulate-month';
import type { GuardStack } from './template/guard-stack';
import { simulateUnguarded } from './unguarded';

export interface TourOptions {
  readonly environments: readonly EnvironmentConfig[];
  readonly stacks: readonly GuardStack[];
  readonly tour: Tour;
  readonly month: UtcMonth;
  readonly seed: number;
}

/** What a newcomer is shown: the guard as shipped in two months, and the second of them with less of it. */
export interface TourResult {
  readonly quiet: MonthResult;
  readonly runaway: MonthResult;
  /** The runaway with all but the meter: AWS Budgets with its action. */
  readonly billAlone: MonthResult;
  /** The runaway with nothing deployed. */
  readonly unguarded: readonly EnvironmentOutcome[];
}

/** @param onDay is told what is played and the days of it so far */
export async function playTour(
  options: TourOptions,
  onDay: (scenario: Scenario, days: number) => void,
): Promise<TourResult> {
  const play = (scenario: Scenario) => {
    onDay(scenario, 0);
    const watched = reportingDays(monthStart(options.month), (days) => onDay(scenario, days));
    return simulateMonth({ ...options, scenario, functions: watched });
  };
  const { quiet, runaway } = options.tour;
  return {
    quiet: await play(quiet),
    runaway: await play(runaway),
    // Whether the bill alone stops it is what is to be seen, not what must be.
    billAlone: await play({ ...runaway, metered: false, unmet: () => [] }),
    unguarded: await simulateUnguarded({ ...options, scenario: runaway }),
  };
}

/** What must never happen and did, anywhere in it. */
export function tourViolations({ quiet, runaway, billAlone }: TourResult): readonly string[] {
  const of = ({ violations }: MonthResult, name: string) => violations.map((text) => `${name}: ${text}`);
  return [
    ...of(quiet, quiet.scenario.name),
    ...of(runaway, runaway.scenario.name),
    ...of(billAlone, `${billAlone.scenario.name} without the meter`),
  ];
}

/** The daily report comes each day whatever happens: whoever waits for the month sees it go by. */
function reportingDays(startMs: number, onDay: (days: number) => void): Readonly<Record<string, Deploy>> {
  const { [DAILY]: deploy, ...others } = functions;
  if (deploy === undefined) return functions;
  const watched: Deploy = (site) => {
    const handler = deploy(site);
    return (event) => {
      onDay(Math.floor((site.now() - startMs) / DAY_MS));
      return handler(event);
    };
  };
  return { ...others, [DAILY]: watched };
}

const DAILY = 'cost-check';
