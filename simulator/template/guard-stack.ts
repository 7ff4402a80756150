import type { Estimates } from '../../core/estimates';
import type { AlarmSettings } from '../../core/meter';
import { ENVIRONMENT_TAG, FUNCTION_TAG } from '../../core/tags';
import { readBudgets, type BudgetSpec } from './budgets';
import { readPolicies, type ManagedPolicy } from './policies';
import { Resolver, type Resource, type StackIdentity, type Template } from './resolver';
import { mergeSettings } from '../../core/settings';
import { parseSchedule, type ScheduleExpression } from './schedule-expression';
import type { SettingsOf } from './shipped-settings';

/** One environment's guard, as its synthesized template has it. */
export interface GuardStack {
  readonly environment: string;
  readonly identity: StackIdentity;
  readonly functions: readonly FunctionSpec[];
  readonly schedules: readonly ScheduleSpec[];
  readonly budgets: readonly BudgetSpec[];
  /** The alarm whose events run a function. @default - none */
  readonly activityAlarm?: ActivityAlarmSpec;
  /** Every managed policy, by ARN. */
  readonly policies: ReadonlyMap<string, ManagedPolicy>;
  /** Addresses and endpoints subscribed to each topic, by the topic's ARN. */
  readonly topics: ReadonlyMap<string, readonly Subscription[]>;
  readonly profiles: readonly ProfileSpec[];
  /** Of the guard's functions, such as the canary's: nobody else's to call, and listed with the others all the same. */
  readonly functionProfiles: readonly ProfileSpec[];
  /** Name of the role through which the environment calls models. */
  readonly invokerRole: string;
  /** What synth has estimated of it. @default - the assembly does not say */
  readonly estimates?: Estimates;
}

export interface FunctionSpec {
  readonly logicalId: string;
  readonly arn: string;
  /** The feature's folder under lambda/, by its tag; absent on functions that are not the guard's own. */
  readonly feature?: string;
  /** With what is shipped beside its code: all that the function is told. */
  readonly variables: Readonly<Record<string, string>>;
  /** Runs after a failed one, for an asynchronous invocation. Lambda's default is 2. */
  readonly retries: number;
}

export interface ScheduleSpec {
  readonly logicalId: string;
  readonly expression: ScheduleExpression;
  readonly functionArn: string;
  /** As in the template, with `<aws.scheduler.…>` still in it. */
  readonly input: string;
  readonly arn: string;
}

export interface ActivityAlarmSpec {
  readonly arn: string;
  readonly settings: AlarmSettings;
  readonly functionArn: string;
}

export interface Subscription {
  readonly protocol: string;
  readonly endpoint: string;
}

export interface ProfileSpec {
  readonly arn: string;
  /** The foundation model or system-defined profile, as an ARN. */
  readonly source: string;
  /** What separates its metrics and its bill. */
  readonly tags: Readonly<Record<string, string>>;
}

/** The fixed logical id of the role, which other tools rely on too. */
const INVOKER_ROLE = 'InvokerRole';

/**
 * Reads a stack of the guard.
 * @param settingsOf what the assembly holds beside a function's code
 * @returns undefined for a stack that carries no environment's tag
 * @throws GuardError TEMPLATE_UNSUPPORTED on what the simulator cannot play
 */
export function readGuardStack(
  template: Template,
  identity: StackIdentity,
  settingsOf: SettingsOf = () => ({}),
): GuardStack | undefined {
  const resolver = new Resolver(template, identity);
  const environments = new Set(
    Object.values(template.Resources ?? {}).flatMap((one) => tagsOf(one)[ENVIRONMENT_TAG] ?? []),
  );
  const [environment, ...others] = environments;
  if (environment === undefined) return undefined;
  if (others.length > 0)
    throw resolver.unsupported(`several environments in one stack: ${[...environments].join(', ')}`);
  if (!template.Resources?.[INVOKER_ROLE]) throw resolver.unsupported(`no resource with logical id ${INVOKER_ROLE}`);
  return {
    environment,
    identity,
    functions: readFunctions(resolver, settingsOf),
    schedules: readSchedules(resolver),
    budgets: readBudgets(resolver),
    ...readActivityAlarm(resolver),
    policies: readPolicies(resolver),
    topics: readTopics(resolver),
    profiles: readProfiles(resolver, (tags) => tags[FUNCTION_TAG] === undefined),
    functionProfiles: readProfiles(resolver, (tags) => tags[FUNCTION_TAG] !== undefined),
    invokerRole: resolver.physicalName(INVOKER_ROLE),
  };
}

/** Of types that list their tags as Key and Value. */
function tagsOf(resource: Resource): Readonly<Record<string, string>> {
  const tags = resource.Properties?.['Tags'];
  if (!Array.isArray(tags)) return {};
  return Object.fromEntries((tags as { Key: string; Value: string }[]).map(({ Key, Value }) => [Key, Value]));
}

/** Variables are resolved here and now: a reference that leads nowhere fails before the month begins. */
function readFunctions(resolver: Resolver, settingsOf: SettingsOf): FunctionSpec[] {
  const invokeConfigs = resolver.ofType('AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => ({
    functionName: resolver.text(Properties?.['FunctionName'], 'FunctionName'),
    retries: Number(Properties?.['MaximumRetryAttempts'] ?? 2),
  }));
  return resolver.ofType('AWS::Lambda::Function').map(([logicalId, resource]) => {
    const environment = resource.Properties?.['Environment'] as { Variables?: Record<string, unknown> } | undefined;
    const feature = tagsOf(resource)[FUNCTION_TAG];
    const variables = Object.entries(environment?.Variables ?? {}).map(
      ([name, value]) => [name, resolver.text(value, `${logicalId}: variable ${name}`)] as const,
    );
    const code = resource.Properties?.['Code'] as { S3Key?: unknown } | undefined;
    const settings = typeof code?.S3Key === 'string' ? settingsOf(code.S3Key) : {};
    const name = resolver.physicalName(logicalId);
    return {
      logicalId,
      arn: resolver.arn(logicalId),
      ...(feature === undefined ? {} : { feature }),
      variables: mergeSettings(Object.fromEntries(variables), settings),
      retries: invokeConfigs.find(({ functionName }) => functionName === name)?.retries ?? 2,
    };
  });
}

/** Without the disabled ones: a function that only they run counts as never run. */
function readSchedules(resolver: Resolver): ScheduleSpec[] {
  const schedules = resolver.ofType('AWS::Scheduler::Schedule').map(([logicalId, { Properties = {} }]) => {
    const zone = Properties['ScheduleExpressionTimezone'];
    const target = Properties['Target'] as Record<string, unknown> | undefined;
    const window = resolver.resolve(Properties['FlexibleTimeWindow']) as { Mode?: string } | undefined;
    if (window?.Mode !== 'OFF') throw resolver.unsupported(`${logicalId}: a FlexibleTimeWindow other than OFF`);
    if (Properties['StartDate'] ?? Properties['EndDate'])
      throw resolver.unsupported(`${logicalId}: StartDate or EndDate`);
    return {
      logicalId,
      enabled: Properties['State'] !== 'DISABLED',
      expression: parseSchedule(
        resolver.text(Properties['ScheduleExpression'], `${logicalId}: ScheduleExpression`),
        zone === undefined ? undefined : resolver.text(zone, `${logicalId}: ScheduleExpressionTimezone`),
      ),
      functionArn: resolver.text(target?.['Arn'], `${logicalId}: Target.Arn`),
      input: resolver.text(target?.['Input'] ?? '{}', `${logicalId}: Target.Input`),
      arn: `arn:aws:scheduler:${resolver.identity.region}:${resolver.identity.account}:schedule/default/${logicalId}`,
    };
  });
  return schedules.filter(({ enabled }) => enabled);
}

/** The alarm that a rule names, with the function that the rule runs. */
function readActivityAlarm(resolver: Resolver): Pick<GuardStack, 'activityAlarm'> {
  const [[ruleId, { Properties: rule = {} }] = ['', {}], ...others] = resolver.ofType('AWS::Events::Rule') as [
    string,
    Resource,
  ][];
  if (ruleId === '') return {};
  if (others.length > 0) throw resolver.unsupported('several rules of EventBridge');
  const { resources = [] } = resolver.resolve(rule['EventPattern']) as { resources?: readonly string[] };
  const targets = resolver.resolve(rule['Targets']) as readonly { Arn?: unknown }[];
  const found = resolver.ofType('AWS::CloudWatch::Alarm').find(([id]) => resources.join() === resolver.arn(id));
  const [, { Properties: alarm = {} }] = found ?? ['', {}];
  if (!found || targets.length !== 1)
    throw resolver.unsupported(`${ruleId}: a rule on anything but one alarm and function`);
  const dimensions = (resolver.resolve(alarm['Dimensions']) ?? []) as readonly { Name: string; Value: string }[];
  return {
    activityAlarm: {
      arn: resolver.arn(found[0]),
      functionArn: String(targets[0]?.Arn),
      settings: {
        namespace: String(alarm['Namespace']),
        metric: String(alarm['MetricName']),
        dimensions: Object.fromEntries(dimensions.map(({ Name, Value }) => [Name, Value])),
        statistic: String(alarm['Statistic']),
        periodSeconds: Number(alarm['Period']),
        evaluationPeriods: Number(alarm['EvaluationPeriods']),
        datapointsToAlarm: Number(alarm['DatapointsToAlarm'] ?? alarm['EvaluationPeriods']),
        comparison: String(alarm['ComparisonOperator']),
        threshold: Number(alarm['Threshold']),
        missingData: String(alarm['TreatMissingData']),
      },
    },
  };
}

/** A topic without subscriptions reaches nobody, which shows as soon as somebody is told something. */
function readTopics(resolver: Resolver): Map<string, Subscription[]> {
  const topics = new Map(
    resolver.ofType('AWS::SNS::Topic').map(([logicalId]) => [resolver.arn(logicalId), [] as Subscription[]]),
  );
  for (const [logicalId, { Properties = {} }] of resolver.ofType('AWS::SNS::Subscription')) {
    const topic = topics.get(resolver.text(Properties['TopicArn'], `${logicalId}: TopicArn`));
    if (!topic) throw resolver.unsupported(`${logicalId} subscribes to a topic outside the stack`);
    topic.push({
      protocol: resolver.text(Properties['Protocol'], `${logicalId}: Protocol`),
      endpoint: resolver.text(Properties['Endpoint'], `${logicalId}: Endpoint`),
    });
  }
  return topics;
}

function readProfiles(resolver: Resolver, wants: (tags: ProfileSpec['tags']) => boolean): ProfileSpec[] {
  return resolver
    .ofType('AWS::Bedrock::ApplicationInferenceProfile')
    .filter(([, resource]) => wants(tagsOf(resource)))
    .map(([logicalId, resource]) => {
      const source = resource.Properties?.['ModelSource'] as { CopyFrom?: unknown } | undefined;
      return {
        arn: resolver.arn(logicalId),
        source: resolver.text(source?.CopyFrom, `${logicalId}: ModelSource.CopyFrom`),
        tags: tagsOf(resource),
      };
    });
}
