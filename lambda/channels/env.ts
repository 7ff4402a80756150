import * as z from 'zod/mini';
import type { Channel } from '../../core/channels';
import { dashboard, json, parseVariables } from '../env';

const text = z.string().check(z.minLength(1));
const named = { name: text, tells: z.enum(['everything', 'urgent']) };
const secret = z.object({ service: z.enum(['ssm', 'secretsmanager']), name: text });

const channel = z.discriminatedUnion('kind', [
  z.object({ ...named, kind: z.literal('slack'), workspaceId: text, channelId: text }),
  z.object({ ...named, kind: z.literal('slackBot'), channelId: text, secret }),
  z.object({ ...named, kind: z.literal('slackWebhook'), secret }),
  z.object({ ...named, kind: z.literal('teams'), tenantId: text, teamId: text, channelId: text }),
  z.object({ ...named, kind: z.literal('teamsWebhook'), secret }),
  z.object({ ...named, kind: z.literal('pagerDuty'), secret }),
  z.object({ ...named, kind: z.literal('webhook'), url: text, secret }),
]);

const channelsEnv = z.object({
  ENVIRONMENT: text,
  /** As `channelsOf` of the config gives them: a setting, since many do not fit into variables. */
  CHANNELS: json(z.array(channel)),
  /**
   * By the name of each channel that Amazon Q Developer in chat applications serves: a topic of its own, since what is escaped, and what it
   * is told, differ by channel.
   */
  CHAT_TOPIC_ARNS: json(z.record(text, text)),
  /** Where a channel that cannot be told is mailed; never its own messages. */
  ALERT_TOPIC_ARN: text,
  STATE_TABLE_NAME: text,
  ...dashboard,
});

/** What the construct must set, by variables or by settings. */
export type ChannelsVariables = z.input<typeof channelsEnv>;
export type ChannelsEnv = Omit<z.output<typeof channelsEnv>, 'CHANNELS'> & { readonly CHANNELS: readonly Channel[] };

/** @throws GuardError ENVIRONMENT_INVALID that names everything at fault */
export function parseChannelsEnv(variables: Readonly<Record<string, string | undefined>>): ChannelsEnv {
  return parseVariables(channelsEnv, variables);
}
