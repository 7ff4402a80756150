import { CfnOutput, Lazy, Stack, Validations } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Budget } from './budget';
import type { GuardFunction } from './guard-function';
import { principalAction, type GuardedPrincipals, type PrincipalKind } from './guarded-principals';
import { type Choice, chosen, makeOnlyIf } from './late-values';
import { fixLogicalId } from './logical-ids';
import { nagText } from './nag-text';

export interface BillActionProps {
  readonly budget: Budget;
  readonly atPercent: number;
  /** `automatic` denies by itself; `needsApproval` waits for a person in the Budgets console. */
  readonly approval: 'automatic' | 'needsApproval';
  readonly denyPolicy: iam.IManagedPolicy;
  readonly principals: GuardedPrincipals;
  readonly emails: readonly string[];
  readonly topic: sns.ITopic;
  /** Whether the deployment has it. @default true */
  readonly exists?: Choice;
}

/** AWS Budgets' own brake: it attaches `deny-bill` with none of the guard's code running. */
export class BillAction extends Construct {
  /** Empty where the deployment has none. */
  readonly actionId: string;
  /** As functions are told; empty where the deployment has none. */
  readonly atPercent: string;
  readonly executionRole: iam.Role;
  private readonly exists: Choice;
  private readonly budgetArn: string;
  private readonly actionArn: string;

  constructor(scope: Construct, id: string, props: BillActionProps) {
    super(scope, id);
    const stack = Stack.of(this);
    const { exists = true } = props;
    this.exists = exists;
    this.executionRole = new iam.Role(this, 'Role', {
      description: 'Lets AWS Budgets attach and detach the deny-bill policy',
      assumedBy: new iam.ServicePrincipal('budgets.amazonaws.com', {
        conditions: {
          StringEquals: { 'aws:SourceAccount': stack.account },
          ArnLike: { 'aws:SourceArn': props.budget.actionSourceArns() },
        },
      }),
    });
    const { principals } = props;
    const permissions = new iam.Policy(this, 'AttachDeny');
    principals.allowOnEach(({ kind, arns, isAnybody }) => {
      const statement = new iam.PolicyStatement({
        actions: [principalAction('Attach', kind), principalAction('Detach', kind)],
        resources: [...arns],
        conditions: { ArnEquals: { 'iam:PolicyARN': props.denyPolicy.managedPolicyArn } },
      });
      permissions.addStatements(statement);
      Validations.of(permissions).acknowledge(
        ...(isAnybody ? arns : []).map((arn) => ({
          id: `AwsSolutions-IAM5[Resource::${nagText(this, arn)}]`,
          reason: `AWS Budgets attaches and detaches deny-bill only, by condition: ${principals.whyAnybody}.`,
        })),
      );
      return statement;
    });
    this.executionRole.attachInlinePolicy(permissions);

    // Lists with those in them that are held later.
    const names = (kind: PrincipalKind) =>
      Lazy.list({ produce: () => [...principals.namesOf(kind)] }, { omitEmpty: true });
    const action = new budgets.CfnBudgetsAction(this, 'Resource', {
      budgetName: props.budget.budgetName,
      notificationType: 'ACTUAL',
      actionType: 'APPLY_IAM_POLICY',
      actionThreshold: { type: 'PERCENTAGE', value: props.atPercent },
      approvalModel: props.approval === 'automatic' ? 'AUTOMATIC' : 'MANUAL',
      executionRoleArn: this.executionRole.roleArn,
      definition: {
        iamActionDefinition: {
          policyArn: props.denyPolicy.managedPolicyArn,
          roles: names('role'),
          users: names('user'),
          groups: names('group'),
        },
      },
      subscribers: [
        ...[...new Set(props.emails)].map((address) => ({ type: 'EMAIL', address })),
        { type: 'SNS', address: props.topic.topicArn },
      ],
    });
    action.node.addDependency(permissions, props.topic);
    if (props.principals.areLate) {
      const reason = 'It looks at the list of an empty parameter, which a condition leaves out.';
      const ids = ['CloudFormation-Validate::F3031', 'CloudFormation-Validate::F3033'];
      Validations.of(action).acknowledge(...ids.map((id) => ({ id, reason })));
    }
    const actionId = action.attrActionId;
    this.actionId = chosen(exists, actionId, '');
    this.atPercent = chosen(exists, String(props.atPercent), '');
    this.budgetArn = `arn:${stack.partition}:budgets::${stack.account}:budget/${props.budget.budgetName}`;
    this.actionArn = `${this.budgetArn}/action/${actionId}`;
    fixLogicalId(
      new CfnOutput(this, 'Id', {
        value: actionId,
        description: 'The budgets action, for aws budgets describe-budget-action and execute-budget-action',
      }),
      'BillActionId',
    );
    makeOnlyIf(exists, this);
  }

  /** Lets a function see what the action has done. */
  grantRead(to: GuardFunction): void {
    this.grant(to, { actions: ['budgets:DescribeBudgetAction'], resources: [this.actionArn] });
  }

  /** Lets a function reverse it and arm it again, by what it and its budget say. */
  grantExecute(to: GuardFunction): void {
    this.grant(
      to,
      { actions: ['budgets:ViewBudget'], resources: [this.budgetArn] },
      { actions: ['budgets:DescribeBudgetAction', 'budgets:ExecuteBudgetAction'], resources: [this.actionArn] },
    );
  }

  /** Where the deployment decides whether there is an action, in a policy that is there with it. */
  private grant(to: GuardFunction, ...allowed: readonly { actions: string[]; resources: string[] }[]): void {
    if (typeof this.exists === 'boolean') {
      for (const { actions, resources } of allowed) to.allow(actions, resources);
      return;
    }
    const policy = new iam.Policy(this, `For:${to.feature}`, {
      statements: allowed.map((one) => new iam.PolicyStatement(one)),
      roles: [to.role],
    });
    makeOnlyIf(this.exists, policy);
  }
}
