import * as z from 'zod';
import { secretIn } from './secrets';

/** The form of `secret`, for people. */
export const SECRET_PLACE =
  'where a secret is: ssm:/spend-guard/slack or secretsmanager:spend-guard/slack; never the secret itself';

/**
 * A secret that is there already, in the guard's own account and Region: its value stands in no config and no template. What it holds:
 * the URL of a webhook, a bot's token, an integration key, or what a webhook is signed with. One that was written behind the prefix, in place of a name, is told by its form.
 */
const secretName = z
  .string({ error: SECRET_PLACE })
  .regex(/^(ssm:(?=.{2,1001}$)(\/[\w.-]+)+|secretsmanager:[\w/+=.@-]{1,512})$/, {
    error: SECRET_PLACE,
    abort: true,
  })
  .refine((place) => secretIn(place) === undefined, { error: SECRET_PLACE });

/** Which notices: all, or those that somebody must act on. */
const tells = z.enum(['everything', 'urgent']).optional();

const slackChannelId = z.string().regex(/^[CG][A-Z0-9]{8,}$/, {
  error: "a channel's id in Slack such as C0123ABCDEF, from its details; not its name",
});
const uuid = z.uuid({ error: 'an id such as 3c7d4ec1-b1b0-4f1c-b7f5-5d0f8a0c7c3e' });

/** Where people look, beside their mails. */
export const channelSchema = z.discriminatedUnion('kind', [
  /** By Amazon Q Developer in chat applications, where an administrator has authorised the workspace once. No secret. */
  z.strictObject({
    kind: z.literal('slack'),
    workspaceId: z.string().regex(/^T[A-Z0-9]{8,}$/, { error: "a workspace's id in Slack such as T0123ABCDEF" }),
    channelId: slackChannelId,
    tells,
  }),
  /** By a bot of one's own, which updates what it has said. The secret holds its token, `xoxb-…`. */
  z.strictObject({ kind: z.literal('slackBot'), channelId: slackChannelId, secret: secretName, tells }),
  /** By an incoming webhook. The secret holds its URL. */
  z.strictObject({ kind: z.literal('slackWebhook'), secret: secretName, tells }),
  /** By Amazon Q Developer in chat applications, where an administrator has authorised the team once. No secret. */
  z.strictObject({
    kind: z.literal('teams'),
    tenantId: uuid,
    teamId: uuid,
    channelId: z.string().regex(/^\S{1,256}$/, {
      error: "a channel's id in Teams, from its link: 19%3A…%40thread.tacv2",
    }),
    tells,
  }),
  /** By a workflow of Teams that takes webhooks. The secret holds its URL. */
  z.strictObject({ kind: z.literal('teamsWebhook'), secret: secretName, tells }),
  /** Events API v2. The secret holds the integration key. Absent `tells`: urgent. */
  z.strictObject({ kind: z.literal('pagerDuty'), secret: secretName, tells }),
  /** Whatever takes HTTPS, signed as Standard Webhooks have it. The secret holds `whsec_…`. */
  z.strictObject({
    kind: z.literal('webhook'),
    url: z.url({ protocol: /^https$/, error: 'an address of HTTPS such as https://hooks.example.com/spend' }),
    secret: secretName,
    tells,
  }),
]);

/** By a name of one's own, which stands in commands, logs and findings. */
export const channelsSchema = z.record(
  z.string().regex(/^[a-z](-?[a-z0-9]){0,31}$/, { error: 'a name such as finance-slack' }),
  channelSchema,
);

export type ChannelInput = z.output<typeof channelSchema>;
