import {
  BudgetsClient,
  CreateBudgetCommand,
  DescribeBudgetCommand,
  UpdateBudgetCommand,
  type NotificationWithSubscribers,
} from '@aws-sdk/client-budgets';
import { ACCOUNT, type Emulator } from '../../../../local/emulator';
import { SNSClient, CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { outcome, session, unique, type Rule } from '../support';

const AccountId = ACCOUNT;

export async function budget(
  emulator: Emulator,
  NotificationsWithSubscribers: NotificationWithSubscribers[] = [],
): Promise<string> {
  const BudgetName = unique('budget');
  await emulator.client(BudgetsClient).send(
    new CreateBudgetCommand({
      AccountId,
      Budget: { BudgetName, BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit: { Amount: '50', Unit: 'USD' } },
      NotificationsWithSubscribers,
    }),
  );
  return BudgetName;
}

/** A budget of $50 that alerts at half of it. */
async function alerting(emulator: Emulator, { Effect }: { Effect: 'Allow' | 'Deny' }) {
  const sns = emulator.client(SNSClient);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: unique('topic') }));
  const Principal = { Service: 'budgets.amazonaws.com' };
  const AttributeValue = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { Effect, Principal, Action: 'SNS:Publish', Resource: TopicArn },
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'SNS:Publish',
        Resource: TopicArn,
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: 'Policy', AttributeValue }));
  const [direct, subscribed] = [`${unique('direct')}@example.com`, `${unique('subscribed')}@example.com`];
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: subscribed }));
  const name = await budget(emulator, [
    {
      Notification: { NotificationType: 'ACTUAL', ComparisonOperator: 'GREATER_THAN', Threshold: 50 },
      Subscribers: [
        { SubscriptionType: 'EMAIL', Address: direct },
        { SubscriptionType: 'SNS', Address: TopicArn! },
      ],
    },
  ]);
  return {
    name,
    async alerts() {
      const mails = await emulator.control.mails();
      return mails.flatMap(({ to }) => (to === direct ? ['mailed'] : to === subscribed ? ['published'] : []));
    },
  };
}

export const budgetRules: readonly Rule[] = [
  {
    name: 'trap 13: a threshold alerts once, by e-mail and to a topic that lets it publish by TLS',
    aws: { below: [], above: ['mailed', 'published'], again: ['mailed', 'published'], refused: ['mailed'] },
    async observe(emulator) {
      const open = await alerting(emulator, { Effect: 'Allow' });
      const closed = await alerting(emulator, { Effect: 'Deny' });
      await emulator.control.spend(open.name, 25);
      const below = await open.alerts();
      await emulator.control.spend(open.name, 25.01);
      const above = await open.alerts();
      await emulator.control.spend(open.name, 30);
      await emulator.control.spend(closed.name, 30);
      return { below, above, again: await open.alerts(), refused: await closed.alerts() };
    },
  },
  {
    name: 'budgets have two permissions, ViewBudget and ModifyBudget',
    aws: { view: 'ok', modifyWithView: 'AccessDeniedException', modify: 'ok', viewWithModify: 'AccessDeniedException' },
    async observe(emulator) {
      const BudgetName = await budget(emulator);
      const view = emulator.client(BudgetsClient, await session(emulator, { Action: 'budgets:ViewBudget' }));
      const modify = emulator.client(BudgetsClient, await session(emulator, { Action: 'budgets:ModifyBudget' }));
      const describe = (as: BudgetsClient) =>
        outcome(() => as.send(new DescribeBudgetCommand({ AccountId, BudgetName })));
      const NewBudget = {
        BudgetName,
        BudgetType: 'COST' as const,
        TimeUnit: 'MONTHLY' as const,
        BudgetLimit: { Amount: '60', Unit: 'USD' },
      };
      const update = (as: BudgetsClient) => outcome(() => as.send(new UpdateBudgetCommand({ AccountId, NewBudget })));
      return {
        view: await describe(view),
        modifyWithView: await update(view),
        modify: await update(modify),
        viewWithModify: await describe(modify),
      };
    },
  },
  {
    name: 'trap 10: a budget has a calculated spend, and loses it when it is edited',
    aws: { known: '12.5', edited: '0' },
    async observe(emulator) {
      const BudgetName = await budget(emulator);
      const budgets = emulator.client(BudgetsClient);
      const spent = async () => {
        const { Budget } = await budgets.send(new DescribeBudgetCommand({ AccountId, BudgetName }));
        return Budget?.CalculatedSpend?.ActualSpend?.Amount;
      };
      await emulator.control.spend(BudgetName, 12.5);
      const known = await spent();
      await budgets.send(
        new UpdateBudgetCommand({
          AccountId,
          NewBudget: {
            BudgetName,
            BudgetType: 'COST',
            TimeUnit: 'MONTHLY',
            BudgetLimit: { Amount: '60', Unit: 'USD' },
          },
        }),
      );
      return { known, edited: await spent() };
    },
  },
];
