import { BudgetsClient, DescribeBudgetActionCommand, DescribeBudgetCommand } from '@aws-sdk/client-budgets';
import { mockClient } from 'aws-sdk-client-mock';
import { BudgetsAdapter } from '../../../lambda/adapters/budgets';

const client = mockClient(BudgetsClient);
const adapter = new BudgetsAdapter('111122223333');
const budget = { BudgetName: 'b', TimeUnit: 'MONTHLY' as const, BudgetType: 'COST' as const };

beforeEach(() => client.reset());

const refusal = (name: string) => Object.assign(new Error('x'), { name, $metadata: { httpStatusCode: 400 } });

test.each([
  [
    'what it has calculated',
    { CalculatedSpend: { ActualSpend: { Amount: '1', Unit: 'BRL' } }, BudgetLimit: { Amount: '1', Unit: 'USD' } },
    'BRL',
  ],
  ['its limit, before it has calculated', { BudgetLimit: { Amount: '1', Unit: 'USD' } }, 'USD'],
])('trap 45: a budget’s currency is that of %s', async (_what, fields, currency) => {
  client
    .on(DescribeBudgetCommand, { AccountId: '111122223333', BudgetName: 'b' })
    .resolves({ Budget: { ...budget, ...fields } });
  expect(await adapter.budget('b')).toEqual({ kind: 'known', currency });
});

test('a budget without any unit is refused, not taken for dollars', async () => {
  client.on(DescribeBudgetCommand).resolves({ Budget: budget });
  await expect(adapter.budget('b')).rejects.toMatchObject({ code: 'ANSWER_INVALID' });
});

test('deleted by hand is missing; refused is unavailable', async () => {
  client
    .on(DescribeBudgetCommand)
    .rejectsOnce(refusal('NotFoundException'))
    .rejectsOnce(refusal('AccessDeniedException'));
  expect(await adapter.budget('b')).toEqual({ kind: 'missing' });
  expect(await adapter.budget('b')).toMatchObject({
    kind: 'unavailable',
    why: expect.stringContaining('AccessDenied'),
  });
});

test('an action’s status, by account, budget and id', async () => {
  client.on(DescribeBudgetActionCommand, { AccountId: '111122223333', BudgetName: 'b', ActionId: 'a' }).resolves({
    Action: { Status: 'PENDING' } as never,
  });
  expect(await adapter.action('b', 'a')).toEqual({ kind: 'known', status: 'PENDING' });
});
