import type { EnvironmentConfig } from '../../config';
import { utcMonth } from '../../core/calendar';
import { formatUsd, type NanoUsd, ZERO } from '../../core/money';
import { type BudgetPath, budgetName, ENVIRONMENT_BUDGET, periodAt, type PeriodKey } from '../../core/shared-budgets';
import { deployedFunction, variable } from '../deployed';
import { configuration, theOne } from '../environments';
import { EXIT_CODES } from '../exit-codes';
import { asked, reasonOf } from '../order-options';
import type { CommandResult } from '../result';
import type { World } from '../world';
import type { StopOptions } from './orders';

interface Released {
  readonly budget: BudgetPath;
  readonly period: PeriodKey;
  readonly amount: NanoUsd;
}

/**
 * A person's word that what callers were charged without known usage was not used, as after an outage of Bedrock: in the
 * environment's budget and in those within it. What the meter saw stays spent.
 */
export async function release(options: StopOptions, world: World): Promise<CommandResult> {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const reason = reasonOf(options.reason, 'it is kept with the budget');
  const services = await world.services(environment);
  const meter = await deployedFunction(services.guard, environment, 'spend-meter');
  const budgets = services.callersBudget(variable(meter, 'LEASES_TABLE_NAME'), environment.name);
  const month = utcMonth(world.now());
  const unsettled: Released[] = [];
  for (const { budget, period } of running(environment, world.now())) {
    const amount = (await budgets.sharedBudget(period, budget))?.unsettled ?? ZERO;
    if (amount > 0) unsettled.push({ budget, period, amount });
  }
  if (unsettled.length === 0) {
    return {
      exitCode: EXIT_CODES.ok,
      data: { environment: environment.name, month, released: ZERO },
      lines: [
        `Nothing to release: callers of ${environment.name} were charged nothing without known usage this month.`,
      ],
    };
  }
  await asked(
    environment,
    `Give ${unsettled.map((one) => amountOf(one, environment)).join(', and ')} back to callers, as not used?`,
    options,
    world,
  );
  const released: Released[] = [];
  // Those within first: none is charged less than they are.
  for (const { budget, period } of unsettled.toReversed()) {
    const amount = await budgets.release(period, { by: world.user, reason, at: world.now() }, budget);
    released.unshift({ budget, period, amount: amount ?? ZERO });
  }
  const within = released.filter(({ budget }) => budget !== ENVIRONMENT_BUDGET);
  const [own] = released.filter(({ budget }) => budget === ENVIRONMENT_BUDGET);
  return {
    exitCode: EXIT_CODES.ok,
    data: {
      ...{ environment: environment.name, month, released: own?.amount ?? ZERO, by: world.user, reason },
      ...(within.length > 0 && { budgets: within }),
    },
    lines: [
      ...released.map((one) => ({
        text: `${amountOf(one, environment)} was given back; what the meter saw stays spent.`,
        tone: 'good' as const,
      })),
      'Who released it and why stands in the budget, in `spend-guard status` and in the daily report.',
    ],
  };
}

function running({ budgets }: EnvironmentConfig, now: number): readonly Omit<Released, 'amount'>[] {
  return [
    { budget: ENVIRONMENT_BUDGET, period: utcMonth(now) },
    ...budgets.map(({ path, period }) => ({ budget: path, period: periodAt(period, now) })),
  ];
}

function amountOf({ budget, amount }: Released, { name }: EnvironmentConfig): string {
  const whose = budget === ENVIRONMENT_BUDGET ? `the callers of ${name}` : budgetName(budget);
  return `${formatUsd(amount)} of ${whose}`;
}
