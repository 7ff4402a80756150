import { MOST, type NanoUsd } from '../money';
import type { BudgetNode, BudgetPath } from './node';

/** A person's word that a budget has another limit for a while, without a deploy. */
export interface BudgetOrder {
  readonly limit: NanoUsd;
  /** ms since the epoch; from then on the configured limit holds again. Absent: until another order. */
  readonly until?: number;
  readonly by: string;
  readonly reason: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** The last order of each budget that has had one. */
export type BudgetOrders = Readonly<Record<BudgetPath, BudgetOrder>>;

/** Those that hold at `now`. */
export function ordersInForce(orders: BudgetOrders, now: number): BudgetOrders {
  return Object.fromEntries(Object.entries(orders).filter(([, { until = MOST }]) => now < until));
}

/** What each budget may spend in a period, before what is carried over. */
export type BudgetLimits = Readonly<Record<BudgetPath, NanoUsd>>;

export function limitsInForce(nodes: readonly BudgetNode[], orders: BudgetOrders, now: number): BudgetLimits {
  const inForce = ordersInForce(orders, now);
  return Object.fromEntries(nodes.map(({ path, limit }) => [path, ofBudget(inForce, path)?.limit ?? limit]));
}

/** Of a table by path. `constructor` is one, too. */
export function ofBudget<T>(table: Readonly<Record<BudgetPath, T>>, path: BudgetPath): T | undefined {
  return Object.hasOwn(table, path) ? table[path] : undefined;
}
