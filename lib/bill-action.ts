import { CfnOutput, Fn, Stack, Validations } from 'aws-cdk-lib';
import * as budgets from 'aws-cdk-lib/aws-budgets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Budget } from './budget';
import { principalAction, type GuardedPrincipals } from './guarded-principals';
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
    const permissions = new iam.Policy(this, 'AttachDeny', {
      statements: props.principals.namedOrAnybody.map(
        ({ kind, arns }) =>
          new iam.PolicyStatement({
            actions: [principalAction('Attach', kind), principalAction('Detach', kind)],
            resources: [...arns],
            conditions: { ArnEquals: { 'iam:PolicyARN': props.denyPolicy.managedPolicyArn } },
          }),
      ),
    });
    for (const { arns, isAnybody } of props.principals.namedOrAnybody) {
      if (!isAnybody) continue;
      Validations.of(permissions).acknowledge(
        ...arns.map((arn) => ({
          id: `AwsSolutions-IAM5[Resource::${nagText(this, arn)}]`,
          reason:
            'AWS Budgets attaches and detaches deny-bill only, by condition: a policy cannot name so many people.',
        })),
      );
    }
    this.executionRole.attachInlinePolicy(permissions);

    const { roleNames, userNames, groupNames } = props.principals;
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
          roles: [...roleNames],
          ...(userNames.length > 0 ? { users: [...userNames] } : {}),
          ...(groupNames.length > 0 ? { groups: [...groupNames] } : {}),
        },
      },
      subscribers: [
        ...[...new Set(props.emails)].map((address) => ({ type: 'EMAIL', address })),
        { type: 'SNS', address: props.topic.topicArn },
      ],
    });
    action.node.addDependency(permissions, props.topic);
    this.actionId = Fn.getAtt(action.logicalId, 'ActionId').toString();
    fixLogicalId(
      new CfnOutput(this, 'Id', {
        value: this.actionId,
        description: 'The budgets action, for aws budgets describe-budget-action and execute-budget-action',
      }),
      'BillActionId',
    );
  }
}
