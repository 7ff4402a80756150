import {
  alerts,
  attachesSwitch,
  budget,
  budgetAction,
  buries,
  canary,
  concurrency,
  denyBill,
  foundationModels,
  functionOf,
  KINDS,
  leases,
  logs,
  lowering,
  profilesOf,
  profileTags,
  reached,
  scheduled,
  state,
  systemProfiles,
  theSwitch,
  withinBudget,
  type Permission,
} from './iam-permissions';
import { ACCOUNT, REGION, type StackIam } from './iam-stack';

/** Everything that a role may do, and who may assume it. What is not here is a finding. */
export interface RoleRow {
  readonly trusted: readonly string[];
  readonly may: readonly Permission[];
}

const LAMBDA = 'lambda.amazonaws.com';
const RANDOM_OF_A_SECRET = 'aB3dE6';
const ECS_TASKS = 'ecs-tasks.amazonaws.com';
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const RESERVING = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'];
const ALWAYS_KEYED = 'GetItem, PutItem and UpdateItem always name the key of their item';

/** By the name of `StackRole`. A role without a row fails its test: say here what it may do. */
export const ROLE_TABLE: Readonly<Record<string, (stack: StackIam) => RoleRow>> = {
  invoker: (stack) => ({
    trusted: [...(stack.environment.endpoint ? [ECS_TASKS] : []), stack.roleNamed('health-check').arn],
    may: [
      { actions: INVOKE, on: profilesOf(stack) },
      {
        actions: INVOKE,
        on: foundationModels(stack),
        with: { 'bedrock:InferenceProfileArn': [...profilesOf(stack), ...systemProfiles(stack)] },
      },
      leases(stack, RESERVING, `BUDGET#${stack.environment.name}#2026-11`, `RATE#${stack.environment.name}`),
      ...withinBudget(stack, RESERVING),
      leases(stack, ['dynamodb:GetItem'], 'STATUS', 'CALLER#abcdef0123'),
    ],
  }),

  'bill-action': (stack) => ({
    trusted: ['budgets.amazonaws.com'],
    may: reached(stack).map(({ kind, ...on }) => ({
      actions: [`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`],
      ...on,
      with: { 'iam:PolicyARN': [denyBill(stack)] },
    })),
  }),

  endpoint: (stack) => ({
    trusted: [ECS_TASKS],
    may: [
      logs(stack, 'EndpointLogs'),
      {
        actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
        on: [`arn:aws:ecr:${REGION}:${ACCOUNT}:repository/tools/spend-guard`],
      },
      { actions: ['ecr:GetAuthorizationToken'], on: ['*'] },
    ],
  }),

  schedules: (stack) => ({
    trusted: ['scheduler.amazonaws.com'],
    may: [{ actions: ['lambda:InvokeFunction'], on: scheduled(stack) }, buries(stack)],
  }),

  'cost-check': (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'CostCheck'),
      { actions: ['ce:GetCostAndUsage', 'ce:ListCostAllocationTags'], on: ['*'] },
      { actions: ['cloudwatch:GetMetricData', 'bedrock:ListInferenceProfiles'], on: ['*'] },
      profileTags(stack),
      { actions: ['budgets:ViewBudget'], on: stack.logicalIds('AWS::Budgets::Budget').map((id) => budget(stack, id)) },
      { actions: ['budgets:DescribeBudgetAction'], on: [budgetAction(stack)] },
      { actions: ['sns:Publish'], on: [alerts(stack)] },
      { ...state(stack, ['dynamodb:UpdateItem'], 'report'), keyless: ALWAYS_KEYED },
      state(stack, ['dynamodb:GetItem', 'dynamodb:Query'], 'meter'),
      state(stack, ['dynamodb:GetItem', 'dynamodb:PutItem'], 'calibration'),
      leases(stack, ['dynamodb:GetItem'], `BUDGET#${stack.environment.name}#2026-11`),
      ...withinBudget(stack, ['dynamodb:BatchGetItem'], `BUDGET#${stack.environment.name}#2026-11`),
      buries(stack),
    ],
  }),

  'health-check': (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'HealthCheck'),
      { actions: ['sts:AssumeRole'], on: [stack.roleNamed('invoker').arn] },
      ...reached(stack).map(({ kind, ...on }) => ({ actions: [`iam:ListAttached${kind}Policies`], ...on })),
      { actions: ['iam:ListPolicyVersions', 'iam:GetPolicyVersion'], on: [theSwitch(stack)] },
      ...reached(stack).flatMap(({ kind, ...on }) =>
        kind === 'User' ? { actions: ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'], ...on } : [],
      ),
      { actions: ['bedrock:InvokeModel'], on: [canary(stack)] },
      {
        actions: ['bedrock:InvokeModel'],
        on: [`arn:aws:bedrock:${REGION}::foundation-model/amazon.nova-lite-v1:0`],
        with: { 'bedrock:InferenceProfileArn': [canary(stack)] },
      },
      { actions: ['bedrock:GetFoundationModel'], on: foundationModels(stack).filter((arn) => arn.includes(REGION)) },
      { actions: ['sns:ListSubscriptionsByTopic', 'sns:Publish'], on: [alerts(stack)] },
      { actions: ['bedrock:GetFoundationModelAvailability'], on: ['*'] },
      { actions: ['iam:GetAccountSummary', 'servicequotas:ListServiceQuotas'], on: ['*'] },
      { ...state(stack, ['dynamodb:GetItem'], 'health', 'meter', 'lifecycle'), keyless: ALWAYS_KEYED },
      { ...state(stack, ['dynamodb:PutItem'], 'health', 'canary', 'lifecycle'), keyless: ALWAYS_KEYED },
      { actions: ['lambda:InvokeFunction'], on: [functionOf(stack, 'ReserveConcurrency')] },
      buries(stack),
    ],
  }),

  'auto-stop': (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'AutoStop'),
      ...concurrency(stack),
      ...lowering(stack),
      state(stack, ['dynamodb:GetItem', 'dynamodb:PutItem'], 'auto-stop'),
      { actions: ['sns:Publish'], on: [alerts(stack)] },
      buries(stack),
    ],
  }),

  'spend-meter': (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'SpendMeter'),
      { actions: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'], on: ['*'] },
      {
        actions: ['cloudwatch:DescribeAlarms'],
        on: [`arn:aws:cloudwatch:${REGION}:${ACCOUNT}:alarm:spend-guard-${stack.environment.name}-activity`],
      },
      { actions: ['bedrock:ListInferenceProfiles', 'bedrock:ListModelInvocationJobs'], on: ['*'] },
      profileTags(stack),
      {
        actions: ['bedrock:ListTagsForResource', 'bedrock:StopModelInvocationJob'],
        on: [`arn:aws:bedrock:${REGION}:${ACCOUNT}:model-invocation-job/abcdefgh1234`],
        wide: 'a job is made after the deployment: its tag or its role says whose it is',
      },
      {
        actions: ['iam:ListPolicyVersions', 'iam:GetPolicyVersion', 'iam:SetDefaultPolicyVersion'],
        on: [theSwitch(stack)],
      },
      { actions: ['iam:ListEntitiesForPolicy'], on: [theSwitch(stack), denyBill(stack)] },
      ...attachesSwitch(stack),
      state(stack, ['dynamodb:GetItem'], 'meter', 'calibration', 'lifecycle'),
      state(stack, ['dynamodb:Query'], 'meter', 'canary'),
      state(stack, ['dynamodb:PutItem'], 'meter'),
      {
        actions: ['dynamodb:PutItem'],
        on: [stack.arn('AWS::DynamoDB::GlobalTable', 'TablesLeases')],
        with: { 'dynamodb:LeadingKeys': ['STATUS'] },
      },
      { actions: ['budgets:ViewBudget'], on: [budget(stack, 'Budget')] },
      { actions: ['budgets:DescribeBudgetAction', 'budgets:ExecuteBudgetAction'], on: [budgetAction(stack)] },
      { actions: ['sns:Publish'], on: [alerts(stack)] },
      { actions: ['lambda:InvokeFunction'], on: [functionOf(stack, 'AutoStop'), functionOf(stack, 'SwitchDeploy')] },
      {
        actions: ['events:PutEvents'],
        on: [`arn:aws:events:${REGION}:${ACCOUNT}:event-bus/default`],
        with: { 'events:source': ['spend-guard'] },
      },
    ],
  }),

  channels: (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'Channels'),
      {
        actions: ['ssm:GetParameter'],
        on: ['slack', 'teams', 'pager'].map((one) => `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/spend-guard/${one}`),
      },
      {
        actions: ['secretsmanager:GetSecretValue'],
        on: ['bot', 'hook'].map(
          (one) => `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:spend-guard/${one}-${RANDOM_OF_A_SECRET}`,
        ),
        wide: 'six characters that Secrets Manager adds to a name are known once the secret is there: no other name fits',
      },
      {
        actions: ['sns:Publish'],
        on: [alerts(stack), ...['finance', 'team'].map((one) => stack.arn('AWS::SNS::Topic', `ChannelsChat${one}`))],
      },
      state(stack, ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'], 'channels'),
      buries(stack),
    ],
  }),

  // Amazon Q in chats tells, and does nothing.
  chat: () => ({ trusted: ['chatbot.amazonaws.com'], may: [] }),

  'reserve-concurrency': (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'ReserveConcurrency'),
      { actions: ['lambda:GetAccountSettings'], on: ['*'] },
      {
        actions: ['lambda:GetFunctionConcurrency', 'lambda:PutFunctionConcurrency'],
        on: [functionOf(stack, 'SpendMeter')],
      },
    ],
  }),

  switch: (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'SwitchDeploy'),
      {
        actions: [
          ...['iam:ListPolicyVersions', 'iam:GetPolicyVersion', 'iam:SetDefaultPolicyVersion'],
          ...['iam:CreatePolicyVersion', 'iam:DeletePolicyVersion'],
        ],
        on: [theSwitch(stack)],
      },
      { actions: ['iam:ListEntitiesForPolicy'], on: [theSwitch(stack), denyBill(stack)] },
      ...attachesSwitch(stack),
      ...KINDS.map((kind) => ({
        actions: [`iam:Detach${kind}Policy`],
        on: [`arn:aws:iam::${ACCOUNT}:${kind.toLowerCase()}/SomebodyWhomTheConfigNoLongerNames`],
        with: { 'iam:PolicyARN': [theSwitch(stack), denyBill(stack)] },
        wide: 'whom the configuration has dropped must be let go too',
      })),
      ...concurrency(stack),
      state(stack, ['dynamodb:Query', 'dynamodb:PutItem'], 'meter'),
    ],
  }),
};
