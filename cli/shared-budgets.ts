import type { EnvironmentConfig } from '../config';
import type { Reading } from '../core/reading';
import type { SharedBudgetsPort } from '../core/report';
import type { BudgetOrders } from '../core/shared-budgets';
import { deployedFunction, variable } from './deployed';
import { CommandError } from './errors';
import { explained } from './explain';
import type { World } from './world';

export interface CallersBudgets {
  readonly shared: SharedBudgetsPort;
  /** What people have ordered; a table that does not answer hides nothing else. */
  readonly orders: () => Promise<Reading<BudgetOrders>>;
}

/** @throws CommandError NOT_DEPLOYED; ServiceError */
export async function callersBudgets(environment: EnvironmentConfig, world: World): Promise<CallersBudgets> {
  const services = await world.services(environment);
  const meter = await deployedFunction(services.guard, environment, 'spend-meter');
  return {
    shared: services.callersBudget(variable(meter, 'LEASES_TABLE_NAME'), environment.name),
    orders: async () => {
      try {
        return {
          kind: 'known',
          value: await services.meterState(variable(meter, 'STATE_TABLE_NAME')).budgetOrders(),
        };
      } catch (error) {
        const failure = error instanceof CommandError ? error : explained(error);
        if (!failure) throw error;
        return { kind: 'unavailable', why: failure.message };
      }
    },
  };
}
