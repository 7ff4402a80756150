import type { EnvironmentConfig, ResolvedModel } from '../../config/guard-config';
import { ASSUMED } from '../../config/meter';
import { NANO_PER_USD, percentOf, usd } from '../../core/money';
import { overshoot } from '../../core/estimates/overshoot';
import { picoUsdPerToken } from '../../core/prices';
import { ENVIRONMENT_TAG, FUNCTION_TAG } from '../../core/tags';
import type { Deploy } from '../../simulator/functions/site';
import { readGuardStack, type GuardStack } from '../../simulator/template/guard-stack';
import type { Resource, Template } from '../../simulator/template/resolver';

/** A small guard by hand: what the simulator is tested against, apart from the real stacks. */

export const IDENTITY = { stackName: 'Guard-test', region: 'us-east-1', account: '123456789012' };

export function model(id: string, tier: ResolvedModel['tier'], usdPerMillion: number): ResolvedModel {
  return {
    id,
    name: id,
    vendor: id.slice(0, id.indexOf('.')),
    tier,
    optional: false,
    route: { via: 'onDemand', modelId: id },
    price: {
      input: picoUsdPerToken(usdPerMillion),
      output: picoUsdPerToken(usdPerMillion * 4),
      cacheRead: 'unsupported',
      cacheWrite: 'unsupported',
    },
    priceSource: 'test',
    lifecycle: { status: 'active' },
    soldThroughMarketplace: false,
  };
}

export function environment(overrides: Partial<EnvironmentConfig> = {}): EnvironmentConfig {
  const limit = overrides.limit ?? usd(100);
  return {
    name: 'test',
    class: 'nonProduction',
    owner: 'owner@example.com',
    budgetOwner: 'money@example.com',
    region: 'us-east-1',
    identity: 'profile',
    metering: 'profiles',
    limit,
    budgets: [],
    channels: [],
    spenders: {},
    thresholds: [
      { atPercent: 50, effect: 'notify', basis: 'actual' },
      { atPercent: 95, effect: 'stop', basis: 'actual' },
      { atPercent: 100, effect: 'notify', basis: 'forecast' },
    ],
    stopAtPercent: 95,
    dailyLimit: percentOf(limit, 20),
    dailyLimitPercent: 20,
    hourlyBrake: percentOf(limit, 10),
    hourlyBrakePercent: 10,
    billAction: { kind: 'automatic', atPercent: 95 },
    meter: {
      enforce: true,
      onBlind: 'page',
      unknownAfterMinutes: 15,
      graceMinutes: 60,
      regions: ['us-east-1'],
      activityAlarm: true,
      stopBatchJobs: true,
      overshoot: overshoot({ models: [], limit, assumptions: ASSUMED }),
    },
    keepState: false,
    requestLimits: { perHour: 500, perDay: 5000 },
    cacheMinutes: 60,
    report: { hour: 8, minute: 0, timeZone: 'America/Sao_Paulo' },
    inPath: { mode: 'exact', defaultMaxTokens: 2_048, whenAway: { kind: 'closed' } },
    localModels: { endpoint: 'http://localhost:11434', models: [] },
    models: [model('amazon.nova-lite-v1:0', 'small', 0.06), model('amazon.nova-pro-v1:0', 'large', 0.8)],
    principals: { roles: [], users: [], groups: [], permissionSets: [] },
    neverStop: [],
    assumableBy: { principals: [] },
    provisionedConcurrency: [],
    ...overrides,
  };
}

/** A template as CDK would write it for the environment. */
export function template(config: EnvironmentConfig): Required<Pick<Template, 'Resources'>> {
  const emails = [config.owner, config.budgetOwner];
  const tags = [{ Key: ENVIRONMENT_TAG, Value: config.name }];
  const shared = config.identity === 'profile';
  const profiled = shared ? config.models : [];
  const profiles = profiled.map((one, at): [string, Resource] => [
    `Profile${at}`,
    {
      Type: 'AWS::Bedrock::ApplicationInferenceProfile',
      Properties: {
        ModelSource: {
          CopyFrom: {
            'Fn::Sub': `arn:\${AWS::Partition}:bedrock:\${AWS::Region}::foundation-model/${one.route.modelId}`,
          },
        },
        Tags: tags,
      },
    },
  ]);
  const deny = (logicalId: string): [string, Resource] => [
    logicalId,
    {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        PolicyDocument: {
          Statement: [{ Effect: 'Deny', Action: ['bedrock:Invoke*', 'bedrock:Create*'], Resource: '*' }],
        },
      },
    },
  ];
  const action = config.billAction;
  const resources: Record<string, Resource> = {
    InvokerRole: { Type: 'AWS::IAM::Role', Properties: { Tags: tags } },
    Topic: { Type: 'AWS::SNS::Topic' },
    ...Object.fromEntries(
      emails.map((Endpoint, at): [string, Resource] => [
        `Subscription${at}`,
        { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'email', Endpoint } },
      ]),
    ),
    Check: {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Environment: {
          Variables: {
            ENVIRONMENT: config.name,
            ALERT_TOPIC_ARN: { Ref: 'Topic' },
            ROLE: { 'Fn::GetAtt': ['InvokerRole', 'Arn'] },
          },
        },
        Tags: [...tags, { Key: FUNCTION_TAG, Value: 'cost-check' }],
      },
    },
    CheckAsync: {
      Type: 'AWS::Lambda::EventInvokeConfig',
      Properties: { FunctionName: { Ref: 'Check' }, MaximumRetryAttempts: 2 },
    },
    CheckSchedule: {
      Type: 'AWS::Scheduler::Schedule',
      Properties: {
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: `cron(${config.report.minute} ${config.report.hour} * * ? *)`,
        ScheduleExpressionTimezone: config.report.timeZone,
        State: 'ENABLED',
        Target: {
          Arn: { 'Fn::GetAtt': ['Check', 'Arn'] },
          Input: '{"source":"schedule","scheduledAt":"<aws.scheduler.scheduled-time>"}',
        },
      },
    },
    ...Object.fromEntries([...profiles, deny('DenyBill')]),
    Budget: {
      Type: 'AWS::Budgets::Budget',
      Properties: {
        Budget: {
          BudgetName: `guard-${config.name}`,
          BudgetType: 'COST',
          TimeUnit: 'MONTHLY',
          BudgetLimit: { Amount: config.limit / NANO_PER_USD, Unit: 'USD' },
          Metrics: ['UnblendedCost'],
          FilterExpression: {
            And: [
              shared
                ? { Tags: { Key: ENVIRONMENT_TAG, Values: [config.name], MatchOptions: ['EQUALS'] } }
                : { Dimensions: { Key: 'SERVICE', Values: ['Amazon Bedrock'], MatchOptions: ['EQUALS'] } },
              { Not: { Dimensions: { Key: 'RECORD_TYPE', Values: ['Credit', 'Refund', 'Tax'] } } },
            ],
          },
        },
        NotificationsWithSubscribers: config.thresholds.map(({ atPercent, basis }) => ({
          Notification: {
            NotificationType: basis === 'actual' ? 'ACTUAL' : 'FORECASTED',
            ComparisonOperator: 'GREATER_THAN',
            Threshold: atPercent,
            ThresholdType: 'PERCENTAGE',
          },
          Subscribers: emails.map((Address) => ({ SubscriptionType: 'EMAIL', Address })),
        })),
      },
    },
    ...(action.kind === 'none'
      ? {}
      : {
          BillAction: {
            Type: 'AWS::Budgets::BudgetsAction',
            Properties: {
              BudgetName: { Ref: 'Budget' },
              NotificationType: 'ACTUAL',
              ActionType: 'APPLY_IAM_POLICY',
              ActionThreshold: { Type: 'PERCENTAGE', Value: action.atPercent },
              ApprovalModel: action.kind === 'automatic' ? 'AUTOMATIC' : 'MANUAL',
              Definition: { IamActionDefinition: { PolicyArn: { Ref: 'DenyBill' }, Roles: [{ Ref: 'InvokerRole' }] } },
              Subscribers: [{ Type: 'EMAIL', Address: config.owner }],
            },
          },
        }),
  };
  return { Resources: resources };
}

/** Dotted paths from `Resources` on, with the value to put there; undefined removes it. */
export type Changes = Readonly<Record<string, unknown>>;

/** The environment's template, changed, as the simulator reads it. */
export function guardStack(config: EnvironmentConfig, changes: Changes = {}): GuardStack {
  const { Resources } = structuredClone(template(config));
  for (const [dotted, value] of Object.entries(changes)) {
    const path = dotted.split('.');
    const last = path.pop()!;
    const parent = path.reduce((at: unknown, key) => (at as Record<string, unknown>)[key], Resources) as Record<
      string,
      unknown
    >;
    if (value === undefined) delete parent[last];
    else parent[last] = value;
  }
  const stack = readGuardStack({ Resources }, IDENTITY);
  if (!stack) throw new Error('the template carries no environment tag');
  return stack;
}

/** A cost-check that mails once a scheduled time, and counts how often it ran. */
export function countingCostCheck(): { readonly deploy: Deploy; readonly runs: unknown[] } {
  const runs: unknown[] = [];
  const deploy: Deploy = ({ spec, mail }) => {
    const sent = new Set<string>();
    return async (event) => {
      runs.push(event);
      const { scheduledAt } = event as { scheduledAt: string };
      if (!sent.has(scheduledAt))
        mail(spec.variables['ALERT_TOPIC_ARN']!, { subject: `report ${scheduledAt}`, body: '' });
      sent.add(scheduledAt);
    };
  };
  return { deploy, runs };
}
