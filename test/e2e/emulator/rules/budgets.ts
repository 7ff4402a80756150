import {
  BudgetsClient,
  CreateBudgetActionCommand,
  CreateBudgetCommand,
  DescribeBudgetActionCommand,
  DescribeBudgetActionsForBudgetCommand,
  DescribeBudgetCommand,
  ExecuteBudgetActionCommand,
  UpdateBudgetCommand,
  type ApprovalModel,
  type ExecutionType,
  type NotificationWithSubscribers,
} from '@aws-sdk/client-budgets';
import { IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { ACCOUNT, type Emulator } from '../../../../local/emulator';
import { SNSClient, CreateTopicCommand, SetTopicAttributesCommand, SubscribeCommand } from '@aws-sdk/client-sns';
import { managedPolicy, outcome, roleWith, session, stackStatus, unique, type Rule, type Statement } from '../support';

const AccountId = ACCOUNT;

async function budget(
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

interface Action {
  readonly emulator: Emulator;
  readonly budgetName: string;
  readonly id: string;
  readonly policyArn: string;
  readonly target: string;
}

/** @param allowed what its execution role may, by the policy that it is to attach */
async function action(
  emulator: Emulator,
  allowed: (policyArn: string) => Statement,
  ApprovalModel: ApprovalModel = 'MANUAL',
  trustedSource?: string,
): Promise<Action> {
  const [budgetName, policyArn] = [await budget(emulator), await managedPolicy(emulator)];
  const arn = await roleWith(emulator, []);
  const target = arn.slice(arn.lastIndexOf('/') + 1);
  const { ActionId } = await emulator.client(BudgetsClient).send(
    new CreateBudgetActionCommand({
      AccountId,
      BudgetName: budgetName,
      NotificationType: 'ACTUAL',
      ActionType: 'APPLY_IAM_POLICY',
      ActionThreshold: { ActionThresholdValue: 95, ActionThresholdType: 'PERCENTAGE' },
      Definition: { IamActionDefinition: { PolicyArn: policyArn, Roles: [target] } },
      ExecutionRoleArn: await roleWith(emulator, [allowed(policyArn)], undefined, { trustedSource }),
      ApprovalModel,
      Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'owner@example.com' }],
    }),
  );
  return { emulator, budgetName, id: ActionId!, policyArn, target };
}

async function execute(
  { emulator, budgetName: BudgetName, id: ActionId }: Action,
  ExecutionType: ExecutionType,
): Promise<void> {
  await emulator
    .client(BudgetsClient)
    .send(new ExecuteBudgetActionCommand({ AccountId, BudgetName, ActionId, ExecutionType }));
}

async function state({ emulator, budgetName: BudgetName, id: ActionId, target, policyArn }: Action) {
  const { Action: found } = await emulator
    .client(BudgetsClient)
    .send(new DescribeBudgetActionCommand({ AccountId, BudgetName, ActionId }));
  const { AttachedPolicies = [] } = await emulator
    .client(IAMClient)
    .send(new ListAttachedRolePoliciesCommand({ RoleName: target }));
  return { status: found?.Status, attached: AttachedPolicies.some(({ PolicyArn }) => PolicyArn === policyArn) };
}

const mayAttach = (policyArn: string): Statement => ({
  Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'],
  Condition: { ArnEquals: { 'iam:PolicyARN': policyArn } },
});

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
    name: 'a budgets action works under its own role, and fails where that may not',
    aws: {
      without: { status: 'EXECUTION_FAILURE', attached: false },
      other: { status: 'EXECUTION_FAILURE', attached: false },
      with: { status: 'EXECUTION_SUCCESS', attached: true },
    },
    async observe(emulator) {
      const run = async (allowed: (policyArn: string) => Statement) => {
        const made = await action(emulator, allowed);
        await execute(made, 'APPROVE_BUDGET_ACTION');
        return state(made);
      };
      const another = await managedPolicy(emulator);
      return {
        without: await run(() => ({ Action: 's3:ListBucket' })),
        other: await run(() => mayAttach(another)),
        with: await run(mayAttach),
      };
    },
  },
  {
    name: 'trap 9: REVERSE lifts and disarms, RESET lifts and waits for the next crossing',
    aws: {
      made: { status: 'STANDBY', attached: false },
      reversed: { status: 'REVERSE_SUCCESS', attached: false },
      crossedAfterReverse: { status: 'REVERSE_SUCCESS', attached: false },
      reset: { status: 'STANDBY', attached: false },
      crossedAfterReset: { status: 'EXECUTION_SUCCESS', attached: true },
    },
    async observe(emulator) {
      const made = await action(emulator, mayAttach, 'AUTOMATIC');
      const before = await state(made);
      await emulator.control.cross(made.budgetName);
      await execute(made, 'REVERSE_BUDGET_ACTION');
      const reversed = await state(made);
      await emulator.control.cross(made.budgetName);
      const crossedAfterReverse = await state(made);
      await execute(made, 'RESET_BUDGET_ACTION');
      const reset = await state(made);
      await emulator.control.cross(made.budgetName);
      return { made: before, reversed, crossedAfterReverse, reset, crossedAfterReset: await state(made) };
    },
  },
  {
    name: 'an action that needs approval waits for it',
    aws: { crossed: { status: 'PENDING', attached: false }, approved: { status: 'EXECUTION_SUCCESS', attached: true } },
    async observe(emulator) {
      const made = await action(emulator, mayAttach);
      await emulator.control.cross(made.budgetName);
      const crossed = await state(made);
      await execute(made, 'APPROVE_BUDGET_ACTION');
      return { crossed, approved: await state(made) };
    },
  },
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
    name: 'trap 44: a role has to trust AWS Budgets for this very budget',
    aws: { status: 'EXECUTION_FAILURE', attached: false },
    async observe(emulator) {
      const made = await action(emulator, mayAttach, 'MANUAL', 'arn:aws:budgets::*:budget/another');
      await execute(made, 'APPROVE_BUDGET_ACTION');
      return state(made);
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
  {
    name: 'CloudFormation changes whom an action is for in place: it stays applied, and is the same action',
    aws: { statuses: ['CREATE_COMPLETE', 'UPDATE_COMPLETE'], same: true, status: 'EXECUTION_SUCCESS', attached: true },
    async observe(emulator) {
      const policyArn = await managedPolicy(emulator);
      const role = await roleWith(emulator, [mayAttach(policyArn)]);
      const names = await Promise.all([1, 2].map(async () => (await roleWith(emulator, [])).replace(/.*\//, '')));
      const stack = unique('stack');
      const budgetName = unique('budget');
      const template = (roles: readonly string[]) => actionStack(budgetName, { policyArn, role, roles });
      const ids = async () => {
        const { Actions = [] } = await emulator
          .client(BudgetsClient)
          .send(new DescribeBudgetActionsForBudgetCommand({ AccountId, BudgetName: budgetName }));
        return Actions.map(({ ActionId }) => ActionId!);
      };
      const created = await stackStatus(emulator, 'CreateStack', template(names.slice(0, 1)), stack);
      const [id = ''] = await ids();
      const made = { emulator, budgetName, id, policyArn, target: names[0]! };
      await execute(made, 'APPROVE_BUDGET_ACTION');
      const updated = await stackStatus(emulator, 'UpdateStack', template(names), stack);
      const same = JSON.stringify(await ids()) === JSON.stringify([id]);
      return { statuses: [created, updated], same, ...(await state(made)) };
    },
  },
];

interface StackOfAction {
  readonly policyArn: string;
  /** Of its execution. */
  readonly role: string;
  readonly roles: readonly string[];
}

function actionStack(BudgetName: string, { policyArn, role, roles }: StackOfAction) {
  const BudgetLimit = { Amount: 50, Unit: 'USD' };
  return {
    Resources: {
      Budget: {
        Type: 'AWS::Budgets::Budget',
        Properties: { Budget: { BudgetName, BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit } },
      },
      Action: {
        Type: 'AWS::Budgets::BudgetsAction',
        DependsOn: 'Budget',
        Properties: {
          BudgetName,
          ActionType: 'APPLY_IAM_POLICY',
          NotificationType: 'ACTUAL',
          ActionThreshold: { Type: 'PERCENTAGE', Value: 95 },
          Definition: { IamActionDefinition: { PolicyArn: policyArn, Roles: roles } },
          ExecutionRoleArn: role,
          ApprovalModel: 'MANUAL',
          Subscribers: [{ Type: 'EMAIL', Address: 'owner@example.com' }],
        },
      },
    },
  };
}
