import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SpendGuard, SpendGuardConfig } from 'bedrock-spend-guard';

const app = new App();
const stack = new Stack(app, 'GuardedClient', { env: { region: 'us-east-1' } });
const guard = new SpendGuard(stack, 'Guard', SpendGuardConfig.fromFile('spend-guard.config.ts').props('trial'));

// It has no permission on Bedrock: the invoker role is its only way to a model, so that no call goes past the plugin's budget
// unseen, and a stop of that one role is a stop of the application.
const application = new iam.Role(stack, 'Application', { assumedBy: new iam.AccountRootPrincipal() });
guard.grantInvoke(application);

new CfnOutput(stack, 'AppRoleArn', { value: application.roleArn });
new CfnOutput(stack, 'InvokerArn', { value: guard.invokerRole.roleArn });
