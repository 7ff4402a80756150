import { CfnOutput, Lazy, Stack, Validations } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Budget } from './budget';
import { principalAction, type GuardedPrincipals, type PrincipalKind } from './guarded-principals';
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
}

/** AWS Budgets' own brake: it attaches `deny-bill` with none of the guard's code running. */
export class BillAction extends Construct {
  readonly actionId: string;
  readonly executionRole: iam.Role;

  constructor(scope: Construct, id: string, props: BillActionProps) {
    super(scope, id);
    const stack = Stack.of(this);
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
      const reason =
        'AWS Budgets attaches and detaches deny-bill only, by condition: a policy cannot name so many people.';
      Validations.of(permissions).acknowledge(
        ...(isAnybody ? arns : []).map((arn) => ({
          id: `AwsSolutions-IAM5[Resource::${nagText(this, arn)}]`,
          reason,
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
    this.actionId = action.attrActionId;
    fixLogicalId(
      new CfnOutput(this, 'Id', {
        value: this.actionId,
        description: 'The budgets action, for aws budgets describe-budget-action and execute-budget-action',
      }),
      'BillActionId',
    );
  }
}
