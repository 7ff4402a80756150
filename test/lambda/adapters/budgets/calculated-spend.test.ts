import { BudgetsClient, DescribeBudgetCommand } from '@aws-sdk/client-budgets';
import { mockClient } from 'aws-sdk-client-mock';
import { parseDecimal } from '../../../../core/money';
import { budgetsCalculatedSpend } from '../../../../lambda/adapters/budgets/calculated-spend';

const budgets = mockClient(BudgetsClient);
beforeEach(() => budgets.reset());

const asked = () => budgetsCalculatedSpend('111122223333').calculated('b');
const budget = (CalculatedSpend: object | undefined) => ({
  Budget: {
    BudgetName: 'b',
    TimeUnit: 'MONTHLY' as const,
    BudgetType: 'COST' as const,
    CalculatedSpend: CalculatedSpend as never,
  },
});
const amount = (Amount: string, Unit = 'USD') => ({ Amount, Unit });

test.each([
  [
    'spend and forecast, to the last digit',
    { ActualSpend: amount('12.3456789012'), ForecastedSpend: amount('40') },
    { kind: 'known', actual: parseDecimal('12.3456789012'), forecast: parseDecimal('40'), currency: 'USD' },
  ],
  ['no forecast yet', { ActualSpend: amount('1') }, { kind: 'known', actual: parseDecimal('1'), currency: 'USD' }],
  [
    'a forecast in another currency is none',
    { ActualSpend: amount('1'), ForecastedSpend: amount('40', 'BRL') },
    { kind: 'known', actual: parseDecimal('1'), currency: 'USD' },
  ],
  [
    'nothing calculated is unknown, never zero',
    undefined,
    { kind: 'unavailable', why: 'AWS Budgets has calculated nothing yet' },
  ],
])('%s', async (_, calculated, expected) => {
  budgets.on(DescribeBudgetCommand, { AccountId: '111122223333', BudgetName: 'b' }).resolves(budget(calculated));
  expect(await asked()).toEqual(expected);
});

test.each([
  ['NotFoundException', 400, { kind: 'missing' }],
  ['AccessDeniedException', 400, { kind: 'unavailable', why: 'AWS Budgets answers AccessDeniedException' }],
])('%s', async (name, httpStatusCode, expected) => {
  budgets.on(DescribeBudgetCommand).rejects(Object.assign(new Error('no'), { name, $metadata: { httpStatusCode } }));
  expect(await asked()).toEqual(expected);
});

test('a defect is not reported as an outage', async () => {
  budgets.on(DescribeBudgetCommand).rejects(new TypeError('x is not a function'));
  await expect(asked()).rejects.toThrow(TypeError);
});

test('trap 12: a global service, signed for us-east-1', async () => {
  budgets.on(DescribeBudgetCommand).resolves(budget(undefined));
  await asked();
  expect(await budgets.call(0).thisValue.config.region()).toBe('us-east-1');
});
