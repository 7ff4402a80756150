import type { EnvironmentConfig } from '../config';
import { unsettledText, type SharedBudget } from '../core/report';
import { formatUsd, nanoUsd } from '../core/money';
import { type BudgetNode, ENVIRONMENT_BUDGET, periodAt } from '../core/shared-budgets';
import type { DeployedFunction } from '../core/enforcement';
import { variable } from './deployed';
import { CommandError } from './errors';
import { explained } from './explain';
import type { Line } from './result';
import type { Services } from './services';

/** What callers with the in-path plugin share; undefined: none has used it in the running period. */
export type Callers = { readonly budget: SharedBudget | undefined } | { readonly unknown: string };

/**
 * A table that does not answer hides nothing else.
 * @param anyFunction of the guard, one that is told the leases table
 * @param of Default: the environment's own
 */
export async function callersOf(
  { name }: EnvironmentConfig,
  anyFunction: DeployedFunction,
  services: Services,
  now: number,
  of: Pick<BudgetNode, 'path' | 'period'> = { path: ENVIRONMENT_BUDGET, period: 'month' },
): Promise<Callers> {
  try {
    const budget = services.callersBudget(variable(anyFunction, 'LEASES_TABLE_NAME'), name);
    return { budget: await budget.sharedBudget(periodAt(of.period, now), of.path) };
  } catch (error) {
    const failure = error instanceof CommandError ? error : explained(error);
    if (!failure) throw error;
    return { unknown: failure.message };
  }
}

export function callersData(callers: Callers): unknown {
  return 'unknown' in callers ? callers : (callers.budget ?? null);
}

/** Nothing where nobody has used the plugin. */
export function callerLines(callers: Callers, label: string): readonly Line[] {
  if ('unknown' in callers) return [{ text: `${label}unknown: ${callers.unknown}`, tone: 'warning' }];
  const { budget } = callers;
  if (budget === undefined) return [];
  const held = nanoUsd(budget.limit - budget.spent - budget.remaining);
  return [
    `${label}${formatUsd(budget.spent)} of ${formatUsd(budget.limit)} spent, ${formatUsd(held)} held${unsettledText(budget)}`,
    ...(budget.unsettled > 0
      ? [`${' '.repeat(label.length)}it comes back by the meter, or by spend-guard release`]
      : []),
  ];
}
