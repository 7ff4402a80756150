import { CfnOutput, Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { COSTLY_ACTIONS } from '../core/enforcement';
import { fixLogicalId } from './logical-ids';

/** What AWS Budgets attaches, and nobody else: one policy has one owner (trap 23). Denies all of Bedrock that costs. */
export class DenyBill extends Construct {
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // Descriptions are create-only in IAM: a changed word would replace the policy under whoever is stopped.
    const description = 'Spend guard: denies all of Bedrock that costs. Attached by AWS Budgets';
    this.policy = new iam.ManagedPolicy(this, 'Bill', {
      description,
      statements: [
        new iam.PolicyStatement({
          sid: 'DenyWhatCosts',
          effect: iam.Effect.DENY,
          actions: [...COSTLY_ACTIONS],
          resources: ['*'],
        }),
      ],
    });
    fixLogicalId(this.policy.node.defaultChild as iam.CfnManagedPolicy, 'DenyBillPolicy');
    fixLogicalId(
      new CfnOutput(this, 'BillArn', { value: this.policy.managedPolicyArn, description }),
      'DenyBillPolicyArn',
    );
    const verbs = COSTLY_ACTIONS.filter((action) => action.includes('*'));
    Validations.of(this.policy).acknowledge(
      {
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: 'A deny on every resource: that nothing escapes it is what it is for.',
      },
      ...verbs.map((action) => ({
        id: `AwsSolutions-IAM5[Action::${action}]`,
        reason: 'A deny by verb: it covers actions that AWS adds later, and fits the size of a policy.',
      })),
    );
  }
}
