import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as subscriptions from 'aws-cdk-lib/aws-sns-subscriptions';
import { SpendGuard, usd } from 'bedrock-spend-guard';

const app = new App();
const stack = new Stack(app, 'GuardedEsm', { env: { region: 'us-east-1' } });

// Your application's role: of a function, of a container. Here anybody whom the account lets assume it.
const application = new iam.Role(stack, 'Application', { assumedBy: new iam.AccountRootPrincipal() });
application.addToPolicy(new iam.PolicyStatement({ actions: ['bedrock:InvokeModel*'], resources: ['*'] }));
new CfnOutput(stack, 'AppRoleArn', { value: application.roleArn });

const guard = new SpendGuard(stack, 'Guard', {
  monthlyLimit: usd(50),
  owner: 'team@example.com',
  models: ['amazon.nova-lite-v1:0'],
  principals: [application],
  // The name for `npx spend-guard status --env team-a`, and in the names of the guard's resources.
  environmentName: 'team-a',
});

// The guard's own alerts go to `owner`; whoever is on call hears of them too.
guard.alertTopic.addSubscription(new subscriptions.EmailSubscription('on-call@example.com'));

// The month so far is a metric like any other: here in a dashboard of yours. It costs $0.30 a month past the account's tenth.
new cloudwatch.Dashboard(stack, 'Dashboard', {
  widgets: [[new cloudwatch.SingleValueWidget({ title: 'Spent on Bedrock, $', metrics: [guard.metricSpend()] })]],
});
