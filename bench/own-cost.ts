import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { guardAt, loadGuard } from '../config';
import {
  busyInSmallCalls,
  guardItself,
  SELF_COST_GOALS,
  selfCost,
  type SelfCostColumns,
  selfCostTotal,
} from '../core/estimates';
import { formatUsd, NANO_PER_USD } from '../core/money';
import { countBillable, SpendGuardConfig, SpendGuardStack } from '../lib';
import type { Result } from './measure';

const COLUMNS: readonly (readonly [what: string, column: keyof SelfCostColumns])[] = [
  ['idle, with the free tier left', 'freeTierLeft'],
  ['idle, with it used up', 'freeTierUsedUp'],
  ['busy, with it used up', 'busy'],
];

/** What the guard of each shipped environment itself costs; the budgets action stands beside it, not in it. */
export function benchOwnCost(): readonly Result[] {
  return loadGuard(guardAt().input, 0).environments.flatMap((environment) => {
    const stack = new SpendGuardStack(new App({ context: cdkJson.context }), {
      config: SpendGuardConfig._ofChecked({ environments: [environment], notices: [] }),
      environmentName: environment.name,
    });
    const counts = countBillable(stack);
    const items = selfCost(counts);
    const smallCalls: Result = {
      what: `the guard of ${environment.name} itself, a month: busy with calls so small that it reads each minute, with it used up`,
      unit: 'dollars',
      value: busyInSmallCalls(counts) / NANO_PER_USD,
      goal: SELF_COST_GOALS.busy / NANO_PER_USD,
      baseline: 'none: list prices of us-east-1',
      raw: `${counts.metricQueries.smallCalls} series asked of GetMetricData`,
    };
    const own = guardItself(items);
    const total = selfCostTotal(own);
    const dearest = (of: keyof SelfCostColumns) =>
      [...own]
        .sort((a, b) => b[of] - a[of])
        .slice(0, 4)
        .map((item) => `${item.what} ${formatUsd(item[of])}`);
    const apart = (of: keyof SelfCostColumns) =>
      items
        .filter((item) => !own.includes(item))
        .map((item) => `apart: ${item.what} ${formatUsd(item[of])}, unless ${item.leftOutBy}`);
    const columns = COLUMNS.map(([what, column]): Result => ({
      what: `the guard of ${environment.name} itself, a month: ${what}`,
      unit: 'dollars',
      value: total[column] / NANO_PER_USD,
      goal: SELF_COST_GOALS[column] / NANO_PER_USD,
      baseline: 'none: list prices of us-east-1',
      raw: [...dearest(column), ...apart(column)].join(', '),
    }));
    return [...columns, smallCalls];
  });
}
