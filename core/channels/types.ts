/** Where a secret is, in the guard's own account and Region. */
export interface SecretPlace {
  readonly service: 'ssm' | 'secretsmanager';
  readonly name: string;
}

/** Where people look, beside e-mail. */
export type Channel = {
  /** Of one's own, unique in an environment. */
  readonly name: string;
  /** `urgent`: what is critical or a warning. */
  readonly tells: 'everything' | 'urgent';
} & (
  | { readonly kind: 'slack'; readonly workspaceId: string; readonly channelId: string }
  | { readonly kind: 'slackBot'; readonly channelId: string; readonly secret: SecretPlace }
  | { readonly kind: 'slackWebhook'; readonly secret: SecretPlace }
  | { readonly kind: 'teams'; readonly tenantId: string; readonly teamId: string; readonly channelId: string }
  | { readonly kind: 'teamsWebhook'; readonly secret: SecretPlace }
  | { readonly kind: 'pagerDuty'; readonly secret: SecretPlace }
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: SecretPlace }
);

export type ChannelKind = Channel['kind'];

/** Those that Amazon Q Developer in chat applications serves, from a topic of their own. */
export const CHAT_KINDS: readonly ChannelKind[] = ['slack', 'teams'];
