import { BedrockClient, ListInferenceProfilesCommand } from '@aws-sdk/client-bedrock';
import { BudgetsClient, DescribeBudgetActionsForAccountCommand, DescribeBudgetsCommand } from '@aws-sdk/client-budgets';
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import {
  IAMClient,
  ListAttachedGroupPoliciesCommand,
  ListAttachedRolePoliciesCommand,
  ListAttachedUserPoliciesCommand,
  ListPoliciesCommand,
  ListRolesCommand,
} from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns';
import { ACCOUNT, type Emulator } from '../../../local/emulator';
import { raw, stackNames } from '../emulator/support';
import { HELD } from './tiers';

/** Names or ARNs of what an environment has left in the account, by kind; only kinds of which there is something. */
export type Remains = Readonly<Record<string, readonly string[]>>;

/** Everything whose name or ARN says that it is the environment's. */
export async function remainsOf(aws: Emulator, environment: string): Promise<Remains> {
  const own = new RegExp(`spend-?guard-(switch-)?${environment}(\\b|-)`, 'i');
  const all = { ...(await iam(aws)), ...(await services(aws)), ...(await withoutClients(aws)) };
  const found = Object.entries(all).map(([kind, names]) => [kind, names.filter((name) => own.test(name))] as const);
  return Object.fromEntries(found.filter(([, names]) => names.length > 0));
}

async function iam(aws: Emulator): Promise<Remains> {
  const client = aws.client(IAMClient);
  const { Policies = [] } = await client.send(new ListPoliciesCommand({ Scope: 'Local', MaxItems: 1000 }));
  const { Roles = [] } = await client.send(new ListRolesCommand({ MaxItems: 1000 }));
  const attached = [
    await client.send(new ListAttachedRolePoliciesCommand({ RoleName: HELD.role })),
    await client.send(new ListAttachedUserPoliciesCommand({ UserName: HELD.user })),
    await client.send(new ListAttachedGroupPoliciesCommand({ GroupName: HELD.group })),
  ].flatMap(({ AttachedPolicies = [] }) => AttachedPolicies);
  return {
    policies: Policies.map(({ PolicyName = '' }) => PolicyName),
    roles: Roles.map(({ RoleName = '' }) => RoleName),
    attachments: attached.map(({ PolicyArn = '' }) => PolicyArn),
  };
}

async function services(aws: Emulator): Promise<Remains> {
  const { Functions = [] } = await aws.client(LambdaClient).send(new ListFunctionsCommand({ MaxItems: 1000 }));
  const { TableNames = [] } = await aws.client(DynamoDBClient).send(new ListTablesCommand({}));
  const sns = aws.client(SNSClient);
  const { Topics = [] } = await sns.send(new ListTopicsCommand({}));
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsCommand({}));
  const cloudwatch = aws.client(CloudWatchClient);
  const { MetricAlarms = [] } = await cloudwatch.send(new DescribeAlarmsCommand({ MaxRecords: 100 }));
  const { inferenceProfileSummaries = [] } = await aws
    .client(BedrockClient)
    .send(new ListInferenceProfilesCommand({ typeEquals: 'APPLICATION', maxResults: 1000 }));
  const budgets = aws.client(BudgetsClient);
  const { Budgets = [] } = await budgets.send(new DescribeBudgetsCommand({ AccountId: ACCOUNT }));
  const { Actions = [] } = await budgets.send(new DescribeBudgetActionsForAccountCommand({ AccountId: ACCOUNT }));
  return {
    functions: Functions.map(({ FunctionName = '' }) => FunctionName),
    tables: TableNames,
    topics: Topics.map(({ TopicArn = '' }) => TopicArn),
    subscriptions: Subscriptions.map(({ TopicArn = '' }) => TopicArn),
    alarms: MetricAlarms.map(({ AlarmName = '' }) => AlarmName),
    profiles: inferenceProfileSummaries.map(({ inferenceProfileName = '' }) => inferenceProfileName),
    budgets: Budgets.map(({ BudgetName = '' }) => BudgetName),
    budgetActions: Actions.map(({ BudgetName = '' }) => BudgetName),
  };
}

/** Services for which the project has no client: by their wire formats. */
async function withoutClients(aws: Emulator): Promise<Remains> {
  const schedules = await raw(aws, 'scheduler', { method: 'GET', path: '/schedules' });
  const groups = await raw(aws, 'scheduler', { method: 'GET', path: '/schedule-groups' });
  const json = (target: string, version: string) => ({
    method: 'POST',
    path: '/',
    headers: { 'x-amz-target': target, 'content-type': `application/x-amz-json-${version}` },
    body: '{}',
  });
  const logs = await raw(aws, 'logs', json('Logs_20140328.DescribeLogGroups', '1.1'));
  // The emulator leaves out a time that the SDK insists on.
  const dashboards = await raw(aws, 'monitoring', json('GraniteServiceVersion20100801.ListDashboards', '1.0'));
  const queues = await raw(aws, 'sqs', json('AmazonSQS.ListQueues', '1.0'));
  return {
    stacks: await stackNames(aws),
    schedules: listed(schedules.text, 'Schedules', 'Arn'),
    scheduleGroups: listed(groups.text, 'ScheduleGroups', 'Name'),
    logGroups: listed(logs.text, 'logGroups', 'logGroupName'),
    dashboards: listed(dashboards.text, 'DashboardEntries', 'DashboardName'),
    queues: listed(queues.text, 'QueueUrls'),
  };
}

/** @throws Error where the answer is not of that kind: nothing found would look like nothing left */
function listed(text: string, key: string, name?: string): readonly string[] {
  const found = (JSON.parse(text) as Record<string, unknown>)[key];
  if (!Array.isArray(found)) throw new Error(`no ${key} in ${text}`);
  return (found as (string | Record<string, string>)[]).map((one) =>
    typeof one === 'string' ? one : (one[name ?? ''] ?? ''),
  );
}
