import { App, CfnOutput, NestedStack, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import { SpendGuard, usd } from '../../../lib/public';

/** Somebody's app, without this repository's context: a role and a user that may call models, and a guard over them. */
const app = new App();
const stack = new Stack(app, 'MyApp', { env: { region: 'us-east-1' } });
const call = new iam.PolicyStatement({
  actions: ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'],
  resources: ['*'],
});
const worker = new iam.Role(stack, 'Worker', { assumedBy: new iam.AccountRootPrincipal(), path: '/team/' });
worker.addToPolicy(call);
const bot = new iam.User(stack, 'Bot');
bot.addToPolicy(call);
const web = new iam.Role(stack, 'Web', { assumedBy: new iam.AccountRootPrincipal() });

const guard = new SpendGuard(stack, 'Guard', {
  monthlyLimit: usd(50),
  owner: 'team@example.com',
  models: ['amazon.nova-lite-v1:0'],
  principals: [worker],
});
guard.hold(bot);
guard.grantInvoke(web);
guard.metricSpend();
const outputs = {
  ModelId: guard.modelId('amazon.nova-lite-v1:0'),
  WorkerArn: worker.roleArn,
  WebArn: web.roleArn,
  BotName: bot.userName,
};
for (const [id, value] of Object.entries(outputs)) new CfnOutput(stack, id, { value });

/** Another, in a stack within a stack, over a role of the outer one. */
const outer = new Stack(app, 'Outer', { env: { region: 'us-east-1' } });
new SpendGuard(new NestedStack(outer, 'Inner'), 'Guard', {
  monthlyLimit: usd(50),
  owner: 'team@example.com',
  models: ['amazon.nova-lite-v1:0'],
  principals: [new iam.Role(outer, 'Worker', { assumedBy: new iam.AccountRootPrincipal() })],
});
app.synth();
