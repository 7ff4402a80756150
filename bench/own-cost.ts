import { App } from 'aws-cdk-lib';
import cdkJson from '../cdk.json';
import { guardAt, loadGuard } from '../config';
import { formatUsd, NANO_PER_USD } from '../core/money';
import { selfCost, selfCostTotal } from '../core/estimates';
import { countBillable, SpendGuardStack } from '../lib';
import type { Result } from './measure';

/** Dollars a month, against what was wanted of it; why it is more stands in docs/adr/0007. */
const GOALS = { freeTierLeft: 2, freeTierUsedUp: 4, busy: 8 } as const;

/** What the guard of dev itself costs, by the shipped configuration. */
export function benchOwnCost(): readonly Result[] {
  const environment = loadGuard(guardAt().input, 0).environments.find(({ name }) => name === 'dev');
  if (environment === undefined) throw new Error('the shipped configuration has no environment dev');
  const items = selfCost(countBillable(new SpendGuardStack(new App({ context: cdkJson.context }), { environment })));
  const total = selfCostTotal(items);
  const dearest = (of: keyof typeof GOALS) =>
    [...items]
      .sort((a, b) => b[of] - a[of])
      .slice(0, 4)
      .map((item) => `${item.what} ${formatUsd(item[of])}`)
      .join(', ');
  const of = (what: string, column: keyof typeof GOALS): Result => ({
    what: `the guard of dev itself, a month: ${what}`,
    unit: 'dollars',
    value: total[column] / NANO_PER_USD,
    goal: GOALS[column],
    baseline: 'none: list prices of us-east-1',
    raw: dearest(column),
  });
  return [
    of('idle, with the free tier left', 'freeTierLeft'),
    of('idle, with it used up', 'freeTierUsedUp'),
    of('busy, with it used up', 'busy'),
  ];
}
