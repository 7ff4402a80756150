import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import type { EnvironmentConfig } from '../config';
import type { ManagedFunction } from '../core/concurrency';
import type { AutoStopVariables } from '../lambda/auto-stop';
import type { Alerts } from './alerts';
import { GuardFunction } from './guard-function';
import { nagText } from './nag-text';
import type { GuardSchedules } from './guard-schedule';
import type { Tables } from './tables';

export interface AutoStopProps {
  readonly environment: EnvironmentConfig;
  readonly alerts: Alerts;
  readonly tables: Tables;
  readonly schedules: GuardSchedules;
}

/** Lowers and restores the provisioned concurrency of the functions that the environment lists. */
export class AutoStop extends Construct {
  readonly guardFunction: GuardFunction;
  private readonly managed: readonly ManagedFunction[];
  private readonly tables: Tables;

  constructor(scope: Construct, id: string, props: AutoStopProps) {
    super(scope, id);
    const { environment, alerts, tables } = props;
    const variables: AutoStopVariables = {
      ENVIRONMENT: environment.name,
      STATE_TABLE_NAME: tables.state.tableName,
      ALERT_TOPIC_ARN: alerts.topic.topicArn,
      DASHBOARD: environment.dashboard === undefined ? 'false' : 'true',
      MANAGED_FUNCTIONS: JSON.stringify(environment.provisionedConcurrency),
    };
    this.guardFunction = new GuardFunction(this, 'AutoStop', {
      feature: 'auto-stop',
      description: `Lowers and restores provisioned concurrency in ${environment.name}`,
      variables,
      // Later than a run stops beginning work (`RUN_MS`), and before its claims end (`CLAIM_MS`).
      timeout: Duration.seconds(120),
    });
    this.managed = environment.provisionedConcurrency;
    this.tables = tables;
    this.grantRestore(this.guardFunction);
    this.allowLowering(this.guardFunction);
    // What has failed run after run, and whom it was told to.
    this.guardFunction.allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [tables.state.tableArn], {
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['auto-stop'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    this.guardFunction.allow(['sns:Publish'], [alerts.topic.topicArn]);
    props.schedules.run(this.guardFunction, {
      every: scheduler.ScheduleExpression.rate(Duration.minutes(15)),
      description: `Provisioned concurrency of ${environment.name}`,
      maxEventAge: Duration.minutes(15),
    });
    alerts.watchRuns(this.guardFunction, { after: Duration.hours(2) });
  }

  /** Lets another function of the guard give back what auto-stop has lowered, and lower nothing itself. */
  grantRestore(to: GuardFunction): void {
    this.allowConcurrency(to);
    this.allowState(to);
  }

  /** By name, for these actions know no condition on tags (trap 30); nothing at all where no function is listed. */
  private allowConcurrency(to: GuardFunction): void {
    const { managed } = this;
    if (managed.length === 0) return;
    const functions = managed.map(({ functionName }) => this.lambdaArn(functionName));
    const qualified = this.qualifiedArns();
    to.allow(['lambda:ListProvisionedConcurrencyConfigs', 'lambda:GetAlias'], functions);
    // Lambda checks the qualified ARN where a qualifier is asked for, as it always is here.
    to.allow(
      [
        'lambda:GetFunctionConfiguration',
        'lambda:GetProvisionedConcurrencyConfig',
        'lambda:PutProvisionedConcurrencyConfig',
      ],
      qualified,
    );
    for (const arn of qualified.filter((one) => one.endsWith(':*'))) {
      to.acknowledgeWildcard(
        `Resource::${nagText(this, arn)}`,
        'Every alias and version of one function: its owner named the function and no qualifiers.',
      );
    }
    this.allowScaling(to);
  }

  private allowLowering(to: GuardFunction): void {
    if (this.managed.length === 0) return;
    to.allow(['lambda:DeleteProvisionedConcurrencyConfig'], this.qualifiedArns());
    if (this.managed.some(({ idleMinutes }) => idleMinutes !== undefined)) {
      to.allowOnAll(
        ['cloudwatch:GetMetricData'],
        'CloudWatch has no resources for metrics: GetMetricData is allowed on * or not at all.',
      );
    }
  }

  private qualifiedArns(): readonly string[] {
    return this.managed.flatMap(({ functionName, qualifiers = ['*'] }) =>
      qualifiers.map((qualifier) => this.lambdaArn(`${functionName}:${qualifier}`)),
    );
  }

  /** No DeregisterScalableTarget: it would delete the target's policies with it (trap 3). */
  private allowScaling(to: GuardFunction): void {
    to.allowOnAll(
      ['application-autoscaling:DescribeScalableTargets'],
      'Application Auto Scaling describes its targets on * only, and metrics have no resources.',
    );
    const targets = Stack.of(this).formatArn({
      service: 'application-autoscaling',
      resource: 'scalable-target',
      resourceName: '*',
    });
    to.allow(['application-autoscaling:RegisterScalableTarget'], [targets], {
      StringEquals: {
        'application-autoscaling:service-namespace': 'lambda',
        'application-autoscaling:scalable-dimension': 'lambda:function:ProvisionedConcurrency',
      },
    });
    to.acknowledgeWildcard(
      `Resource::${nagText(this, targets)}`,
      'The ids of scalable targets are opaque: the conditions keep it to provisioned concurrency.',
    );
  }

  private lambdaArn(resourceName: string): string {
    const arnFormat = ArnFormat.COLON_RESOURCE_NAME;
    return Stack.of(this).formatArn({ service: 'lambda', resource: 'function', resourceName, arnFormat });
  }

  private allowState(to: GuardFunction): void {
    const { state } = this.tables;
    const keys = (leading: readonly string[]) => ({
      'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': leading },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    to.allow(['dynamodb:Query'], [state.tableArn], keys(['concurrency', 'session']));
    to.allow(['dynamodb:GetItem'], [state.tableArn], keys(['concurrency', 'meter']));
    to.allow(['dynamodb:PutItem'], [state.tableArn], keys(['concurrency']));
  }
}
