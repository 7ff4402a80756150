import { Stack } from 'aws-cdk-lib';
import * as chatbot from 'aws-cdk-lib/aws-chatbot';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as sns from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { chatConfigurationName } from '../config';
import type { Channel } from '../core/channels';

export type ChatChannel = Extract<Channel, { readonly kind: 'slack' | 'teams' }>;

export interface ChatConfigurationProps {
  readonly environment: string;
  readonly region: string;
  readonly channel: ChatChannel;
  /** What Amazon Q assumes: the same for all of an environment. */
  readonly role: iam.IRole;
}

/**
 * What Amazon Q Developer in chat applications is told of one chat's channel, and the topic that it listens to. It tells, and takes no
 * commands: its role may do nothing, and neither may roles that members of the channel choose for themselves.
 */
export class ChatConfiguration extends Construct {
  readonly topic: sns.Topic;

  constructor(scope: Construct, id: string, { environment, region, channel, role }: ChatConfigurationProps) {
    super(scope, id);
    // Without a key, as the alert topic (docs/adr/0002-topics-without-a-key.md).
    this.topic = new sns.Topic(this, 'Topic', { enforceSSL: true });
    const common = {
      configurationName: chatConfigurationName(environment, region, channel.name),
      iamRoleArn: role.roleArn,
      // Absent, AdministratorAccess would be the guardrail, and members may choose roles of their own beside the channel's
      // (https://docs.aws.amazon.com/chatbot/latest/adminguide/understanding-permissions.html, read 2026-11-29).
      guardrailPolicies: [`arn:${Stack.of(this).partition}:iam::aws:policy/AWSDenyAll`],
      loggingLevel: 'NONE',
      snsTopicArns: [this.topic.topicArn],
      userRoleRequired: false,
    };
    if (channel.kind === 'slack') {
      const { workspaceId: slackWorkspaceId, channelId: slackChannelId } = channel;
      new chatbot.CfnSlackChannelConfiguration(this, 'Slack', { ...common, slackWorkspaceId, slackChannelId });
    } else {
      const { tenantId: teamsTenantId, teamId, channelId: teamsChannelId } = channel;
      new chatbot.CfnMicrosoftTeamsChannelConfiguration(this, 'Teams', {
        ...common,
        teamsTenantId,
        teamId,
        teamsChannelId,
      });
    }
  }
}

/** Chat applications themselves assume it; it has no policy and gets none. */
export function chatRole(scope: Construct): iam.Role {
  return new iam.Role(scope, 'ChatRole', {
    assumedBy: new iam.ServicePrincipal('chatbot.amazonaws.com'),
    description: "Of the spend guard's channels in chats: may do nothing, since they are told and take no commands",
  });
}
