import { attachCustomSynthesis, Duration, Stack, TimeZone, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { ENVIRONMENT_BUDGET, keysOfBudget, keysWithin } from '../core/shared-budgets';
import { BILLING_TAG } from '../core/tags';
import { guardedUnmetered } from '../core/metering';
import type { CostCheckVariables } from '../lambda/cost-check';
import type { Alerts } from './alerts';
import type { BillAction } from './bill-action';
import type { Budget } from './budget';
import { GuardFunction } from './guard-function';
import { GuardSchedules } from './guard-schedule';
import { grantHtmlMail, reportReaders } from './html-mail';
import { chosen } from './late-values';
import {
  acknowledgeAll,
  grantMeterReads,
  leadingKeys,
  leadingKeysLike,
  meterSettingsVariables,
  type MeteredProps,
} from './meter-variables';
import { budgetVariables } from './shared-budgets';
import type { Tables } from './tables';
import { splitVariables } from './variables';

export interface CostCheckProps extends MeteredProps {
  readonly budget: Budget;
  /** @default - this environment does not carry the account-wide budget */
  readonly accountBudget?: Budget;
  /** @default - no budgets action */
  readonly billAction?: BillAction;
  readonly alerts: Alerts;
  readonly tables: Tables;
  readonly schedules: GuardSchedules;
}

/**
 * From one report to the next it is 25 hours where the clocks are set back by an hour, and 26 by the most that any zone does
 * (Antarctica/Troll, test/lambda/cost-check/on-time.test.ts): two hours more before a report is missed.
 */
const LONGEST_WAIT = Duration.hours(28);

/**
 * By then a local day has had its report, unless a deployment moved the report's time past it: this run makes up for it, and on any
 * other day finds it sent before it asks anything.
 */
const DAYS_LAST = { hour: 23, minute: 50 };

interface TimeOfDay {
  readonly hour: number;
  readonly minute: number;
}

function isBefore(one: TimeOfDay, other: TimeOfDay): boolean {
  return one.hour < other.hour || (one.hour === other.hour && one.minute < other.minute);
}

/** The daily report: the bill, the forecast, the meter held against the bill, and which of the guard's lines can see. */
export class CostCheck extends Construct {
  readonly guardFunction: GuardFunction;

  constructor(scope: Construct, id: string, props: CostCheckProps) {
    super(scope, id);
    const { environment, values, budget, accountBudget, billAction, alerts, tables } = props;
    const { account, partition } = Stack.of(this);
    const variables: CostCheckVariables = {
      ...meterSettingsVariables(props),
      ...budgetVariables(environment.budgets),
      MODEL_NAMES: JSON.stringify(
        Object.fromEntries(environment.models.map(({ route: { modelId }, name }) => [modelId, name])),
      ),
      ENFORCE: chosen(values.enforces, 'true', 'false'),
      LIMIT_NANO_USD: String(values.limit),
      THRESHOLDS: JSON.stringify(environment.thresholds),
      TAG_KEY: BILLING_TAG,
      BUDGET_NAME: budget.budgetName,
      ACCOUNT_BUDGET_NAME: accountBudget?.budgetName ?? '',
      BILL_ACTION_ID: billAction?.actionId ?? '',
      ACCOUNT_ID: account,
      ALERT_TOPIC_ARN: alerts.topic.topicArn,
      // By the topic for machines, where channels hear it: subscriptions by mail could not leave it out (see SnsMail).
      ...(environment.report.html ? { MAILED_TOPIC_ARN: alerts.budgetTopic.topicArn } : {}),
      DASHBOARD: environment.dashboard === undefined ? 'false' : 'true',
      STATE_TABLE_NAME: tables.state.tableName,
      LEASES_TABLE_NAME: tables.leases.tableName,
      REPORT_TIME_ZONE: environment.report.timeZone,
      REPORT_FROM: environment.report.html?.from,
      REPORT_TO: environment.report.html && JSON.stringify(reportReaders(environment)),
      NEVER_STOP: JSON.stringify(environment.neverStop.map(({ name }) => name)),
      GUARDED_UNMETERED: unmetered(props),
      SPENDERS_TAG: environment.spenders.principalTag,
      SPENDERS_LOG_GROUP: environment.spenders.logGroup,
    };
    this.guardFunction = new GuardFunction(this, 'Check', {
      feature: 'cost-check',
      description: `Reports what Bedrock costs in ${environment.name}, by the bill and by the meter`,
      ...splitVariables(variables),
      // Shorter than a claim on a report lives (`STALE_CLAIM_MS`).
      timeout: Duration.seconds(50),
    });
    this.guardFunction.allowOnAll(
      ['ce:GetCostAndUsage', 'ce:ListCostAllocationTags'],
      'Cost Explorer has no resources to name: its read actions take * only.',
    );
    const budgets = [budget, ...(accountBudget ? [accountBudget] : [])];
    const arnOf = ({ budgetName }: Budget) => `arn:${partition}:budgets::${account}:budget/${budgetName}`;
    this.guardFunction.allow(['budgets:ViewBudget'], budgets.map(arnOf));
    billAction?.grantRead(this.guardFunction);
    this.guardFunction.allow(
      ['sns:Publish'],
      [alerts.topic.topicArn, ...(environment.report.html ? [alerts.budgetTopic.topicArn] : [])],
    );
    grantHtmlMail(this.guardFunction, environment);
    this.guardFunction.allow(['dynamodb:UpdateItem'], [tables.state.tableArn], leadingKeys('report'));
    grantMeterReads(this.guardFunction, props);
    this.guardFunction.allow(['dynamodb:GetItem', 'dynamodb:Query'], [tables.state.tableArn], leadingKeys('meter'));
    this.guardFunction.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem'],
      [tables.state.tableArn],
      leadingKeys('calibration'),
    );
    const ofEnvironment = keysOfBudget(environment.name, ENVIRONMENT_BUDGET);
    this.guardFunction.allow(['dynamodb:GetItem'], [tables.leases.tableArn], leadingKeysLike(...ofEnvironment));
    if (environment.budgets.length > 0) {
      this.guardFunction.allow(
        ['dynamodb:BatchGetItem'],
        [tables.leases.tableArn],
        leadingKeysLike(...ofEnvironment, keysWithin(environment.name, ENVIRONMENT_BUDGET)),
      );
    }
    this.grantLog(environment.spenders.logGroup, tables);
    const { hour, minute, timeZone } = environment.report;
    props.schedules.run(this.guardFunction, {
      every: GuardSchedules.dailyAt(hour, minute, TimeZone.of(timeZone)),
      description: `The daily report of ${environment.name}`,
      maxEventAge: Duration.hours(6),
    });
    if (isBefore({ hour, minute }, DAYS_LAST)) {
      props.schedules.alsoRun(this.guardFunction, 'DaysLastSchedule', {
        every: GuardSchedules.dailyAt(DAYS_LAST.hour, DAYS_LAST.minute, TimeZone.of(timeZone)),
        description: `The daily report of ${environment.name}, on a day that has had none: the first, or one that moved its time`,
        maxEventAge: Duration.hours(6),
      });
    }
    alerts.watchRuns(this.guardFunction, { after: LONGEST_WAIT });
  }

  /** Who spent it, where a log group is named: that one is read, and what was read is kept. */
  private grantLog(logGroup: string | undefined, tables: Tables): void {
    if (logGroup === undefined) return;
    const { account, partition, region } = Stack.of(this);
    const groups = `arn:${partition}:logs:${region}:${account}:log-group:`;
    // Log groups are named in policies with and without their streams, and no document says which of them a query is asked of.
    const own = [`${groups}${logGroup}`, `${groups}${logGroup}:*`];
    this.guardFunction.allow(['logs:StartQuery'], own);
    const acknowledge = () =>
      acknowledgeAll(this.guardFunction, own.slice(1), 'The streams of the one log group that is named.');
    acknowledge();
    // Of another stack of the app, what stands in the policy is an import, which is made of the name while the app is synthesized.
    if (Token.isUnresolved(logGroup)) attachCustomSynthesis(this, { onSynthesize: acknowledge });
    const any = `${groups}*`;
    this.guardFunction.allow(['logs:GetQueryResults'], [any]);
    acknowledgeAll(
      this.guardFunction,
      [any],
      'Results are asked for by a query, and no document says which log group that is held to be of; ids of queries are told to whoever starts one.',
    );
    this.guardFunction.allowOnAll(
      ['logs:StopQuery'],
      'A query that takes too long is stopped; the action takes * only.',
    );
    this.guardFunction.allow(['dynamodb:Query', 'dynamodb:PutItem'], [tables.state.tableArn], leadingKeys('spenders'));
  }
}

/** Whom a stop reaches and the meter may not see; of names that a parameter gives, the function tells it itself. */
function unmetered({ environment, values: { names, metersAccount } }: MeteredProps): string {
  if (names === undefined) return JSON.stringify(guardedUnmetered(environment));
  const { roles, users, groups } = names;
  const all = { roles: roles.text, users: users.text, groups: groups.text };
  return chosen(metersAccount, JSON.stringify([]), JSON.stringify(all));
}
