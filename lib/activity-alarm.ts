import { Duration } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as events from 'aws-cdk-lib/aws-events';
import * as targets from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import { alarmName } from '../config';
import { ACTIVITY_ALARM } from '../core/meter';
import type { GuardFunction } from './guard-function';
import type { GuardSchedules } from './guard-schedule';

/** Its heading in docs/runbook.md. */
const WHAT = 'activity';
/** What is not delivered by then is seen by the meter's own look, each quarter of an hour. */
const LATEST = Duration.minutes(15);

export interface ActivityAlarmProps {
  readonly environment: string;
}

/**
 * Tells the meter, within a minute of CloudWatch's knowing, that somebody calls a model. It is no trouble and mails nobody: the
 * alarm has no action, its change of state is an event on the default bus.
 */
export class ActivityAlarm extends Construct {
  readonly alarm: cloudwatch.Alarm;

  constructor(scope: Construct, id: string, { environment }: ActivityAlarmProps) {
    super(scope, id);
    const { namespace, metric, statistic, periodSeconds, threshold, evaluationPeriods, datapointsToAlarm } =
      ACTIVITY_ALARM;
    this.alarm = new cloudwatch.Alarm(this, 'Alarm', {
      alarmName: alarmName(environment, WHAT),
      alarmDescription: `Somebody calls a model: no trouble, it tells the spend meter to look. Runbook: docs/runbook.md, "${WHAT}"`,
      metric: new cloudwatch.Metric({
        namespace,
        metricName: metric,
        statistic,
        period: Duration.seconds(periodSeconds),
      }),
      comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      threshold,
      evaluationPeriods,
      datapointsToAlarm,
      treatMissingData: cloudwatch.TreatMissingData.NOT_BREACHING,
    });
  }

  /**
   * Runs a function with each event of exactly this alarm's going to ALARM. Its form:
   * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html, read 2026-11-29.
   */
  tell(guardFunction: GuardFunction, { deadLetters }: GuardSchedules): events.Rule {
    return new events.Rule(this, 'Rule', {
      description: 'Tells the spend meter that somebody calls a model',
      eventPattern: {
        source: ['aws.cloudwatch'],
        detailType: ['CloudWatch Alarm State Change'],
        resources: [this.alarm.alarmArn],
        detail: { state: { value: ['ALARM'] } },
      },
      targets: [
        new targets.LambdaFunction(guardFunction.function, {
          deadLetterQueue: deadLetters,
          maxEventAge: LATEST,
          retryAttempts: 20,
        }),
      ],
    });
  }
}
