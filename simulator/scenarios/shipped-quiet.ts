import { monthStart, nextMonth, utcMonth } from '../../core/calendar';
import { formatUsd, ZERO } from '../../core/money';
import type { Demand } from '../world/demand';
import { QUIET_PERCENT, quietMonth } from './quiet-month';
import type { MonthFrame, Scenario } from './scenario';

/** The same on the same day, however many days of the month are played. */
export function quietDemand({ startMs }: MonthFrame): Demand {
  const untilMs = monthStart(nextMonth(utcMonth(startMs)));
  return { kind: 'office', percentOfLimit: QUIET_PERCENT, untilMs };
}

/** The quiet month with every line of the guard that is deployed: the meter too. */
export const shippedQuiet: Scenario = {
  ...quietMonth,
  name: 'shipped-quiet',
  title: 'A quiet month, guarded as shipped',
  demand: (_environment, month) => [quietDemand(month)],
  metered: true,
  unmet: ({ refused, meterChanges }) => {
    if (refused === ZERO) return [];
    const [denied] = meterChanges.filter(({ to }) => to !== 'open');
    const why = denied === undefined ? 'by AWS Budgets' : denied.reason;
    return [`in a quiet month calls worth ${formatUsd(refused)} were denied: ${why}`];
  },
};
