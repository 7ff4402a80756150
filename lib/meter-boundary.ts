import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DenyPolicies } from './deny-policies';

export interface MeterBoundaryProps {
  readonly denyPolicies: DenyPolicies;
}

/** What of IAM the meter needs at all; the boundary lets through nothing else of it. */
const ATTACHMENTS = ['Role', 'User', 'Group'].flatMap((kind) => [`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`]);

/** Services that the meter uses besides IAM; its own policy names the actions and resources. */
const USED = [
  ...['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'],
  ...['bedrock:ListInferenceProfiles', 'bedrock:ListTagsForResource', 'bedrock:ListModelInvocationJobs'],
  'bedrock:StopModelInvocationJob',
  ...['budgets:ViewBudget', 'budgets:DescribeBudgetAction', 'budgets:ExecuteBudgetAction'],
  ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
  ...['events:PutEvents', 'lambda:InvokeFunction', 'sns:Publish'],
  ...['logs:CreateLogStream', 'logs:PutLogEvents'],
];

/**
 * The most that the one attaching role can ever do, whatever is attached to it later: in IAM the meter's own two deny policies
 * and nothing else, so that whoever gets hold of it cannot make anybody an administrator.
 */
export class MeterBoundary extends Construct {
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, { denyPolicies }: MeterBoundaryProps) {
    super(scope, id);
    const policies = [denyPolicies.meter, denyPolicies.large].map((policy) => policy.managedPolicyArn);
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      description: "Spend guard: the most that the meter's role can ever do",
      statements: [
        new iam.PolicyStatement({ actions: USED, resources: ['*'] }),
        new iam.PolicyStatement({
          actions: ATTACHMENTS,
          resources: ['*'],
          conditions: { ArnEquals: { 'iam:PolicyARN': policies } },
        }),
        new iam.PolicyStatement({ actions: ['iam:ListEntitiesForPolicy'], resources: policies }),
      ],
    });
    Validations.of(this.policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: "A boundary grants nothing: it is the outer limit, and the role's own policy names the resources.",
    });
  }
}
