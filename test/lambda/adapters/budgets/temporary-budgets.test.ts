import {
  BudgetsClient,
  CreateBudgetCommand,
  DescribeBudgetsCommand,
  ListTagsForResourceCommand,
} from '@aws-sdk/client-budgets';
import { mockClient } from 'aws-sdk-client-mock';
import { temporaryBudgets } from '../../../../lambda/adapters/budgets/temporary-budgets';
import { VERIFY_TAG } from '../../../../core/tags';

const client = mockClient(BudgetsClient);
beforeEach(() => client.reset());

const budgets = () => temporaryBudgets({ account: '111122223333', partition: 'aws-us-gov' });
const budget = (BudgetName: string) => ({ BudgetName, TimeUnit: 'MONTHLY', BudgetType: 'COST' }) as const;

test('a budget counts one tag, unblended, and tells nobody', async () => {
  client.on(CreateBudgetCommand).resolves({});
  await budgets().create({ name: 'spend-guard-verify-x', key: 'user:spend-guard:models', value: 'dev', runId: 'run' });
  const [call] = client.commandCalls(CreateBudgetCommand);
  expect(call!.args[0].input).toEqual({
    AccountId: '111122223333',
    Budget: {
      BudgetName: 'spend-guard-verify-x',
      BudgetType: 'COST',
      TimeUnit: 'MONTHLY',
      BudgetLimit: { Amount: '1', Unit: 'USD' },
      Metrics: ['UnblendedCost'],
      FilterExpression: { Tags: { Key: 'user:spend-guard:models', Values: ['dev'], MatchOptions: ['EQUALS'] } },
    },
    ResourceTags: [{ Key: VERIFY_TAG, Value: 'run' }],
  });
});

test('those of the prefix are found over all pages, each with its tag, in the partition of the account', async () => {
  client
    .on(DescribeBudgetsCommand, { NextToken: undefined })
    .resolves({ Budgets: [budget('team'), budget('spend-guard-verify-a')], NextToken: 'next' })
    .on(DescribeBudgetsCommand, { NextToken: 'next' })
    .resolves({ Budgets: [budget('spend-guard-verify-b')] })
    .on(ListTagsForResourceCommand, { ResourceARN: 'arn:aws-us-gov:budgets::111122223333:budget/spend-guard-verify-a' })
    .resolves({ ResourceTags: [{ Key: VERIFY_TAG, Value: 'run' }] })
    .on(ListTagsForResourceCommand, { ResourceARN: 'arn:aws-us-gov:budgets::111122223333:budget/spend-guard-verify-b' })
    .resolves({});
  expect((await budgets().list('spend-guard-verify-')).map(({ name, runId }) => [name, runId])).toEqual([
    ['spend-guard-verify-a', 'run'],
    ['spend-guard-verify-b', undefined],
  ]);
});
