import { App, CfnOutput, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SpendGuard, SpendGuardConfig } from 'bedrock-spend-guard';

const config = SpendGuardConfig.fromFile('spend-guard.config.ts');

const app = new App();
// The Region is the one in the config: the guard reads the metrics of where models are called.
const stack = new Stack(app, 'GuardedTypescript', { env: { region: 'us-east-1' } });

// Your application's role: of a function, of a container. Here anybody whom the account lets assume it.
const application = new iam.Role(stack, 'Application', { assumedBy: new iam.AccountRootPrincipal() });
application.addToPolicy(new iam.PolicyStatement({ actions: ['bedrock:InvokeModel*'], resources: ['*'] }));
new CfnOutput(stack, 'AppRoleArn', { value: application.roleArn });

const guard = new SpendGuard(stack, 'Guard', config.props('dev'));
// At the stop line a deny is attached to this role too. A role whose name the file knows could stand there.
guard.hold(application);
