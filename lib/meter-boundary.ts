import { Validations } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DenyBill } from './deny-bill';
import type { Switch } from './switch';

export interface MeterBoundaryProps {
  readonly switch: Switch;
  readonly denyBill: DenyBill;
}

/** What of IAM the meter does to others, the switch being the only policy: it can make anybody stop, and nobody an administrator. */
const ATTACH = ['Role', 'User', 'Group'].map((kind) => `iam:Attach${kind}Policy`);
/** And to the switch itself; it writes no version and takes it off nobody. */
const SWITCH = ['iam:ListPolicyVersions', 'iam:GetPolicyVersion', 'iam:SetDefaultPolicyVersion'];

/** Services that the meter uses besides IAM; its own policy names the actions and resources. */
const USED = [
  ...['cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'],
  ...['bedrock:ListInferenceProfiles', 'bedrock:ListTagsForResource', 'bedrock:ListModelInvocationJobs'],
  'bedrock:StopModelInvocationJob',
  ...['budgets:ViewBudget', 'budgets:DescribeBudgetAction', 'budgets:ExecuteBudgetAction'],
  ...['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
  ...['events:PutEvents', 'lambda:InvokeFunction', 'sns:Publish'],
  ...['logs:CreateLogStream', 'logs:PutLogEvents'],
];

/**
 * The most that the one attaching role can ever do, whatever is attached to it later: in IAM the switch and nothing
 * else, so that whoever gets hold of it cannot make anybody an administrator; to stop people and to let them go is what it is for.
 */
export class MeterBoundary extends Construct {
  readonly policy: iam.ManagedPolicy;

  constructor(scope: Construct, id: string, { switch: theSwitch, denyBill }: MeterBoundaryProps) {
    super(scope, id);
    const arn = theSwitch.policy.managedPolicyArn;
    this.policy = new iam.ManagedPolicy(this, 'Policy', {
      description: "Spend guard: the most that the meter's role can ever do",
      statements: [
        new iam.PolicyStatement({ actions: USED, resources: ['*'] }),
        new iam.PolicyStatement({
          actions: ATTACH,
          resources: ['*'],
          conditions: { ArnEquals: { 'iam:PolicyARN': [arn] } },
        }),
        new iam.PolicyStatement({ actions: SWITCH, resources: [arn] }),
        new iam.PolicyStatement({
          actions: ['iam:ListEntitiesForPolicy'],
          resources: [arn, denyBill.policy.managedPolicyArn],
        }),
      ],
    });
    Validations.of(this.policy).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: "A boundary grants nothing: it is the outer limit, and the role's own policy names the resources.",
    });
  }
}
