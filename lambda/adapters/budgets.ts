import { BudgetsClient, DescribeBudgetActionCommand, DescribeBudgetCommand } from '@aws-sdk/client-budgets';
import { GuardError } from '../../core/errors';
import type { BudgetActionReading, BudgetReading, BudgetsPort } from '../../core/ports/budgets';
import { failureOf } from './failure';

export class BudgetsAdapter implements BudgetsPort {
  constructor(
    private readonly accountId: string,
    // A global service, signed for us-east-1 (trap 12).
    private readonly client = new BudgetsClient({ region: 'us-east-1' }),
  ) {}

  async budget(name: string): Promise<BudgetReading> {
    try {
      const { Budget } = await this.client.send(
        new DescribeBudgetCommand({ AccountId: this.accountId, BudgetName: name }),
      );
      const currency = Budget?.CalculatedSpend?.ActualSpend?.Unit ?? Budget?.BudgetLimit?.Unit;
      if (currency === undefined)
        throw new GuardError('ANSWER_INVALID', `AWS Budgets gave budget '${name}' without a unit`);
      return { kind: 'known', currency };
    } catch (error) {
      return missingOrUnavailable(error);
    }
  }

  async action(budgetName: string, actionId: string): Promise<BudgetActionReading> {
    try {
      const { Action } = await this.client.send(
        new DescribeBudgetActionCommand({ AccountId: this.accountId, BudgetName: budgetName, ActionId: actionId }),
      );
      if (!Action?.Status)
        throw new GuardError('ANSWER_INVALID', `AWS Budgets gave action '${actionId}' without a status`);
      return { kind: 'known', status: Action.Status };
    } catch (error) {
      return missingOrUnavailable(error);
    }
  }
}

function missingOrUnavailable(error: unknown): { kind: 'missing' } | { kind: 'unavailable'; why: string } {
  const failure = failureOf(error);
  if (!failure) throw error;
  return failure.name === 'NotFoundException'
    ? { kind: 'missing' }
    : { kind: 'unavailable', why: `AWS Budgets answers ${failure.name}` };
}
