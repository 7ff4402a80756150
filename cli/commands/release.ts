import { utcMonth } from '../../core/calendar';
import { formatUsd, ZERO } from '../../core/money';
import { deployedFunction, variable } from '../deployed';
import { configuration, theOne } from '../environments';
import { EXIT_CODES } from '../exit-codes';
import { asked, reasonOf } from '../order-options';
import type { CommandResult } from '../result';
import type { World } from '../world';
import type { StopOptions } from './orders';

/**
 * A person's word that what callers were charged without known usage was not used, as after an outage of Bedrock. What the
 * meter saw stays spent.
 */
export async function release(options: StopOptions, world: World): Promise<CommandResult> {
  const environment = theOne(configuration(options.config, world.now()).environments, options.env);
  const reason = reasonOf(options.reason, 'it is kept with the budget');
  const services = await world.services(environment);
  const meter = await deployedFunction(services.guard, environment, 'spend-meter');
  const budget = services.callersBudget(variable(meter, 'LEASES_TABLE_NAME'), environment.name);
  const month = utcMonth(world.now());
  const unsettled = (await budget.sharedBudget(month))?.unsettled ?? ZERO;
  if (unsettled === 0) {
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
    `Give ${formatUsd(unsettled)} back to the callers of ${environment.name}, as not used?`,
    options,
    world,
  );
  const released = (await budget.release(month, { by: world.user, reason, at: world.now() })) ?? ZERO;
  return {
    exitCode: EXIT_CODES.ok,
    data: { environment: environment.name, month, released, by: world.user, reason },
    lines: [
      {
        text: `${formatUsd(released)} was given back to the callers of ${environment.name}; what the meter saw stays spent.`,
        tone: 'good',
      },
      'Who released it and why stands in the budget, in `spend-guard status` and in the daily report.',
    ],
  };
}
