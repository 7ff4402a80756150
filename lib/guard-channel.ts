/** How a channel is told: docs/channels.md says what each takes. */
export enum ChannelKind {
  /** By Amazon Q Developer in chat applications: `workspaceId`, `channelId`. */
  SLACK = 'slack',
  /** By a bot of one's own, which changes what it has said: `channelId`, `secret`. */
  SLACK_BOT = 'slackBot',
  /** By an incoming webhook: `secret`. */
  SLACK_WEBHOOK = 'slackWebhook',
  /** By Amazon Q Developer in chat applications: `tenantId`, `teamId`, `channelId`. */
  TEAMS = 'teams',
  /** By a workflow that takes webhooks: `secret`. */
  TEAMS_WEBHOOK = 'teamsWebhook',
  /** Events API v2: `secret`. */
  PAGER_DUTY = 'pagerDuty',
  /** Whatever takes HTTPS, signed as Standard Webhooks have it: `url`, `secret`. */
  WEBHOOK = 'webhook',
}

/** Which messages a channel has. */
export enum ChannelTells {
  EVERYTHING = 'everything',
  /** What is critical or a warning. */
  URGENT = 'urgent',
}

/** Where people are told beside their mails. What its kind does not take is refused. */
export interface GuardChannel {
  /** Of one's own, such as `finance`: unique in a guard. */
  readonly name: string;

  readonly kind: ChannelKind;

  /**
   * Where its secret is, in the guard's own account and Region: `ssm:/spend-guard/slack` or `secretsmanager:spend-guard/slack`. Never the
   * secret itself.
   * @default - none: its kind needs none
   */
  readonly secret?: string;

  /**
   * A channel's id in Slack or Teams.
   * @default - its kind needs none
   */
  readonly channelId?: string;

  /**
   * A workspace's id in Slack.
   * @default - its kind needs none
   */
  readonly workspaceId?: string;

  /**
   * Of Teams.
   * @default - its kind needs none
   */
  readonly tenantId?: string;

  /**
   * Of Teams.
   * @default - its kind needs none
   */
  readonly teamId?: string;

  /**
   * Of HTTPS, with no secret in it.
   * @default - its kind needs none
   */
  readonly url?: string;

  /** @default - everything; a pager what is urgent */
  readonly tells?: ChannelTells;
}
