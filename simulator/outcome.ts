import type { EnvironmentConfig } from '../config';
import type { Estimates } from '../core/estimates';
import { BEDROCK_SERVICE_NAMES } from '../core/bill';
import { DAY_MS, daysBetween, HOUR_MS, dayStart, utcDay, type UtcDay } from '../core/calendar';
import { nanoUsd, percentOf, type NanoUsd } from '../core/money';
import type { BudgetSpec } from './template/budgets';
import type { GuardStack } from './template/guard-stack';
import type { BudgetActionRun, BudgetNotification, GuardMail, MeterChange } from './world/journal';
import type { Place, World } from './world/world';

/** How a month ended for one environment. */
export interface EnvironmentOutcome {
  readonly environment: EnvironmentConfig;
  readonly spent: NanoUsd;
  /** Base model id and its cost. */
  readonly byModel: readonly (readonly [string, NanoUsd])[];
  /** What the guard itself costs a month; absent where synth did not say. */
  readonly ownCost?: Estimates['ownCost'];
  /** Spend of each day of the month. */
  readonly byDay: readonly (readonly [UtcDay, NanoUsd])[];
  /** Month to date at the end of each hour, ms since the epoch. */
  readonly byHour: readonly { readonly at: number; readonly spent: NanoUsd }[];
  /** In order of time. */
  readonly alerts: readonly Alert[];
  readonly stops: readonly Stop[];
  /** What the meter decided, in order of time. */
  readonly meterChanges: readonly MeterChange[];
  /** Of the guard's own functions, in order of time. */
  readonly mails: readonly GuardMail[];
  /** When real spend reached the line; undefined when it did not. */
  readonly stopLineReachedMs: number | undefined;
  readonly limitReachedMs: number | undefined;
  /** Spend above the limit. */
  readonly beyondLimit: NanoUsd;
  /** Spend after the stop line was really reached, because nobody knew yet. */
  readonly afterStopLine: NanoUsd;
  /** What the denied calls would have cost. */
  readonly refused: NanoUsd;
}

export interface Alert extends BudgetNotification {
  /** `account`: the budget over all environments of the account. */
  readonly scope: 'environment' | 'account';
}

/** A budgets action that passed its line. */
export interface Stop extends BudgetActionRun {
  /** The bill was above the line, what was really used was not. */
  readonly onFalseBill: boolean;
}

/** To be asked when the month is over. */
export function environmentOutcome({ config, usage, stack, reached }: Place, world: World): EnvironmentOutcome {
  const { startMs, endMs } = world.settings.month;
  const { journal } = world;
  const spent = usage.total(startMs, endMs);
  const stopLine = percentOf(config.limit, config.stopAtPercent);
  const ownBudgets = ownBudgetNames(config, stack);
  const own = <T extends { readonly environment: string }>(all: readonly T[]) =>
    all.filter(({ environment }) => environment === config.name);
  return {
    environment: config,
    spent,
    byModel: usage.costs(startMs, endMs).map(([model, cost]) => [model.id, cost] as const),
    ...(stack.estimates && { ownCost: stack.estimates.ownCost }),
    byDay: daysBetween(utcDay(startMs), utcDay(endMs)).map(
      (day) => [day, usage.total(dayStart(day), dayStart(day) + DAY_MS)] as const,
    ),
    byHour: Array.from({ length: (endMs - startMs) / HOUR_MS }, (_, hour) => {
      const at = startMs + (hour + 1) * HOUR_MS;
      return { at, spent: usage.total(startMs, at) };
    }),
    alerts: own(journal.notifications).map((one) => ({
      ...one,
      scope: ownBudgets.has(one.budget) ? 'environment' : 'account',
    })),
    stops: own(journal.actionRuns).map((run) => ({
      ...run,
      onFalseBill: run.spent <= percentOf(config.limit, run.atPercent),
    })),
    meterChanges: own(journal.meterChanges),
    mails: own(journal.mails),
    stopLineReachedMs: reached.stopLine(),
    limitReachedMs: reached.limit(),
    beyondLimit: above(spent, config.limit),
    afterStopLine: reached.stopLine() === undefined ? nanoUsd(0) : above(spent, stopLine),
    refused: nanoUsd(Math.round(usage.refused)),
  };
}

/** The budgets of the environment itself, without the one over its whole account. */
export function ownBudgetNames(config: EnvironmentConfig, stack: GuardStack): ReadonlySet<string> {
  const untagged = { service: BEDROCK_SERVICE_NAMES[0], recordType: 'Usage', region: config.region, tags: {} };
  const isOwn = (budget: BudgetSpec) =>
    config.identity === 'profile' ? !budget.covers(untagged) : budget.limit === config.limit;
  return new Set(stack.budgets.filter(isOwn).map(({ name }) => name));
}

function above(amount: NanoUsd, line: NanoUsd): NanoUsd {
  return nanoUsd(Math.max(0, amount - line));
}
