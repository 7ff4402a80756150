import type { BudgetActionReading, BudgetReading } from '../../core/ports/budgets';
import { FakeBudgetActions } from '../../simulator/fakes/budget-actions';
import { FakeBudgets } from '../../simulator/fakes/budgets';
import { budgetActionsContract } from './suites/budget-actions';
import { budgetsContract } from './suites/budgets';
import { onFake } from './suites/contract';

const NAME = 'dev-budget';
const ACTION = 'action-1';
const TROUBLE = { kind: 'unavailable', why: 'AWS Budgets answers ThrottlingException' } as const;

budgetsContract(
  'the fake',
  onFake(() => {
    const budgets = new Map<string, BudgetReading>([[NAME, { kind: 'known', currency: 'USD' }]]);
    const actions = new Map<string, BudgetActionReading>([[ACTION, { kind: 'known', status: 'STANDBY' }]]);
    return {
      port: new FakeBudgets(budgets, actions),
      budget: async () => ({ name: NAME, actionId: ACTION }),
      cross: async () => void actions.set(ACTION, { kind: 'known', status: 'EXECUTION_SUCCESS' }),
      async throttle() {
        budgets.set(NAME, TROUBLE);
        actions.set(ACTION, TROUBLE);
      },
    };
  }),
);

budgetActionsContract(
  'the fake',
  onFake(() => {
    const port = new FakeBudgetActions({ budgetName: NAME, actionId: ACTION });
    return {
      port,
      budgetName: NAME,
      actionId: ACTION,
      cross: async () => port.cross(),
      isDenied: async () => port.isDenied,
      bill: async (dollars) => port.bill(dollars),
      async throttle() {
        port.unavailable = TROUBLE.why;
        port.fails = 'ThrottlingException';
      },
    };
  }),
);
