import {
  BudgetsClient,
  DescribeBudgetActionCommand,
  DescribeBudgetCommand,
  ExecuteBudgetActionCommand,
} from '@aws-sdk/client-budgets';
import { mockClient } from 'aws-sdk-client-mock';
import { decimalToNano } from '../../../../core/money';
import { BudgetsAdapter } from '../../../../lambda/adapters/budgets/budgets';

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
  expect(await adapter.budget('b')).toMatchObject({ kind: 'known', currency });
});

test('trap 49: what it has counted, since when, and the names that its filter lets through', async () => {
  const names = (Values: string[]) => ({ Dimensions: { Key: 'SERVICE' as const, Values } });
  const FilterExpression = {
    And: [
      { Or: [names(['Amazon Bedrock']), names(['Claude 3 Haiku (Amazon Bedrock Edition)'])] },
      { Not: names(['AWS Support']) },
      { Not: { Dimensions: { Key: 'RECORD_TYPE' as const, Values: ['Tax'] } } },
    ],
  };
  const LastUpdatedTime = new Date('2026-11-20T00:00:00Z');
  const CalculatedSpend = { ActualSpend: { Amount: '0.0', Unit: 'USD' } };
  client
    .on(DescribeBudgetCommand, { AccountId: '111122223333', BudgetName: 'b', ShowFilterExpression: true })
    .resolves({ Budget: { ...budget, CalculatedSpend, LastUpdatedTime, FilterExpression } });
  expect(await adapter.budget('b')).toEqual({
    ...{ kind: 'known', currency: 'USD', spent: { digits: 0n, scale: 1 }, changedAtMs: LastUpdatedTime.getTime() },
    services: ['Amazon Bedrock', 'Claude 3 Haiku (Amazon Bedrock Edition)'],
  });
});

test('nothing is made up of what AWS does not say', async () => {
  client.on(DescribeBudgetCommand).resolves({ Budget: { ...budget, BudgetLimit: { Amount: '1', Unit: 'USD' } } });
  expect(await adapter.budget('b')).toEqual({ kind: 'known', currency: 'USD' });
  const ActualSpend = { Amount: 'a lot', Unit: 'USD' };
  client.on(DescribeBudgetCommand).resolves({ Budget: { ...budget, CalculatedSpend: { ActualSpend } } });
  expect(await adapter.budget('b')).toMatchObject({ kind: 'unavailable', why: expect.stringContaining('a lot') });
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

describe('what Budgets believes is spent', () => {
  const calculated = async (ActualSpend?: object) => {
    const spend = ActualSpend && { CalculatedSpend: { ActualSpend } };
    client.on(DescribeBudgetCommand).resolves({ Budget: { ...budget, ...spend } as never });
    return adapter.calculated('b');
  };

  test('every digit, with its currency', async () => {
    const reading = await calculated({ Amount: '12.3456789012', Unit: 'USD' });
    expect(reading).toEqual({ kind: 'known', actual: { digits: 123456789012n, scale: 10 }, currency: 'USD' });
    expect(reading.kind === 'known' && decimalToNano(reading.actual)).toBe(12_345_678_902);
  });

  test('trap 45: another currency is told, not converted', async () => {
    expect(await calculated({ Amount: '0', Unit: 'BRL' })).toMatchObject({ kind: 'known', currency: 'BRL' });
  });

  test.each([
    ['nothing calculated', undefined],
    ['no amount', { Unit: 'USD' }],
    ['no unit', { Amount: '1' }],
    ['an amount that is none', { Amount: 'much', Unit: 'USD' }],
  ])('trap 10: %s is unavailable, never zero', async (_what, spend) => {
    expect(await calculated(spend)).toEqual({ kind: 'unavailable', why: expect.stringMatching(/^AWS Budgets /) });
  });

  test('deleted by hand is missing; refused is unavailable; a defect is an error', async () => {
    client
      .on(DescribeBudgetCommand)
      .rejectsOnce(refusal('NotFoundException'))
      .rejectsOnce(refusal('ThrottlingException'))
      .rejects(new TypeError('a defect'));
    expect(await adapter.calculated('b')).toEqual({ kind: 'missing' });
    expect(await adapter.calculated('b')).toMatchObject({
      kind: 'unavailable',
      why: 'AWS Budgets answers ThrottlingException',
    });
    await expect(adapter.calculated('b')).rejects.toThrow(TypeError);
  });
});

test.each(['REVERSE_BUDGET_ACTION', 'RESET_BUDGET_ACTION'] as const)('trap 9: %s by its own API', async (type) => {
  client
    .on(ExecuteBudgetActionCommand, {
      ...{ AccountId: '111122223333', BudgetName: 'b', ActionId: 'a', ExecutionType: type },
    })
    .resolves({});
  expect(await adapter.execute('b', 'a', type)).toEqual({ kind: 'done' });
});

test('an execution that is refused says why; a defect is an error', async () => {
  client
    .on(ExecuteBudgetActionCommand)
    .rejectsOnce(refusal('ResourceLockedException'))
    .rejects(new TypeError('a defect'));
  const failed = { kind: 'failed', why: 'ResourceLockedException' };
  expect(await adapter.execute('b', 'a', 'REVERSE_BUDGET_ACTION')).toEqual(failed);
  await expect(adapter.execute('b', 'a', 'REVERSE_BUDGET_ACTION')).rejects.toThrow(TypeError);
});
