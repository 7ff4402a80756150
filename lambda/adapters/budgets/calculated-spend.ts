import { BudgetsClient, DescribeBudgetCommand } from '@aws-sdk/client-budgets';
import { parseDecimal } from '../../../core/money';
import type { CalculatedSpend, CalculatedSpendPort } from '../../../core/bill';
import { failureOf } from '../service-error';

/** A global service, signed for us-east-1 (trap 12). */
export function budgetsCalculatedSpend(
  accountId: string,
  client = new BudgetsClient({ region: 'us-east-1' }),
): CalculatedSpendPort {
  return {
    async calculated(budgetName): Promise<CalculatedSpend> {
      try {
        const { Budget } = await client.send(
          new DescribeBudgetCommand({ AccountId: accountId, BudgetName: budgetName }),
        );
        const { ActualSpend, ForecastedSpend } = Budget?.CalculatedSpend ?? {};
        if (ActualSpend?.Amount === undefined || ActualSpend.Unit === undefined) {
          return { kind: 'unavailable', why: 'AWS Budgets has calculated nothing yet' };
        }
        // A forecast in another currency than the spend would be compared with it.
        const forecast = ForecastedSpend?.Unit === ActualSpend.Unit ? ForecastedSpend.Amount : undefined;
        return {
          kind: 'known',
          actual: parseDecimal(ActualSpend.Amount),
          currency: ActualSpend.Unit,
          ...(forecast === undefined ? {} : { forecast: parseDecimal(forecast) }),
        };
      } catch (error) {
        const failure = failureOf(error);
        if (!failure) throw error;
        return failure.name === 'NotFoundException'
          ? { kind: 'missing' }
          : { kind: 'unavailable', why: `AWS Budgets answers ${failure.name}` };
      }
    },
  };
}
