import { isDeepStrictEqual } from 'node:util';
import type { Alert, BudgetsState, MeterState } from '../../core/decision';
import { GuardError } from '../../core/errors';
import { limitsInForce, type BudgetLimits } from '../../core/shared-budgets';
import type { SpendMeterDeps } from './deps';
import type { SpendMeterEnv } from './env';

export interface BudgetsReading {
  /** By configuration and order. */
  readonly limits: BudgetLimits;
  /** Why the orders could not be understood. */
  readonly unread?: string;
}

/**
 * What holds for the budgets within the environment's; undefined where it has none, without a request. Orders that cannot be
 * understood cost no tick: what is configured holds.
 */
export async function readBudgets(
  { state }: SpendMeterDeps,
  { BUDGETS: nodes }: SpendMeterEnv,
  now: number,
): Promise<BudgetsReading | undefined> {
  if (nodes.length === 0) return undefined;
  try {
    return { limits: limitsInForce(nodes, await state.budgetOrders(), now) };
  } catch (error) {
    if (!(error instanceof GuardError)) throw error;
    return { limits: limitsInForce(nodes, {}, now), unread: error.message };
  }
}

export function budgetsState(
  before: BudgetsState | undefined,
  reading: BudgetsReading | undefined,
  now: number,
): BudgetsState | undefined {
  if (reading === undefined) return undefined;
  const isAsBefore = before !== undefined && isDeepStrictEqual(before.limits, reading.limits);
  return { ...reading, since: isAsBefore ? before.since : now };
}

/** Once, and once more when the orders have been understood again. */
export function budgetsAlerts(
  before: BudgetsState | undefined,
  reading: BudgetsReading | undefined,
  month: MeterState['month'],
  now: number,
): readonly Alert[] {
  const isRead = reading?.unread === undefined;
  if (isRead === (before?.unread === undefined)) return [];
  if (isRead) return [{ kind: 'budgetOrdersRead', key: `${month}|budgetOrdersRead|${now}` }];
  return [{ kind: 'budgetOrders', key: `${month}|budgetOrders|${now}`, why: reading.unread }];
}
