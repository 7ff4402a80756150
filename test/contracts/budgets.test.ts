import { parseDecimal, usd, ZERO } from '../../core/money';
import type { BudgetActionReading, BudgetReading } from '../../core/bill/ports';
import { FakeBudgetActions } from '../../simulator/fakes/budget-actions';
import { FakeBudgets } from '../../simulator/fakes/budgets';
import { seededRandom } from '../../simulator/random';
import type { ActionSpec } from '../../simulator/template/budgets';
import { Timeline } from '../../simulator/timeline';
import { SimulatedBudget } from '../../simulator/world/budgets-service';
import { budgetActionsContract } from './suites/budget-actions';
import { budgetsContract } from './suites/budgets';
import { contract, onFake } from './suites/contract';

const NAME = 'dev-budget';
const ACTION = 'action-1';
const TROUBLE = { kind: 'unavailable', why: 'AWS Budgets answers ThrottlingException' } as const;

budgetsContract(
  'the fake',
  onFake(() => {
    const made = { spent: parseDecimal('0'), changedAtMs: Date.now() };
    const budgets = new Map<string, BudgetReading>([[NAME, { kind: 'known', currency: 'USD', ...made }]]);
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

/** It is never away, and has one budget: what it shares with AWS is what becomes of an action. */
const KEPT = /^traps? 9|calculated/;

contract(
  'budget-actions',
  budgetActionsContract.cases.filter(({ name }) => KEPT.test(name)),
)(
  'the service of the simulator’s month',
  onFake(() => {
    const now = Date.parse('2026-11-12T12:00:00Z');
    let [spent, isDenied] = [ZERO, false];
    const action: ActionSpec = {
      ...{ id: ACTION, atPercent: 95, approval: 'AUTOMATIC' as const, policyArn: 'deny', principals: ['app'] },
      subscribers: { emails: [], topicArns: [] },
    };
    const spec = {
      name: NAME,
      limit: usd(100),
      covers: () => true,
      services: [],
      notifications: [],
      actions: [action],
    };
    const budget = new SimulatedBudget(
      spec,
      {
        billed: () => spent,
        notify: () => undefined,
        triggered: (run) => ({ ...run, environment: 'dev', recipients: [], spent: run.seen }),
        attach: () => (isDenied = true),
        detach: () => void (isDenied = false),
        approvalAfterMs: undefined,
      },
      new Timeline(now),
      seededRandom(1),
    );
    const billed = async (dollars: string) => {
      spent = usd(dollars);
      budget.refresh({ asOfMs: now, reachMs: now });
    };
    return {
      port: {
        action: async () => ({ kind: 'known', status: budget.actionStatus(action) }),
        calculated: async () => ({
          ...{ kind: 'known', actual: parseDecimal(String(budget.calculated / 1e9)), currency: 'USD' },
        }),
        execute: async (_budget, _action, type) =>
          budget.execute(action, type) ? { kind: 'done' } : { kind: 'failed', why: 'ResourceLockedException' },
      },
      budgetName: NAME,
      actionId: ACTION,
      cross: () => billed('96'),
      isDenied: async () => isDenied,
      bill: billed,
      throttle: () => Promise.reject(new Error('it is never away')),
    };
  }),
);
