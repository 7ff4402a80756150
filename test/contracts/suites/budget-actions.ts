import { decimalToNano, usd } from '../../../core/money';
import type { BudgetActionsPort } from '../../../core/enforcement/ports';
import { contract } from './contract';

export interface BudgetActionsSubject {
  readonly port: BudgetActionsPort;
  readonly budgetName: string;
  /** Of the budget's one action, which runs by itself. */
  readonly actionId: string;
  /** Its spend has passed the action's line. */
  readonly cross: () => Promise<void>;
  /** Whom the action denies. */
  readonly isDenied: () => Promise<boolean>;
  /** AWS Budgets has calculated a spend. @param dollars such as '97.5' */
  readonly bill: (dollars: string) => Promise<void>;
  readonly throttle: () => Promise<void>;
}

const NOBODY = '11111111-2222-4333-8444-555555555555';

export const budgetActionsContract = contract<BudgetActionsSubject>(
  'budget-actions',
  [
    {
      name: 'trap 9: reversed it lifts its deny, and runs no more however high the bill',
      async run({ port, budgetName, actionId, cross, isDenied }) {
        const status = async () => port.action(budgetName, actionId);
        expect([await status(), await isDenied()]).toEqual([{ kind: 'known', status: 'STANDBY' }, false]);
        await cross();
        expect([await status(), await isDenied()]).toEqual([{ kind: 'known', status: 'EXECUTION_SUCCESS' }, true]);
        expect(await port.execute(budgetName, actionId, 'REVERSE_BUDGET_ACTION')).toEqual({ kind: 'done' });
        expect([await status(), await isDenied()]).toEqual([{ kind: 'known', status: 'REVERSE_SUCCESS' }, false]);
        await cross();
        expect([await status(), await isDenied()]).toEqual([{ kind: 'known', status: 'REVERSE_SUCCESS' }, false]);
      },
    },
    {
      name: 'traps 9 and 43: reset it waits again, and the next crossing runs it',
      async run({ port, budgetName, actionId, cross, isDenied }) {
        await cross();
        await port.execute(budgetName, actionId, 'REVERSE_BUDGET_ACTION');
        expect(await port.execute(budgetName, actionId, 'RESET_BUDGET_ACTION')).toEqual({ kind: 'done' });
        expect(await port.action(budgetName, actionId)).toEqual({ kind: 'known', status: 'STANDBY' });
        expect(await isDenied()).toBe(false);
        await cross();
        expect(await port.action(budgetName, actionId)).toEqual({ kind: 'known', status: 'EXECUTION_SUCCESS' });
        expect(await isDenied()).toBe(true);
      },
    },
    {
      name: 'what AWS Budgets has calculated, exactly',
      async run({ port, budgetName, bill }) {
        await bill('97.5');
        const read = await port.calculated(budgetName);
        expect(read).toMatchObject({ kind: 'known', currency: 'USD' });
        expect(read.kind === 'known' && decimalToNano(read.actual)).toBe(usd('97.5'));
      },
    },
    {
      name: 'what does not exist is missing, and cannot be executed',
      async run({ port, budgetName }) {
        expect(await port.calculated('nothing-of-this-name')).toEqual({ kind: 'missing' });
        expect(await port.action(budgetName, NOBODY)).toEqual({ kind: 'missing' });
        const why = 'NotFoundException';
        expect(await port.execute(budgetName, NOBODY, 'RESET_BUDGET_ACTION')).toEqual({ kind: 'failed', why });
      },
    },
    {
      name: 'trouble of the service is told by its name, and is no answer',
      async run({ port, budgetName, actionId, throttle }) {
        await throttle();
        const trouble = { kind: 'unavailable', why: expect.stringContaining('ThrottlingException') };
        expect(await port.action(budgetName, actionId)).toEqual(trouble);
        expect(await port.calculated(budgetName)).toEqual(trouble);
        const failed = { kind: 'failed', why: 'ThrottlingException' };
        expect(await port.execute(budgetName, actionId, 'REVERSE_BUDGET_ACTION')).toEqual(failed);
      },
    },
  ],
  [
    {
      name: 'a reverse has been done by the time that it is answered',
      async run({ port, budgetName, actionId, cross }) {
        await cross();
        await port.execute(budgetName, actionId, 'REVERSE_BUDGET_ACTION');
        expect(await port.action(budgetName, actionId)).toEqual({ kind: 'known', status: 'REVERSE_SUCCESS' });
      },
    },
    {
      name: 'an action that is not executed is disarmed by a reverse all the same',
      async run({ port, budgetName, actionId }) {
        expect(await port.execute(budgetName, actionId, 'REVERSE_BUDGET_ACTION')).toEqual({ kind: 'done' });
        expect(await port.action(budgetName, actionId)).toEqual({ kind: 'known', status: 'REVERSE_SUCCESS' });
      },
    },
  ],
);
