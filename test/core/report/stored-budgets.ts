import { nanoUsd, usd, type NanoUsd } from '../../../core/money';
import type { Reading } from '../../../core/reading';
import { makeBudgetTree, runningBudgets, type BudgetTree } from '../../../core/report/budget-tree';
import type { StoredBudget } from '../../../core/report/ports';
import type { BudgetNode, BudgetOrders } from '../../../core/shared-budgets';

/** A Saturday noon: half of the day, and 27.5 of the 30 days of the month, are over. */
export const NOW = Date.parse('2026-11-28T12:00:00Z');

/** A budget within another, of so many dollars. */
export function node(path: string, limit: number, period: BudgetNode['period'] = 'month'): BudgetNode {
  return { path, period, limit: usd(limit) };
}

/** What callers have stored: dollars. */
export function stored(
  limit: number,
  spent: number | string,
  { held = 0, ...more }: { readonly held?: number } & Partial<StoredBudget> = {},
): StoredBudget {
  const remaining = nanoUsd(usd(limit) - usd(spent) - usd(held));
  return { limit: usd(limit), spent: usd(spent), remaining, unsettled: usd(0), carried: usd(0), ...more };
}

export interface TreeInput {
  readonly nodes?: readonly BudgetNode[];
  /** By path; '' is the environment's. Not there: nobody has called. A text: why it is unknown. */
  readonly items?: Readonly<Record<string, StoredBudget | string>>;
  readonly orders?: BudgetOrders | string;
  readonly limit?: NanoUsd;
  readonly now?: number;
}

export function treeOf({ nodes = [], items = {}, orders = {}, limit = usd(50), now = NOW }: TreeInput): BudgetTree {
  return makeBudgetTree({
    ...{ limit, nodes, now },
    stored: { kind: 'known', value: runningBudgets(nodes, now).map(({ path }) => readingOf(items[path])) },
    orders: typeof orders === 'string' ? { kind: 'unavailable', why: orders } : { kind: 'known', value: orders },
  });
}

export function readingOf(item: StoredBudget | string | undefined): Reading<StoredBudget | undefined> {
  return typeof item === 'string' ? { kind: 'unavailable', why: item } : { kind: 'known', value: item };
}

export function standOf(tree: BudgetTree, path: string) {
  const found = tree.budgets.find((one) => one.path === path);
  if (!found) throw new Error(`no budget '${path}'`);
  return found;
}

/** @throws where they are unknown */
export function figuresOf(tree: BudgetTree, path: string) {
  const { figures } = standOf(tree, path);
  if (figures.kind !== 'known') throw new Error(`'${path}' is ${figures.kind}`);
  return figures;
}
