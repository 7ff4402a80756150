import {
  BudgetsClient,
  CreateBudgetActionCommand,
  DescribeBudgetActionCommand,
  DescribeBudgetActionsForBudgetCommand,
  ExecuteBudgetActionCommand,
  type ApprovalModel,
  type ExecutionType,
} from '@aws-sdk/client-budgets';
import { IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { ACCOUNT, type Emulator } from '../../../../local/emulator';
import { managedPolicy, roleWith, stackStatus, unique, type Rule, type Statement } from '../support';

import { budget } from './budgets';

const AccountId = ACCOUNT;

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

export const budgetActionRules: readonly Rule[] = [
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
    name: 'trap 44: a role has to trust AWS Budgets for this very budget',
    aws: { status: 'EXECUTION_FAILURE', attached: false },
    async observe(emulator) {
      const made = await action(emulator, mayAttach, 'MANUAL', 'arn:aws:budgets::*:budget/another');
      await execute(made, 'APPROVE_BUDGET_ACTION');
      return state(made);
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
