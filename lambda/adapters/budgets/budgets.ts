import {
  BudgetsClient,
  DescribeBudgetActionCommand,
  DescribeBudgetCommand,
  ExecuteBudgetActionCommand,
  type Expression,
} from '@aws-sdk/client-budgets';
import { GuardError } from '../../../core/errors';
import { parseDecimal } from '../../../core/money';
import type { BudgetActionsPort, CalculatedReading } from '../../../core/enforcement';
import type { BudgetActionReading, BudgetReading, BudgetsPort } from '../../../core/bill';
import { failureOf } from '../service-error';
import { timeout } from '../pace';

const REQUEST_MS = 8_000;

export class BudgetsAdapter implements BudgetsPort, BudgetActionsPort {
  constructor(
    private readonly accountId: string,
    // A global service, signed for us-east-1 (trap 12).
    private readonly client = new BudgetsClient({ region: 'us-east-1' }),
  ) {}

  async budget(name: string): Promise<BudgetReading> {
    try {
      const { Budget } = await this.client.send(
        new DescribeBudgetCommand({ AccountId: this.accountId, BudgetName: name, ShowFilterExpression: true }),
        { abortSignal: timeout(REQUEST_MS) },
      );
      const { Amount, Unit } = Budget?.CalculatedSpend?.ActualSpend ?? {};
      const currency = Unit ?? Budget?.BudgetLimit?.Unit;
      if (currency === undefined)
        throw new GuardError('ANSWER_INVALID', `AWS Budgets gave budget '${name}' without a unit`);
      const services = servicesIn(Budget?.FilterExpression);
      return {
        kind: 'known',
        currency,
        ...(Amount && Unit ? { spent: parseDecimal(Amount) } : {}),
        ...(Budget?.LastUpdatedTime ? { changedAtMs: Budget.LastUpdatedTime.getTime() } : {}),
        ...(services.length > 0 ? { services } : {}),
      };
    } catch (error) {
      if (error instanceof RangeError) return { kind: 'unavailable', why: `AWS Budgets answers ${error.message}` };
      return missingOrUnavailable(error);
    }
  }

  async action(budgetName: string, actionId: string): Promise<BudgetActionReading> {
    try {
      const { Action } = await this.client.send(
        new DescribeBudgetActionCommand({ AccountId: this.accountId, BudgetName: budgetName, ActionId: actionId }),
        { abortSignal: timeout(REQUEST_MS) },
      );
      if (!Action?.Status)
        throw new GuardError('ANSWER_INVALID', `AWS Budgets gave action '${actionId}' without a status`);
      return { kind: 'known', status: Action.Status };
    } catch (error) {
      return missingOrUnavailable(error);
    }
  }

  async calculated(budgetName: string): Promise<CalculatedReading> {
    try {
      const { Budget } = await this.client.send(
        new DescribeBudgetCommand({ AccountId: this.accountId, BudgetName: budgetName }),
        { abortSignal: timeout(REQUEST_MS) },
      );
      const { Amount, Unit } = Budget?.CalculatedSpend?.ActualSpend ?? {};
      // Shortly after it was made, or by a change of its own: nothing calculated is not nothing spent.
      if (!Amount || !Unit) return { kind: 'unavailable', why: 'AWS Budgets has not calculated it yet' };
      return { kind: 'known', actual: parseDecimal(Amount), currency: Unit };
    } catch (error) {
      if (error instanceof RangeError) return { kind: 'unavailable', why: `AWS Budgets answers ${error.message}` };
      return missingOrUnavailable(error);
    }
  }

  async execute(
    ...[budgetName, actionId, type]: Parameters<BudgetActionsPort['execute']>
  ): ReturnType<BudgetActionsPort['execute']> {
    try {
      await this.client.send(
        new ExecuteBudgetActionCommand({
          AccountId: this.accountId,
          BudgetName: budgetName,
          ActionId: actionId,
          ExecutionType: type,
        }),
        { abortSignal: timeout(REQUEST_MS) },
      );
      return { kind: 'done' };
    } catch (error) {
      const failure = failureOf(error);
      if (!failure) throw error;
      return { kind: 'failed', why: failure.name };
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

/** Of the parts that let something through; what a `Not` holds is left out of the bill. */
function servicesIn({ And = [], Or = [], Dimensions }: Expression = {}): readonly string[] {
  const own = Dimensions?.Key === 'SERVICE' ? (Dimensions.Values ?? []) : [];
  return [...own, ...[...And, ...Or].flatMap(servicesIn)];
}
