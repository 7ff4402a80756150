import type { ModelRoute } from '../../config/guard-config';
import { ACCOUNT, REGION, type StackIam } from './iam-stack';
import { SWITCH } from './switch-versions';

/** What the rows of `ROLE_TABLE` are made of. */

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
  /** Why it is allowed also where a key goes on behind one of the values. */
  readonly open?: string;
}

export const KINDS = ['Role', 'User', 'Group'] as const;
type Kind = (typeof KINDS)[number];
/** The fixtures' short lists are named, their long ones are not; the exact bound is `MOST_NAMED_CHARACTERS`'. */
const MOST_NAMED = 20;

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
export function guarded(stack: StackIam): readonly (readonly [Kind, string])[] {
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

/** The same for policies: by name, or everybody of a kind of which there are more than a policy can name. */
export function reached(stack: StackIam): readonly (Pick<Permission, 'on' | 'wide'> & { readonly kind: Kind })[] {
  return KINDS.flatMap((kind) => {
    const on = guarded(stack).flatMap(([one, arn]) => (one === kind ? arn : []));
    if (on.length === 0) return [];
    if (on.length <= MOST_NAMED) return [{ kind, on }];
    const wide = 'the configuration names more than a policy can: the action and its condition are the limit';
    return [{ kind, on: [...on.slice(0, 2), `arn:aws:iam::${ACCOUNT}:${kind.toLowerCase()}/SomebodyElse`], wide }];
  });
}

export function attachesSwitch(stack: StackIam): Permission[] {
  return reached(stack).map(({ kind, ...on }) => ({
    actions: [`iam:Attach${kind}Policy`],
    ...on,
    with: { 'iam:PolicyARN': [theSwitch(stack)] },
  }));
}

function managedFunctions(stack: StackIam): readonly string[] {
  return stack.environment.provisionedConcurrency.map(
    ({ functionName }) => `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${functionName}`,
  );
}

export function lowering(stack: StackIam): Permission[] {
  const on = managedFunctions(stack).map((arn) => `${arn}:live`);
  return [{ actions: ['lambda:DeleteProvisionedConcurrencyConfig'], on }];
}

/** What it takes to give back what was lowered, and to keep the records of it. */
export function concurrency(stack: StackIam): Permission[] {
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

export function state(stack: StackIam, actions: readonly string[], ...keys: readonly string[]): Permission {
  const on = [stack.arn('AWS::DynamoDB::GlobalTable', 'TablesState')];
  return { actions, on, with: { 'dynamodb:LeadingKeys': keys } };
}

export function leases(stack: StackIam, actions: readonly string[], ...keys: readonly string[]): Permission {
  const on = [stack.arn('AWS::DynamoDB::GlobalTable', 'TablesLeases')];
  return { actions, on, with: { 'dynamodb:LeadingKeys': keys } };
}

/** All budgets within the environment's own, where it has any. @param besides keys of other items */
export function withinBudget(
  stack: StackIam,
  actions: readonly string[],
  ...besides: readonly string[]
): readonly Permission[] {
  const { name, budgets } = stack.environment;
  if (budgets.length === 0) return [];
  const keys = budgets.map(({ path }) => `BUDGET#${name}/${path}#2026-W48`);
  const open = 'the environment has no items but these under its name and a /';
  return [{ ...leases(stack, actions, ...besides, ...keys), open }];
}

export function profileTags(stack: StackIam): Permission {
  const wide = 'only its tag says whose a profile is';
  return { actions: ['bedrock:ListTagsForResource'], on: profilesOf(stack), wide };
}

export function logs(stack: StackIam, prefix: string): Permission {
  const group = stack.arn('AWS::Logs::LogGroup', prefix);
  return { actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], on: [`${group}:log-stream:2026/11/23/[$LATEST]a1`] };
}

/** The functions that a schedule is for. */
export function scheduled(stack: StackIam): readonly string[] {
  const type = 'AWS::Scheduler::Schedule';
  return stack.logicalIds(type).map((id) => (stack.properties(type, id)['Target'] as { Arn: string }).Arn);
}

export function buries(stack: StackIam): Permission {
  return { actions: ['sqs:SendMessage'], on: [stack.arn('AWS::SQS::Queue', 'SchedulesDeadLetters')] };
}

export const functionOf = (stack: StackIam, prefix: string) => stack.arn('AWS::Lambda::Function', prefix);

export const alerts = (stack: StackIam) => stack.arn('AWS::SNS::Topic', 'AlertsTopic');

export const canary = (stack: StackIam) => stack.arn('AWS::Bedrock::ApplicationInferenceProfile', 'HealthCheckCanary');

export function budget(stack: StackIam, prefix: string): string {
  return `arn:aws:budgets::${ACCOUNT}:budget/${stack.text({ Ref: stack.only('AWS::Budgets::Budget', prefix) })}`;
}

export function budgetAction(stack: StackIam): string {
  const id = stack.only('AWS::Budgets::BudgetsAction', '');
  return `${budget(stack, 'Budget')}/action/${stack.text({ 'Fn::GetAtt': [id, 'ActionId'] })}`;
}
