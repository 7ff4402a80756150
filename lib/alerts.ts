import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { alarmName } from '../config';
import { ALARMS_WITHOUT_END } from '../core/channels';
import { ENVIRONMENT_DIMENSION, METRIC_NAMESPACE, metrics } from '../core/metrics';
import type { GuardFunction } from './guard-function';
import { fixLogicalId } from './logical-ids';

const FIVE_MINUTES = Duration.minutes(5);

export interface AlertsProps {
  /** An environment's name, or what stands in its place. */
  readonly environment: string;
  readonly emails: readonly string[];
}

export interface MissingRunsProps {
  /** How long without a run is too long: less than an hour in fives of minutes, else whole hours, at most a week. */
  readonly after: Duration;
}

/**
 * Who is told, and the alarms that are judged by CloudWatch, outside the functions that they watch. An alarm's name is
 * `spend-guard-<environment>-<what>`; `<what>` is its heading in docs/runbook.md.
 */
export class AlertTopic extends Construct {
  /** The guard's own alerts and alarms, with people subscribed. */
  readonly topic: sns.Topic;
  readonly alarms: cloudwatch.Alarm[] = [];
  /** The `<what>` of each. */
  readonly named: string[] = [];
  private readonly environment: string;

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id);
    const stack = Stack.of(this);
    this.environment = props.environment;
    // Not encrypted by a key: AWS's own key refuses Budgets and CloudWatch, a key of one's own is $1 a month, and the
    // messages hold sums, no prompts and no secrets (docs/adr/0002-topics-without-a-key.md).
    this.topic = new sns.Topic(this, 'Topic', { displayName: `Spend guard ${props.environment}`, enforceSSL: true });
    for (const address of new Set(props.emails)) this.topic.addSubscription(new EmailSubscription(address));

    this.topic.addToResourcePolicy(
      publishStatement('cloudwatch.amazonaws.com', this.topic, stack.account, {
        'aws:SourceArn': stack.formatArn({ service: 'cloudwatch', resource: 'alarm:spend-guard-*' }),
      }),
    );
    fixLogicalId(
      new CfnOutput(this, 'TopicArn', {
        value: this.topic.topicArn,
        description: "The guard's alerts: subscribe people here",
      }),
      'AlertTopicArn',
    );
  }

  /** No run for too long: what should run and does not leaves nothing else behind. */
  watchRuns(guardFunction: GuardFunction, { after }: MissingRunsProps): void {
    const { feature } = guardFunction;
    // A window over a day needs periods of an hour. No run at all leaves no data, so missing data is the alarm.
    const short = after.toMinutes() < 60;
    const window = short ? FIVE_MINUTES : Duration.hours(1);
    const span = short ? `${after.toMinutes()} minutes` : `${after.toHours()} hours`;
    this.alarm(`${feature}-missing-runs`, {
      metric: guardFunction.metricInvocations(window),
      description: `${feature} has not run for ${span}. After the first deploy this clears with the first run`,
      comparisonOperator: cloudwatch.ComparisonOperator.LESS_THAN_THRESHOLD,
      evaluationPeriods: after.toMinutes() / window.toMinutes(),
      treatMissingData: cloudwatch.TreatMissingData.BREACHING,
    });
  }

  /**
   * Of a function whose failed runs are not buried. Those of the others end in the dead-letter queue, whether they failed or found no
   * room within their time (https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html, read 2026-11-29).
   */
  watchFailures(guardFunction: GuardFunction): void {
    const { feature } = guardFunction;
    this.alarm(`${feature}-errors`, {
      metric: guardFunction.metricErrors(FIVE_MINUTES),
      description: `${feature} ended in an error or a time-out`,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
    this.alarm(`${feature}-throttles`, {
      metric: guardFunction.metricThrottles(FIVE_MINUTES),
      description: `Lambda had no room to run ${feature}: something else uses up the account's concurrency`,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  watchDeadLetters(queue: sqs.Queue): void {
    this.alarm('dead-letters', {
      metric: queue.metricApproximateNumberOfMessagesVisible({ period: FIVE_MINUTES, statistic: 'Maximum' }),
      description: 'A scheduled run was given up after its retries',
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /**
   * What the functions find and mail themselves, once more, judged outside them. It stands for longer than the slowest of them that finds
   * something again is apart (an hour); a report's finding comes once a day. So its end says nothing, and is not mailed: whoever found
   * something says when it is over.
   */
  watchFindings(): void {
    this.alarm('findings', {
      metric: new cloudwatch.Metric({
        namespace: METRIC_NAMESPACE,
        metricName: metrics.findings.name,
        dimensionsMap: { [ENVIRONMENT_DIMENSION]: this.environment },
        statistic: 'Maximum',
        period: FIVE_MINUTES,
      }),
      description: 'A function of the guard has found something, and mailed what: if no mail came, its log says it',
      evaluationPeriods: Duration.hours(3).toMinutes() / FIVE_MINUTES.toMinutes(),
      datapointsToAlarm: 1,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /** An alarm at one or more (or, with LESS_THAN_THRESHOLD, below one) that mails the alert topic. */
  alarm(
    what: string,
    props: {
      readonly metric: cloudwatch.IMetric;
      readonly description: string;
      readonly treatMissingData: cloudwatch.TreatMissingData;
      readonly comparisonOperator?: cloudwatch.ComparisonOperator;
      readonly evaluationPeriods?: number;
      /** @default - all of them */
      readonly datapointsToAlarm?: number;
      readonly threshold?: number;
    },
  ): cloudwatch.Alarm {
    const alarm = new cloudwatch.Alarm(this, what, {
      alarmName: alarmName(this.environment, what),
      alarmDescription: `${props.description}. Runbook: docs/runbook.md, "${what}"`,
      metric: props.metric,
      threshold: props.threshold ?? 1,
      comparisonOperator: props.comparisonOperator ?? cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: props.evaluationPeriods ?? 1,
      ...(props.datapointsToAlarm === undefined ? {} : { datapointsToAlarm: props.datapointsToAlarm }),
      treatMissingData: props.treatMissingData,
    });
    // An alarm tells of a change once: its topic must take that from the start, and to the end.
    alarm.node.addDependency(this.topic);
    alarm.addAlarmAction(new SnsAction(this.topic));
    if (!ALARMS_WITHOUT_END.includes(what)) alarm.addOkAction(new SnsAction(this.topic));
    this.alarms.push(alarm);
    this.named.push(what);
    return alarm;
  }
}

/** Those of an environment, with what AWS Budgets tells machines. */
export class Alerts extends AlertTopic {
  /** What AWS Budgets says, and what SES has mailed, for machines: people get those mails directly. */
  readonly budgetTopic: sns.Topic;

  constructor(scope: Construct, id: string, props: AlertsProps) {
    super(scope, id, props);
    const { partition, account } = Stack.of(this);
    this.budgetTopic = new sns.Topic(this, 'BudgetTopic', { enforceSSL: true });
    this.budgetTopic.addToResourcePolicy(
      publishStatement('budgets.amazonaws.com', this.budgetTopic, account, {
        'aws:SourceArn': `arn:${partition}:budgets::${account}:*`,
      }),
    );
    fixLogicalId(
      new CfnOutput(this, 'BudgetTopicArn', {
        value: this.budgetTopic.topicArn,
        description: "AWS Budgets' notifications: subscribe machines here",
      }),
      'BudgetTopicArn',
    );
  }
}

function publishStatement(
  service: string,
  topic: sns.Topic,
  account: string,
  source: Readonly<Record<string, string>>,
): iam.PolicyStatement {
  return new iam.PolicyStatement({
    actions: ['sns:Publish'],
    principals: [new iam.ServicePrincipal(service)],
    resources: [topic.topicArn],
    conditions: { StringEquals: { 'aws:SourceAccount': account }, ArnLike: source },
  });
}
