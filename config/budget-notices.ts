import { addUpTo, formatUsd, MOST, timesUpTo, ZERO, type NanoUsd } from '../core/money';
import {
  budgetName,
  type BudgetNode,
  type BudgetPath,
  type BudgetPeriod,
  ENVIRONMENT_BUDGET,
  parentOf,
} from '../core/shared-budgets';
import type { EnvironmentConfig } from './guard-config';
import { accountOf, lastPart } from './iam-names';

/** Shortest first. */
const PERIODS: readonly BudgetPeriod[] = ['day', 'week', 'month'];

/** How many of a period begin, go on or end in one that is longer. */
export const TIMES = {
  'day in week': { fewest: 7, most: 7 },
  'day in month': { fewest: 28, most: 31 },
  /** Six: a month of 31 days that begins on a Saturday or Sunday. */
  'week in month': { fewest: 4, most: 6 },
} as const;

/** Named one by one in a sum. */
const MOST_NAMED = 5;

type Budgeted = Pick<EnvironmentConfig, 'limit' | 'budgets' | 'assumableBy' | 'account'>;

/** What is right about the budgets within an environment's own, and should be known all the same. */
export function sharedBudgetNotices(environment: Budgeted): readonly string[] {
  const root: BudgetNode = { path: ENVIRONMENT_BUDGET, period: 'month', limit: environment.limit };
  const families = [root, ...environment.budgets].map((parent) => ({
    parent,
    children: environment.budgets.filter(({ path }) => parentOf(path) === parent.path),
  }));
  return [
    ...families.flatMap(({ parent, children }) => children.flatMap((child) => aloneText(parent, child))),
    ...families.flatMap(({ parent, children }) => togetherText(parent, children)),
    ...unheldTexts(environment),
  ];
}

function aloneText(parent: BudgetNode, child: BudgetNode): readonly string[] {
  const period = longest([parent, child]);
  const [promised, had] = [atMost(child, period), atLeast(parent, period)];
  if (promised <= had) return [];
  return [
    `${budgetName(child.path)} promises up to ${shown(promised)} in a ${period}, more than ${budgetName(parent.path)} has, which holds it: ${shown(had)}`,
  ];
}

function togetherText(parent: BudgetNode, children: readonly BudgetNode[]): readonly string[] {
  if (children.length < 2) return [];
  const period = longest([parent, ...children]);
  const promises = children.map((child) => ({ path: child.path, amount: atMost(child, period) }));
  const [promised, had] = [addUpTo(...promises.map(({ amount }) => amount)), atLeast(parent, period)];
  if (promised <= had) return [];
  return [
    `${budgetName(parent.path)} holds what is within it to ${shown(had)} in a ${period}; together these promise up to ${shown(promised)} (${summands(promises)})`,
  ];
}

function summands(promises: readonly { readonly path: BudgetPath; readonly amount: NanoUsd }[]): string {
  const largest = [...promises].sort((a, b) => b.amount - a.amount);
  const named = largest.slice(0, MOST_NAMED).map(({ path, amount }) => `${path} ${shown(amount)}`);
  const rest = largest.slice(MOST_NAMED).map(({ amount }) => amount);
  return [...named, ...(rest.length === 0 ? [] : [`${rest.length} more ${shown(addUpTo(...rest))}`])].join(', ');
}

/** Over the period, with what was carried into it. */
function atMost({ period: its, limit, rolloverUpTo = ZERO }: BudgetNode, period: BudgetPeriod): NanoUsd {
  return addUpTo(timesUpTo(limit, times(its, period, 'most')), rolloverUpTo);
}

/** The same when the calendar gives fewest, and nothing was left. */
function atLeast({ period: its, limit }: BudgetNode, period: BudgetPeriod): NanoUsd {
  return timesUpTo(limit, times(its, period, 'fewest'));
}

function times(of: BudgetPeriod, within: BudgetPeriod, which: 'fewest' | 'most'): number {
  return of === within ? 1 : TIMES[`${of} in ${within}` as keyof typeof TIMES][which];
}

function longest(nodes: readonly BudgetNode[]): BudgetPeriod {
  return PERIODS.filter((period) => nodes.some((node) => node.period === period)).at(-1) ?? 'month';
}

/** A sum that money cannot hold is cut. */
const shown = (amount: NanoUsd) => (amount === MOST ? `more than ${formatUsd(MOST)}` : formatUsd(amount));

/** Who may go by the invoker role is held to no budget of their own. */
function unheldTexts({ budgets, assumableBy, account }: Budgeted): readonly string[] {
  const trusted = assumableBy.principals.filter(
    (arn) => arn.includes(':role/') && (account === undefined || accountOf(arn) === account),
  );
  return budgets.flatMap(({ path, roles }) =>
    roles.flatMap(({ name }) => {
      const arn = trusted.find((one) => lastPart(one) === name);
      return arn === undefined
        ? []
        : `role '${name}' is granted ${budgetName(path)}, and may reserve in all by the invoker role: to hold it to its own, take ${arn} out of assumableBy.principals`;
    }),
  );
}
