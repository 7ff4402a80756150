import { BudgetsClient, CreateBudgetActionCommand, CreateBudgetCommand } from '@aws-sdk/client-budgets';
import { CostExplorerClient } from '@aws-sdk/client-cost-explorer';
import { IAMClient, ListAttachedRolePoliciesCommand } from '@aws-sdk/client-iam';
import { ACCOUNT } from '../../../local/emulator';
import { BudgetsAdapter } from '../../../lambda/adapters/budgets/budgets';
import { CostExplorerAdapter } from '../../../lambda/adapters/cost-explorer/cost-explorer';
import type { BudgetActionsSubject } from '../../contracts/suites/budget-actions';
import type { BudgetsSubject } from '../../contracts/suites/budgets';
import type { CostExplorerSubject } from '../../contracts/suites/cost-explorer';
import { managedPolicy, roleWith, unique } from '../emulator/support';
import type { Account } from './account';

const AccountId = ACCOUNT;
const LIMIT_USD = 50;

interface Budget {
  readonly name: string;
  readonly actionId: string;
  isDenied(): Promise<boolean>;
}

/** Of $50, with an action at 95% that attaches a policy to a role by itself. */
async function budgetOf(account: Account): Promise<Budget> {
  const [budgets, iam] = [account.client(BudgetsClient), account.client(IAMClient)];
  const [name, PolicyArn, target] = [unique('budget'), await managedPolicy(account.aws), unique('target')];
  await roleWith(account.aws, [], target);
  const BudgetLimit = { Amount: String(LIMIT_USD), Unit: 'USD' };
  await budgets.send(
    new CreateBudgetCommand({
      AccountId,
      Budget: { BudgetName: name, BudgetType: 'COST', TimeUnit: 'MONTHLY', BudgetLimit },
    }),
  );
  const { ActionId } = await budgets.send(
    new CreateBudgetActionCommand({
      AccountId,
      BudgetName: name,
      NotificationType: 'ACTUAL',
      ActionType: 'APPLY_IAM_POLICY',
      ActionThreshold: { ActionThresholdValue: 95, ActionThresholdType: 'PERCENTAGE' },
      Definition: { IamActionDefinition: { PolicyArn, Roles: [target] } },
      ExecutionRoleArn: await roleWith(account.aws, [{ Action: ['iam:AttachRolePolicy', 'iam:DetachRolePolicy'] }]),
      ApprovalModel: 'AUTOMATIC',
      Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'owner@example.com' }],
    }),
  );
  return {
    name,
    actionId: ActionId!,
    async isDenied() {
      const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: target }));
      return AttachedPolicies.some((one) => one.PolicyArn === PolicyArn);
    },
  };
}

const throttle = (account: Account) => account.refuse('throttle', 'budgets:ViewBudget', ...EXECUTION);
const EXECUTION = ['budgets:DescribeBudgetAction', 'budgets:ExecuteBudgetAction', 'budgets:ModifyBudget'];

export function budgets(account: Account): BudgetsSubject {
  return {
    port: new BudgetsAdapter(AccountId, account.client(BudgetsClient)),
    budget: () => budgetOf(account),
    cross: (name) => account.aws.control.spend(name, LIMIT_USD),
    throttle: () => throttle(account),
  };
}

export async function budgetActions(account: Account): Promise<BudgetActionsSubject> {
  const budget = await budgetOf(account);
  return {
    port: new BudgetsAdapter(AccountId, account.client(BudgetsClient)),
    budgetName: budget.name,
    actionId: budget.actionId,
    cross: () => account.aws.control.spend(budget.name, LIMIT_USD),
    isDenied: () => budget.isDenied(),
    bill: (dollars) => account.aws.control.spend(budget.name, Number(dollars)),
    throttle: () => throttle(account),
  };
}

export function costExplorer(account: Account): CostExplorerSubject {
  const { control } = account.aws;
  return {
    port: new CostExplorerAdapter(account.client(CostExplorerClient)),
    bill: (...rows) => control.costExplorer({ rows }),
    tag: (Status) =>
      control.costExplorer({
        results: [],
        tags: Status === 'unseen' ? [] : [{ TagKey: 'Environment', Type: 'UserDefined', Status }],
      }),
    refuse: (code) => control.costExplorer({ error: { code, message: 'refused' } }),
  };
}
