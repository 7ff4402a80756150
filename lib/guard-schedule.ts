import { Duration, RemovalPolicy, Stack, Validations, type TimeZone } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { scheduleGroupName } from '../config';
import type { GuardFunction } from './guard-function';

export interface GuardSchedulesProps {
  /** Part of the schedule group's name. */
  readonly environment: string;
}

export interface RunProps {
  readonly every: scheduler.ScheduleExpression;
  readonly description: string;
  /** How late a run may still start; a run nobody needs any more is not made up for. @default 1 hour */
  readonly maxEventAge?: Duration;
  /** A failed run is made up for by the next one: neither retried nor buried. @default false */
  readonly nextRunRepairs?: boolean;
}

const LONGEST_LATE = Duration.hours(1);

/**
 * All schedules of an environment: one group, one role that may invoke exactly these functions, one dead-letter queue for
 * what could not be delivered or failed after its retries.
 */
export class GuardSchedules extends Construct {
  readonly deadLetters: sqs.Queue;
  /** Every schedule so far. */
  readonly schedules: scheduler.Schedule[] = [];
  private readonly group: scheduler.ScheduleGroup;
  private readonly role: iam.Role;

  constructor(scope: Construct, id: string, props: GuardSchedulesProps) {
    super(scope, id);
    this.deadLetters = new sqs.Queue(this, 'DeadLetters', {
      enforceSSL: true,
      encryption: sqs.QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.deadLetters).acknowledge({
      id: 'AwsSolutions-SQS3',
      reason: 'It is the dead-letter queue, of the schedules and the functions.',
    });
    const groupName = scheduleGroupName(props.environment);
    this.group = new scheduler.ScheduleGroup(this, 'Group', {
      scheduleGroupName: groupName,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const stack = Stack.of(this);
    this.role = new iam.Role(this, 'Role', {
      description: "Invokes the spend guard's functions on schedule",
      // Scheduler's own guidance: the source is the schedule group, https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
      assumedBy: new iam.ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': stack.account,
            'aws:SourceArn': stack.formatArn({
              service: 'scheduler',
              resource: 'schedule-group',
              resourceName: groupName,
            }),
          },
        },
      }),
    });
    this.mayBury(this.role);
  }

  /** Runs a function with `{ source: 'schedule', scheduledAt: <ISO time> }`, at least once each time. */
  run(guardFunction: GuardFunction, props: RunProps): scheduler.Schedule {
    const maxEventAge = props.maxEventAge ?? LONGEST_LATE;
    this.role.addToPolicy(
      new iam.PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: [guardFunction.function.functionArn],
      }),
    );
    // Scheduler invokes asynchronously: an error inside the function is Lambda's to retry, and its to bury.
    if (props.nextRunRepairs ?? false) guardFunction.function.configureAsyncInvoke({ retryAttempts: 0, maxEventAge });
    else this.buryFailures(guardFunction, maxEventAge);
    return this.schedule(guardFunction, 'Schedule', props);
  }

  /** A failed run of a function that is invoked asynchronously, by a schedule or by an event, is retried and then buried. */
  buryFailures({ function: invoked, role }: GuardFunction, maxEventAge: Duration): void {
    invoked.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge,
      onFailure: { bind: () => ({ destination: this.deadLetters.queueArn }) },
    });
    this.mayBury(role);
  }

  /** A further time for a function that already runs on a schedule, retried and buried as that one is. */
  alsoRun(guardFunction: GuardFunction, id: string, props: RunProps): scheduler.Schedule {
    return this.schedule(guardFunction, id, props);
  }

  private schedule(guardFunction: GuardFunction, id: string, props: RunProps): scheduler.Schedule {
    const { maxEventAge = LONGEST_LATE, nextRunRepairs = false } = props;
    const schedule = new scheduler.Schedule(guardFunction, id, {
      schedule: props.every,
      description: props.description,
      scheduleGroup: this.group,
      target: {
        bind: () => ({
          arn: guardFunction.function.functionArn,
          role: this.role,
          input: scheduler.ScheduleTargetInput.fromObject({
            source: 'schedule',
            scheduledAt: scheduler.ContextAttribute.scheduledTime,
          }),
          retryPolicy: {
            maximumRetryAttempts: nextRunRepairs ? 1 : 10,
            maximumEventAgeInSeconds: maxEventAge.toSeconds(),
          },
          deadLetterConfig: { arn: this.deadLetters.queueArn },
        }),
      },
    });
    // The role's policy must be there before Scheduler tests that it can assume and use the role. The group is named in text, and
    // deleting it deletes its schedules: it must go after them (trap 60;
    // https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteScheduleGroup.html, read 2026-11-28).
    schedule.node.addDependency(this.role, this.group);
    this.schedules.push(schedule);
    return schedule;
  }

  /** SendMessage alone: the queue's own grant adds actions that nobody here uses. */
  private mayBury(role: iam.Role): void {
    role.addToPolicy(new iam.PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.deadLetters.queueArn] }));
  }

  static dailyAt(hour: number, minute: number, timeZone: TimeZone): scheduler.ScheduleExpression {
    return scheduler.ScheduleExpression.cron({ minute: String(minute), hour: String(hour), timeZone });
  }
}
