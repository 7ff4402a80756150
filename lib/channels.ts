import { ArnFormat, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import type * as dynamodb from 'aws-cdk-lib/aws-dynamodb';
import * as scheduler from 'aws-cdk-lib/aws-scheduler';
import type * as sns from 'aws-cdk-lib/aws-sns';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct, type IConstruct } from 'constructs';
import type { Channel, SecretPlace } from '../core/channels';
import type { ChannelsVariables } from '../lambda/channels';
import type { AlertTopic } from './alerts';
import { ChatConfiguration, chatRole, type ChatChannel } from './chat-configuration';
import { GuardFunction } from './guard-function';
import type { GuardSchedules } from './guard-schedule';
import { fixLogicalId } from './logical-ids';
import { leadingKeys } from './meter-variables';
import { splitVariables } from './variables';

export interface ChannelsProps {
  /** An environment's name, or what stands in its place. */
  readonly environment: string;
  readonly region: string;
  readonly channels: readonly Channel[];
  /** Whether a dashboard shows what the function counts. */
  readonly onDashboard: boolean;
  readonly alerts: AlertTopic;
  /** What tells them beside the alert topic. @default - nothing */
  readonly otherTopics?: readonly sns.Topic[];
  /** Where it is remembered what is to be told, under keys of its own. */
  readonly table: dynamodb.ITableV2;
  readonly schedules: GuardSchedules;
}

/** As long as Lambda keeps an event: what a topic has said must reach the table before it is given up. */
const EVENT_AGE = Duration.hours(6);
/** What is still to be delivered is looked for so often. */
const EVERY = Duration.minutes(5);
/** The alarm, which stands with the others. */
const MISSING_RUNS = 'channels-missing-runs';

/**
 * Tells the channels of an environment, or of an organisation's hub, what its topics say, beside those who get mails. It remembers what is
 * to be delivered, and tries again on a schedule. In a template only where there are channels.
 */
export class Channels extends Construct {
  /** Whether a part of a guard is there because of its channels, which are counted apart. */
  static has(part: IConstruct): boolean {
    return part.node.scopes.some((scope) => scope instanceof Channels || scope.node.id === MISSING_RUNS);
  }

  readonly guardFunction: GuardFunction;
  readonly channels: readonly Channel[];

  constructor(scope: Construct, id: string, props: ChannelsProps) {
    super(scope, id);
    const { environment, region, channels, alerts, otherTopics = [], table, schedules } = props;
    this.channels = channels;
    const chats = this.chatTopics(environment, region, channels);
    const variables: ChannelsVariables = {
      ENVIRONMENT: environment,
      CHANNELS: JSON.stringify(channels),
      CHAT_TOPIC_ARNS: JSON.stringify(Object.fromEntries(chats.map(([chat, { topicArn }]) => [chat, topicArn]))),
      ALERT_TOPIC_ARN: alerts.topic.topicArn,
      STATE_TABLE_NAME: table.tableName,
      DASHBOARD: props.onDashboard ? 'true' : 'false',
    };
    this.guardFunction = new GuardFunction(this, 'Tell', {
      feature: 'channels',
      description: `Tells the channels of ${environment} what its alert topic mails`,
      ...splitVariables(variables),
      timeout: Duration.seconds(60),
    });
    this.allowSecrets(channels);
    this.guardFunction.allow(['sns:Publish'], [alerts.topic.topicArn, ...chats.map(([, { topicArn }]) => topicArn)]);
    this.guardFunction.allow(
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query'],
      [table.tableArn],
      leadingKeys('channels'),
    );
    schedules.run(this.guardFunction, {
      every: scheduler.ScheduleExpression.rate(EVERY),
      description: `What the channels of ${environment} are still to be told`,
      maxEventAge: EVENT_AGE,
    });
    for (const topic of [alerts.topic, ...otherTopics]) {
      // What SNS cannot hand over, such as to a function that it may not invoke any more, it would drop.
      topic.addSubscription(
        new LambdaSubscription(this.guardFunction.function, { deadLetterQueue: schedules.deadLetters }),
      );
    }
    alerts.watchRuns(this.guardFunction, { after: Duration.minutes(30) });
  }

  /** The topic of each channel in a chat, by the channel's name. */
  private chatTopics(
    environment: string,
    region: string,
    channels: readonly Channel[],
  ): readonly (readonly [string, sns.Topic])[] {
    const inChats = channels.filter((one): one is ChatChannel => one.kind === 'slack' || one.kind === 'teams');
    if (inChats.length === 0) return [];
    const role = chatRole(this);
    return inChats.map((channel) => {
      const { topic } = new ChatConfiguration(this, `Chat-${channel.name}`, { environment, region, channel, role });
      return [channel.name, topic] as const;
    });
  }

  /** Each secret by its name: who may read one may speak in the guard's name. */
  private allowSecrets(channels: readonly Channel[]): void {
    const secrets = channels.flatMap((one) => ('secret' in one ? [one.secret] : []));
    const arnsOf = (service: SecretPlace['service']) => [
      ...new Set(secrets.filter((one) => one.service === service).map((one) => this.secretArn(one))),
    ];
    const [parameters, managed] = [arnsOf('ssm'), arnsOf('secretsmanager')];
    if (parameters.length > 0) this.guardFunction.allow(['ssm:GetParameter'], parameters);
    if (managed.length > 0) this.guardFunction.allow(['secretsmanager:GetSecretValue'], managed);
    if (secrets.length === 0) return;
    fixLogicalId(
      new CfnOutput(this, 'RoleArn', {
        value: this.guardFunction.role.roleArn,
        description: 'Reads the secrets of the channels: a key of your own that encrypts one must let it decrypt',
      }),
      'ChannelsRoleArn',
    );
  }

  private secretArn({ service, name }: SecretPlace): string {
    const stack = Stack.of(this);
    if (service === 'ssm') {
      return stack.formatArn({ service, resource: 'parameter', resourceName: name.replace(/^\//, '') });
    }
    // Secrets Manager adds a hyphen and six characters of its own to the name
    // (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_iam-permissions.html, read 2026-11-29).
    const resourceName = `${name}-??????`;
    return stack.formatArn({ service, resource: 'secret', resourceName, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
  }
}
