import { Duration, Stack } from 'aws-cdk-lib';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct, type IConstruct } from 'constructs';
import { type EnvironmentConfig, isListPrice } from '../config';
import { reactionMinutes, worstCaseRate } from '../core/estimates';
import { mostACall, type PacedInput } from '../core/meter';
import type { MetricDefinition } from '../core/metrics';
import type { ModelPrice } from '../core/prices';
import { ASKED_METRICS, type SpendMeterVariables } from '../lambda/spend-meter';
import { ActivityAlarm } from './activity-alarm';
import type { Alerts } from './alerts';
import type { AutoStop } from './auto-stop';
import type { BillAction } from './bill-action';
import type { Budget } from './budget';
import type { DenyBill } from './deny-bill';
import { GuardFunction } from './guard-function';
import type { GuardSchedules } from './guard-schedule';
import type { GuardedPrincipals } from './guarded-principals';
import type { HealthCheck } from './health-check';
import { MeterBoundary } from './meter-boundary';
import {
  acknowledgeAll,
  grantMeterReads,
  leadingKeys,
  meterSettingsVariables,
  regionalArns,
  seriesAskedOf,
} from './meter-variables';
import type { InferenceProfiles } from './inference-profiles';
import { chosen, type LateValues } from './late-values';
import { budgetVariables } from './shared-budgets';
import type { Switch } from './switch';
import type { Tables } from './tables';
import { splitVariables } from './variables';
import { version } from '../package.json';

export interface SpendMeterProps {
  readonly environment: EnvironmentConfig;
  readonly values: LateValues;
  /** @default - models are called directly, in an account of their own */
  readonly profiles?: InferenceProfiles;
  readonly healthCheck: HealthCheck;
  readonly autoStop: AutoStop;
  readonly principals: GuardedPrincipals;
  readonly switch: Switch;
  readonly denyBill: DenyBill;
  readonly budget: Budget;
  /** @default - no budgets action */
  readonly billAction?: BillAction;
  readonly alerts: Alerts;
  readonly tables: Tables;
  readonly schedules: GuardSchedules;
}

/** A run of the meter that takes longer is over before the next one's claim (`CLAIM_MS`). */
const TICK_TIMEOUT = Duration.seconds(50);

/** Knows the spend within minutes, decides open, degraded or stopped, and puts that version of the switch in effect. */
export class SpendMeter extends Construct {
  readonly guardFunction: GuardFunction;
  readonly boundary: MeterBoundary;
  /** Of each full read: where nothing is used, and where every model is. */
  readonly seriesAsked: { readonly idle: number; readonly busy: number };
  /** What tells it that somebody calls a model. Absent: it asks each minute. */
  readonly activity?: ActivityAlarm;
  /** What runs it besides its schedule. */
  readonly activityRule?: IConstruct;
  /** What its own cost is reckoned from: Regions, its models' prices, and what it is paced by. */
  readonly regions: number;
  readonly prices: readonly ModelPrice[];
  readonly paced: Omit<PacedInput, 'callsPerMinute' | 'costPerCall'>;

  private readonly asked = new Set<string>();

  constructor(scope: Construct, id: string, props: SpendMeterProps) {
    super(scope, id);
    const { environment, alerts, schedules } = props;
    if (environment.meter.activityAlarm) {
      this.activity = new ActivityAlarm(this, 'Activity', { environment: environment.name });
    }
    this.seriesAsked = seriesAskedOf(props);
    this.regions = environment.meter.regions.length;
    this.prices = environment.models.map(({ price }) => price);
    this.paced = pacedBy(props);
    this.boundary = new MeterBoundary(this, 'Boundary', props);
    this.guardFunction = new GuardFunction(this, 'Meter', {
      feature: 'spend-meter',
      description: `Meters the tokens of ${environment.name} each minute, and stops it`,
      ...splitVariables(this.variables(props)),
      timeout: TICK_TIMEOUT,
      permissionsBoundary: this.boundary.policy,
    });
    props.principals.tell(this.guardFunction);
    this.allowReads(props);
    this.allowActions(props);
    schedules.run(this.guardFunction, {
      every: scheduler.ScheduleExpression.rate(Duration.minutes(1)),
      description: `The spend meter of ${environment.name}`,
      maxEventAge: Duration.minutes(1),
      nextRunRepairs: true,
    });
    if (this.activity) this.activityRule = this.activity.tell(this.guardFunction, schedules);
    alerts.watchRuns(this.guardFunction, { after: Duration.minutes(15) });
    alerts.watchFailures(this.guardFunction);
  }

  /** Sends a metric that nothing of the guard reads. */
  send({ name }: MetricDefinition): void {
    this.asked.add(name);
    this.guardFunction.tellLate(ASKED_METRICS, JSON.stringify([...this.asked]));
  }

  private variables(props: SpendMeterProps): SpendMeterVariables {
    const { environment, values, denyBill, principals, budget, billAction, alerts, tables } = props;
    const { thresholds, stopAtPercent, dailyLimitPercent, hourlyBrakePercent, meter } = environment;
    const { limit } = values;
    const { assumptions } = meter.overshoot;
    return {
      ...meterSettingsVariables(props),
      ...budgetVariables(environment.budgets),
      LINES: JSON.stringify({
        limit,
        thresholds,
        stopAtPercent,
        dailyLimitPercent,
        hourlyBrakePercent,
      }),
      TIMING: JSON.stringify({
        unknownAfterMinutes: meter.unknownAfterMinutes,
        graceMinutes: meter.graceMinutes,
        longestGenerationMinutes: assumptions.longestGenerationMinutes,
        metricDelayMinutes: assumptions.metricDelayMinutes,
        tickMinutes: assumptions.tickMinutes,
        enforcementMinutes: assumptions.enforcementMinutes,
      }),
      ACTIVITY_ALARM: this.activity?.alarm.alarmArn ?? '',
      WORST_CASE_RATE: String(worstCaseRate(meter.overshoot)),
      MOST_A_CALL: chosen(values.metersAccount, MOST_OF_ACCOUNT, String(mostACall(environment.models))),
      EXTENDED_ACCESS: JSON.stringify(extendedAccess(environment)),
      ON_BLIND: meter.onBlind,
      ENFORCE: chosen(values.enforces, 'true', 'false'),
      STOP_BATCH_JOBS: meter.stopBatchJobs ? 'true' : 'false',
      ...principals.variables,
      SWITCH_ARN: props.switch.policy.managedPolicyArn,
      DENY_BILL_ARN: denyBill.policy.managedPolicyArn,
      SWITCH_FUNCTION: props.switch.guardFunction.function.functionName,
      ACCOUNT_ID: Stack.of(this).account,
      BUDGET_NAME: budget.budgetName,
      BILL_ACTION_ID: billAction?.actionId ?? '',
      BILL_ACTION_AT_PERCENT: billAction?.atPercent ?? '',
      ALERT_TOPIC_ARN: alerts.topic.topicArn,
      DASHBOARD: environment.dashboard === undefined ? 'false' : 'true',
      STATE_TABLE_NAME: tables.state.tableName,
      LEASES_TABLE_NAME: tables.leases.tableName,
      AUTO_STOP_FUNCTION: props.autoStop.guardFunction.function.functionName,
      HUB: chosen(values.tellsHub, 'true', 'false'),
      GUARD_VERSION: version,
    };
  }

  private allowReads(props: SpendMeterProps): void {
    const { tables, billAction, denyBill } = props;
    const { guardFunction: to } = this;
    grantMeterReads(to, props);
    to.allowOnAll(['cloudwatch:ListMetrics'], 'Metrics have no resources.');
    if (this.activity) to.allow(['cloudwatch:DescribeAlarms'], [this.activity.alarm.alarmArn]);
    to.allow(['iam:ListEntitiesForPolicy'], [denyBill.policy.managedPolicyArn]);
    to.allow(['dynamodb:GetItem'], [tables.state.tableArn], leadingKeys('meter', 'calibration', 'lifecycle'));
    to.allow(['dynamodb:Query'], [tables.state.tableArn], leadingKeys('meter', 'canary'));
    billAction?.grantExecute(to);
  }

  private allowActions({ environment, tables, alerts, autoStop, switch: theSwitch }: SpendMeterProps): void {
    const { guardFunction: to } = this;
    theSwitch.grantSwitch(to);
    to.allow(['dynamodb:PutItem'], [tables.state.tableArn], leadingKeys('meter'));
    to.allow(['dynamodb:PutItem'], [tables.leases.tableArn], leadingKeys('STATUS'));
    to.allow(['sns:Publish'], [alerts.topic.topicArn]);
    to.allow(['lambda:InvokeFunction'], [autoStop.guardFunction.function.functionArn]);
    const bus = Stack.of(this).formatArn({ service: 'events', resource: 'event-bus', resourceName: 'default' });
    to.allow(['events:PutEvents'], [bus], { StringEquals: { 'events:source': 'spend-guard' } });
    if (environment.meter.stopBatchJobs) {
      to.allowOnAll(['bedrock:ListModelInvocationJobs'], 'Batch jobs are listed on * or not at all.');
      const jobs = regionalArns(this, environment.meter.regions, 'model-invocation-job/*');
      to.allow(['bedrock:StopModelInvocationJob', 'bedrock:ListTagsForResource'], jobs);
      acknowledgeAll(to, jobs, 'A job is made after the deployment: its tag or its role tells whether it is stopped.');
    }
  }
}

/** Where all of the account may count, as if it did: then it reads most. */
function pacedBy({ environment, values, healthCheck }: SpendMeterProps): SpendMeter['paced'] {
  const { limit, thresholds, stopAtPercent, dailyLimit, hourlyBrake, meter } = environment;
  const { metricDelayMinutes, longestGenerationMinutes } = meter.overshoot.assumptions;
  return {
    ...{ limit, thresholds, stopAtPercent, dailyLimit, hourlyBrake, metricDelayMinutes, longestGenerationMinutes },
    worstCaseRatePerMinute: worstCaseRate(meter.overshoot),
    mostACall: values.metersAccount === false ? mostACall(environment.models) : MOST_OF_ACCOUNT,
    delayMinutes: reactionMinutes(meter.overshoot.assumptions),
    canary: healthCheck.canaryProfile !== undefined,
  };
}

/** Where all of the account counts, so may a model that nobody has configured, and calls that the gate does not count. */
const MOST_OF_ACCOUNT = 'unknown';

/** What is known at the deployment; the health check adds what Bedrock says since. */
function extendedAccess({ models }: EnvironmentConfig) {
  const dates = models.flatMap(({ id, lifecycle }) =>
    lifecycle.status === 'legacy' && lifecycle.extendedAccessFrom ? [[id, lifecycle.extendedAccessFrom] as const] : [],
  );
  const ownPrice = models.filter((model) => !isListPrice(model)).map(({ id }) => id);
  return { from: Object.fromEntries(dates), ownPrice };
}
