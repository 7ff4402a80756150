import { ACCOUNT, REGION, type StackIam } from './iam-stack';
import { SWITCH } from './switch-versions';
import type { ModelRoute } from '../../config/guard-config';

/** Everything that a role may do, and who may assume it. What is not here is a finding. */
export interface RoleRow {
  readonly trusted: readonly string[];
  readonly may: readonly Permission[];
}

/** Each of the actions on each of the resources, with each of the values. */
export interface Permission {
  readonly actions: readonly string[];
  /** ARNs; `*` for an action that is made on nothing in particular. */
  readonly on: readonly string[];
  /** Condition keys of the call, each with the values that are allowed; without the key, or with another value, it is not. */
  readonly with?: Readonly<Record<string, readonly string[]>>;
  /** Why it reaches beyond the environment's own resources; another account or Region it never does. */
  readonly wide?: string;
  /** Why it is allowed also where a call has no such key. */
  readonly keyless?: string;
}

const LAMBDA = 'lambda.amazonaws.com';
const INVOKE = ['bedrock:InvokeModel', 'bedrock:InvokeModelWithResponseStream'];
const KINDS = ['role', 'user', 'group'] as const;
const ALWAYS_KEYED = 'GetItem, PutItem and UpdateItem always name the key of their item';

/** By the name of `StackRole`. A role without a row fails its test: say here what it may do. */
export const ROLE_TABLE: Readonly<Record<string, (stack: StackIam) => RoleRow>> = {
  invoker: (stack) => ({
    trusted: [stack.roleNamed('health-check').arn],
    may: [
      { actions: INVOKE, on: profilesOf(stack) },
      {
        actions: INVOKE,
        on: foundationModels(stack),
        with: { 'bedrock:InferenceProfileArn': [...profilesOf(stack), ...systemProfiles(stack)] },
      },
      leases(
        stack,
        ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
        `BUDGET#${stack.environment.name}#2026-11`,
        `RATE#${stack.environment.name}`,
      ),
      leases(stack, ['dynamodb:GetItem'], 'STATUS'),
    ],
  }),

  'bill-action': (stack) => ({
    trusted: ['budgets.amazonaws.com'],
    may: guarded(stack).map(([kind, arn]) => ({
      actions: [`iam:Attach${kind}Policy`, `iam:Detach${kind}Policy`],
      on: [arn],
      with: { 'iam:PolicyARN': [denyBill(stack)] },
    })),
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
      buries(stack),
    ],
  }),

  'health-check': (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'HealthCheck'),
      { actions: ['sts:AssumeRole'], on: [stack.roleNamed('invoker').arn] },
      ...guarded(stack).map(([kind, arn]) => ({ actions: [`iam:ListAttached${kind}Policies`], on: [arn] })),
      { actions: ['iam:ListPolicyVersions', 'iam:GetPolicyVersion'], on: [theSwitch(stack)] },
      ...guarded(stack).flatMap(([kind, arn]) =>
        kind === 'User' ? { actions: ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'], on: [arn] } : [],
      ),
      { actions: ['bedrock:InvokeModel'], on: [canary(stack)] },
      {
        actions: ['bedrock:InvokeModel'],
        on: [`arn:aws:bedrock:${REGION}::foundation-model/amazon.nova-lite-v1:0`],
        with: { 'bedrock:InferenceProfileArn': [canary(stack)] },
      },
      { actions: ['bedrock:GetFoundationModel'], on: foundationModels(stack).filter((arn) => arn.includes(REGION)) },
      { actions: ['sns:ListSubscriptionsByTopic', 'sns:Publish'], on: [alerts(stack)] },
      { actions: ['bedrock:GetFoundationModelAvailability', 'ce:ListCostAllocationTags'], on: ['*'] },
      { actions: ['iam:GetAccountSummary', 'servicequotas:ListServiceQuotas'], on: ['*'] },
      { ...state(stack, ['dynamodb:GetItem'], 'health', 'meter', 'lifecycle'), keyless: ALWAYS_KEYED },
      { ...state(stack, ['dynamodb:PutItem'], 'health', 'canary', 'lifecycle'), keyless: ALWAYS_KEYED },
      buries(stack),
    ],
  }),

  'auto-stop': (stack) => ({
    trusted: [LAMBDA],
    may: [logs(stack, 'AutoStop'), ...concurrency(stack), ...lowering(stack), buries(stack)],
  }),

  'spend-meter': (stack) => ({
    trusted: [LAMBDA],
    may: [
      logs(stack, 'SpendMeter'),
      { actions: ['cloudwatch:GetMetricData', 'cloudwatch:ListMetrics'], on: ['*'] },
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
        actions: [`iam:Detach${kind[0]!.toUpperCase()}${kind.slice(1)}Policy`],
        on: [`arn:aws:iam::${ACCOUNT}:${kind}/SomebodyWhomTheConfigNoLongerNames`],
        with: { 'iam:PolicyARN': [theSwitch(stack), denyBill(stack)] },
        wide: 'whom the configuration has dropped must be let go too',
      })),
      ...concurrency(stack),
      state(stack, ['dynamodb:Query', 'dynamodb:PutItem'], 'meter'),
    ],
  }),
};

/** Its own application inference profiles, without the canary's. */
export function profilesOf(stack: StackIam): readonly string[] {
  const type = 'AWS::Bedrock::ApplicationInferenceProfile';
  return stack.logicalIds(type).flatMap((id) => (id.startsWith('Profiles') ? stack.arn(type, id) : []));
}

/** Every model of the environment in every Region where a call may land. */
export function foundationModels({ environment }: StackIam): readonly string[] {
  return environment.models.flatMap(({ route }) =>
    landingRegions(route).map((region) => `arn:aws:bedrock:${region}::foundation-model/${route.modelId}`),
  );
}

/** Where nobody knows, two that are far apart stand for all. */
export function landingRegions(route: ModelRoute): readonly string[] {
  if (route.via === 'onDemand') return [REGION];
  return route.destinationRegions === 'unknown' ? [REGION, 'ap-southeast-6'] : route.destinationRegions;
}

export function systemProfiles({ environment }: StackIam): readonly string[] {
  return environment.models.flatMap(({ route }) =>
    route.via === 'crossRegion' ? `arn:aws:bedrock:${REGION}:${ACCOUNT}:inference-profile/${route.profileId}` : [],
  );
}

export const theSwitch = (stack: StackIam) => stack.arn('AWS::IAM::ManagedPolicy', SWITCH);

export const denyBill = (stack: StackIam) => stack.arn('AWS::IAM::ManagedPolicy', 'DenyBillPolicy');

/** Whom a stop reaches: the environment's role, and whom the configuration names besides. */
export function guarded(stack: StackIam): readonly (readonly ['Role' | 'User' | 'Group', string])[] {
  const { roles, users, groups } = stack.environment.principals;
  const listed = (
    [
      ['Role', roles],
      ['User', users],
      ['Group', groups],
    ] as const
  ).flatMap(([kind, entities]) =>
    entities.map(({ name, path }) => [kind, `arn:aws:iam::${ACCOUNT}:${kind.toLowerCase()}${path}${name}`] as const),
  );
  return [['Role', stack.roleNamed('invoker').arn], ...listed];
}

function attachesSwitch(stack: StackIam): Permission[] {
  return guarded(stack).map(([kind, arn]) => ({
    actions: [`iam:Attach${kind}Policy`],
    on: [arn],
    with: { 'iam:PolicyARN': [theSwitch(stack)] },
  }));
}

function managedFunctions(stack: StackIam): readonly string[] {
  return stack.environment.provisionedConcurrency.map(
    ({ functionName }) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`,
  );
}

function lowering(stack: StackIam): Permission[] {
  const on = managedFunctions(stack).map((arn) => `${arn}:live`);
  return [{ actions: ['lambda:DeleteProvisionedConcurrencyConfig'], on }];
}

/** What it takes to give back what was lowered, and to keep the records of it. */
function concurrency(stack: StackIam): Permission[] {
  const functions = managedFunctions(stack);
  const aliases = functions.map((arn) => `${arn}:live`);
  return [
    { actions: ['lambda:ListProvisionedConcurrencyConfigs', 'lambda:GetAlias'], on: functions },
    {
      actions: ['GetFunctionConfiguration', 'GetProvisionedConcurrencyConfig', 'PutProvisionedConcurrencyConfig'].map(
        (operation) => `lambda:${operation}`,
      ),
      on: aliases,
    },
    { actions: ['application-autoscaling:DescribeScalableTargets'], on: ['*'] },
    {
      actions: ['application-autoscaling:RegisterScalableTarget'],
      on: [`arn:aws:application-autoscaling:${REGION}:${ACCOUNT}:scalable-target/0ab1c2d3`],
      with: {
        'application-autoscaling:service-namespace': ['lambda'],
        'application-autoscaling:scalable-dimension': ['lambda:function:ProvisionedConcurrency'],
      },
      wide: "a scalable target's id is opaque: the conditions keep it to provisioned concurrency",
    },
    state(stack, ['dynamodb:Query'], 'concurrency', 'session'),
    state(stack, ['dynamodb:GetItem'], 'concurrency', 'meter'),
    state(stack, ['dynamodb:PutItem'], 'concurrency'),
  ];
}

function state(stack: StackIam, actions: readonly string[], ...keys: readonly string[]): Permission {
  const on = [stack.arn('AWS::DynamoDB::GlobalTable', 'TablesState')];
  return { actions, on, with: { 'dynamodb:LeadingKeys': keys } };
}

function leases(stack: StackIam, actions: readonly string[], ...keys: readonly string[]): Permission {
  const on = [stack.arn('AWS::DynamoDB::GlobalTable', 'TablesLeases')];
  return { actions, on, with: { 'dynamodb:LeadingKeys': keys } };
}

function profileTags(stack: StackIam): Permission {
  const wide = 'only its tag says whose a profile is';
  return { actions: ['bedrock:ListTagsForResource'], on: profilesOf(stack), wide };
}

function logs(stack: StackIam, prefix: string): Permission {
  const group = stack.arn('AWS::Logs::LogGroup', prefix);
  return { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: [`${group}:log-stream:2026/11/23/[$LATEST]a1`] };
}

/** The functions that a schedule is for. */
function scheduled(stack: StackIam): readonly string[] {
  const type = 'AWS::Scheduler::Schedule';
  return stack.logicalIds(type).map((id) => (stack.properties(type, id)['Target'] as { Arn: string }).Arn);
}

function buries(stack: StackIam): Permission {
  return { actions: ['sqs:SendMessage'], on: [stack.arn('AWS::SQS::Queue', 'SchedulesDeadLetters')] };
}

const functionOf = (stack: StackIam, prefix: string) => stack.arn('AWS::Lambda::Function', prefix);

const alerts = (stack: StackIam) => stack.arn('AWS::SNS::Topic', 'AlertsTopic');

const canary = (stack: StackIam) => stack.arn('AWS::Bedrock::ApplicationInferenceProfile', 'HealthCheckCanary');

function budget(stack: StackIam, prefix: string): string {
  return `arn:aws:budgets::${ACCOUNT}:budget/${stack.text({ Ref: stack.only('AWS::Budgets::Budget', prefix) })}`;
}

function budgetAction(stack: StackIam): string {
  const id = stack.only('AWS::Budgets::BudgetsAction', '');
  return `${budget(stack, 'Budget')}/action/${stack.text({ 'Fn::GetAtt': [id, 'ActionId'] })}`;
}
