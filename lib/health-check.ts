import { Duration, Stack, Tags } from 'aws-cdk-lib';
import * as bedrock from 'aws-cdk-lib/aws-bedrock';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { type EnvironmentConfig, type ResolvedModel, isListPrice, libraryModels, calledId } from '../config';
import { cheapestForCanary, type AssumedQuota } from '../core/health';
import { FUNCTION_TAG } from '../core/tags';
import type { HealthCheckVariables } from '../lambda/health-check';
import type { Alerts } from './alerts';
import type { DenyBill } from './deny-bill';
import { GuardFunction } from './guard-function';
import type { GuardSchedules } from './guard-schedule';
import type { GuardedPrincipals, PrincipalKind } from './guarded-principals';
import { profileName, type InferenceProfiles } from './inference-profiles';
import type { InvokerRole } from './invoker-role';
import { chosen, type LateValues } from './late-values';
import { modelArns, type ModelArns } from './model-arns';
import { nagText } from './nag-text';
import { profileIdsByKey, profileKey } from './profile-keys';
import type { ReserveConcurrency } from './reserve-concurrency';
import type { Switch } from './switch';
import type { Tables } from './tables';
import { splitVariables } from './variables';

export interface HealthCheckProps {
  readonly environment: EnvironmentConfig;
  readonly values: LateValues;
  readonly invoker: InvokerRole;
  readonly principals: GuardedPrincipals;
  readonly switch: Switch;
  readonly denyBill: DenyBill;
  readonly alerts: Alerts;
  readonly tables: Tables;
  readonly schedules: GuardSchedules;
  readonly reserveConcurrency: ReserveConcurrency;
  /** @default - the models are called directly */
  readonly profiles?: InferenceProfiles;
}

/** Whether every model can be called and everything that watches can be relied on, each hour. */
export class HealthCheck extends Construct {
  readonly guardFunction: GuardFunction;
  /** Undefined without models. */
  readonly canaryProfile: bedrock.CfnApplicationInferenceProfile | undefined;

  constructor(scope: Construct, id: string, props: HealthCheckProps) {
    super(scope, id);
    const { environment, alerts } = props;
    const canaryModel = cheapestForCanary(environment.models);
    this.canaryProfile = canaryModel && this.profileFor(environment.name, canaryModel);
    this.guardFunction = new GuardFunction(this, 'Check', {
      feature: 'health-check',
      description: `Checks models, keys, subscriptions and quotas of ${environment.name}`,
      ...splitVariables(this.variables(props, canaryModel)),
      timeout: Duration.minutes(2),
    });
    this.allowCalls(props, canaryModel);
    this.allowReads(props);
    this.allowState(props);
    this.guardFunction.allow(['lambda:InvokeFunction'], [props.reserveConcurrency.guardFunction.function.functionArn]);
    props.schedules.run(this.guardFunction, {
      every: scheduler.ScheduleExpression.rate(Duration.hours(1)),
      description: `The hourly health check of ${environment.name}`,
      maxEventAge: Duration.minutes(50),
    });
    alerts.watchRuns(this.guardFunction, { after: Duration.hours(3) });
  }

  /**
   * The canary's own profile, so that its tokens are told from everybody else's. Its pennies are the guard's own cost:
   * without the billing tag they stay out of the environment's budget, and the feature's tag says whose they are.
   */
  private profileFor(environment: string, model: ResolvedModel): bedrock.CfnApplicationInferenceProfile {
    const source = modelArns(Stack.of(this), model).callable;
    const profile = new bedrock.CfnApplicationInferenceProfile(this, 'Canary', {
      inferenceProfileName: profileName(environment, 'canary', calledId(model.route)),
      modelSource: { copyFrom: source },
    });
    Tags.of(profile).add(FUNCTION_TAG, 'health-check');
    return profile;
  }

  private variables(props: HealthCheckProps, canaryModel: ResolvedModel | undefined): HealthCheckVariables {
    const { environment, denyBill, principals, profiles } = props;
    const stack = Stack.of(this);
    const models = environment.models.map((model) => checkedFacts(model, profiles !== undefined));
    const canary = this.canaryProfile &&
      canaryModel && {
        profileArn: this.canaryProfile.attrInferenceProfileArn,
        modelId: canaryModel.id,
        price: { input: canaryModel.price.input, output: canaryModel.price.output },
      };
    return {
      ENVIRONMENT: environment.name,
      ACCOUNT_ID: stack.account,
      REGION: stack.region,
      PARTITION: stack.partition,
      INVOKER_ROLE_ARN: props.invoker.role.roleArn,
      MODELS: JSON.stringify(models),
      PROFILE_IDS: JSON.stringify(profileIdsByKey(environment.models, profiles)),
      CANARY: JSON.stringify(canary ?? null),
      ...principals.variables,
      SWITCH_ARN: props.switch.policy.managedPolicyArn,
      DENY_BILL_ARN: denyBill.policy.managedPolicyArn,
      BILL_ACTION: chosen(props.values.actsOnBill, 'true', 'false'),
      PERMISSION_SETS: JSON.stringify(environment.principals.permissionSets),
      ALERT_TOPIC_ARN: props.alerts.topic.topicArn,
      DASHBOARD: environment.dashboard === undefined ? 'false' : 'true',
      ALERT_EMAILS: JSON.stringify([...new Set([environment.owner, environment.budgetOwner])]),
      STATE_TABLE_NAME: props.tables.state.tableName,
      LOCAL_ENDPOINT: environment.localModels.endpoint,
      METER_FUNCTION: props.reserveConcurrency.meterName,
      RESERVE_CONCURRENCY_FUNCTION: props.reserveConcurrency.guardFunction.function.functionName,
      ASSUMED_QUOTAS: JSON.stringify(assumedQuotas(environment.models)),
    };
  }

  /** The models as the invoker role; as itself the canary alone, which no deny of the guard covers (trap 42). */
  private allowCalls({ invoker }: HealthCheckProps, canaryModel: ResolvedModel | undefined): void {
    invoker.grantAssume(this.guardFunction.role);
    if (!canaryModel || !this.canaryProfile) return;
    const { models, systemProfile }: ModelArns = modelArns(Stack.of(this), canaryModel);
    const profileArn = this.canaryProfile.attrInferenceProfileArn;
    this.guardFunction.allow(['bedrock:InvokeModel'], [profileArn]);
    // Documents differ on whether the key holds the profile that is called or the one it was copied from; the latter is
    // no allowed resource here, so it opens nothing by itself.
    this.guardFunction.allow(['bedrock:InvokeModel'], models, {
      StringEquals: { 'bedrock:InferenceProfileArn': [profileArn, ...(systemProfile ? [systemProfile] : [])] },
    });
    for (const arn of models.filter((one) => one.includes('*'))) {
      this.guardFunction.acknowledgeWildcard(
        `Resource::${nagText(this, arn)}`,
        "No document says where the canary's calls land: any Region, through its own profile only, by condition.",
      );
    }
  }

  private allowReads({ environment, principals, alerts, switch: theSwitch }: HealthCheckProps): void {
    const { partition, region } = Stack.of(this);
    const { guardFunction } = this;
    if (environment.models.length > 0) {
      const modelIds = new Set(environment.models.map(({ route }) => route.modelId));
      guardFunction.allow(
        ['bedrock:GetFoundationModel'],
        [...modelIds].map((id) => `arn:${partition}:bedrock:${region}::foundation-model/${id}`),
      );
    }
    principals.tell(guardFunction);
    principals.allowOnEach(({ kind, arns, isAnybody }) => {
      const reason = `Reads only: ${principals.whyAnybody}.`;
      for (const arn of isAnybody ? arns : []) {
        guardFunction.acknowledgeWildcard(`Resource::${nagText(this, arn)}`, reason);
      }
      return guardFunction.allow(LOOKS[kind], arns);
    });
    theSwitch.grantRead(guardFunction);
    const hasPermissionSets = environment.principals.permissionSets.length > 0;
    if (hasPermissionSets) guardFunction.allow(['iam:ListEntitiesForPolicy'], [theSwitch.policy.managedPolicyArn]);
    guardFunction.allow(['sns:ListSubscriptionsByTopic', 'sns:Publish'], [alerts.topic.topicArn]);
    guardFunction.allowOnAll(
      [
        'bedrock:GetFoundationModelAvailability',
        'iam:GetAccountSummary',
        // Who has a permission set is told by the names of IAM Identity Center's roles.
        ...(hasPermissionSets ? ['iam:ListRoles'] : []),
        ...(assumedQuotas(environment.models).length > 0 ? ['servicequotas:ListServiceQuotas'] : []),
      ],
      'Read actions that take no resource but *.',
    );
  }

  private allowState({ tables }: HealthCheckProps): void {
    const keys = (...names: string[]) => ({ 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': names } });
    this.guardFunction.allow(['dynamodb:GetItem'], [tables.state.tableArn], keys('health', 'lifecycle', 'meter'));
    this.guardFunction.allow(['dynamodb:PutItem'], [tables.state.tableArn], keys('health', 'canary', 'lifecycle'));
  }
}

/** Whether there is room for the switch; and of users, how old their access keys are. */
const LOOKS: Readonly<Record<PrincipalKind, readonly string[]>> = {
  role: ['iam:ListAttachedRolePolicies'],
  user: ['iam:ListAttachedUserPolicies', 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
  group: ['iam:ListAttachedGroupPolicies'],
};

/** What the configuration knows of a model; what is unknown is not shipped, and nothing is assumed for it. */
function checkedFacts(model: ResolvedModel, hasProfile: boolean) {
  const { id, tier, optional, route, lifecycle, replacement, soldThroughMarketplace } = model;
  const from = lifecycle.status === 'legacy' ? lifecycle.extendedAccessFrom : undefined;
  const profileIds = route.via === 'onDemand' ? profilesOf(route.modelId) : [];
  return {
    ...{ id, modelId: route.modelId, tier, optional, soldThroughMarketplace, ownPrice: !isListPrice(model) },
    ...(route.via === 'crossRegion' ? { systemProfile: route.profileId } : {}),
    ...(hasProfile ? { profile: profileKey(model) } : {}),
    ...(lifecycle.status === 'legacy' ? { endOfLife: lifecycle.endOfLife } : {}),
    ...(from ? { extendedAccessFrom: from } : {}),
    ...(replacement ? { replacement } : {}),
    ...(profileIds.length > 0 ? { profileIds } : {}),
  };
}

/** System-defined ones, as the price library knows them. */
function profilesOf(modelId: string): readonly string[] {
  return libraryModels.filter(({ baseId, scope }) => baseId === modelId && scope !== undefined).map(({ id }) => id);
}

/** Of the models whose quota is known, by the name that Service Quotas has for them. */
function assumedQuotas(models: readonly ResolvedModel[]): readonly AssumedQuota[] {
  return models.flatMap(({ provider, name, quota }) =>
    quota && provider ? [{ model: `${provider} ${name}`, tokensPerMinute: quota.tokensPerMinute }] : [],
  );
}
