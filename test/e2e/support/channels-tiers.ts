import tiers from './tiers';

/** An address that only the test knows, by its environment; others, such as `spend-guard`, need none that answers. */
const url = process.env['E2E_WEBHOOK_URL'] ?? 'https://127.0.0.1:1/webhook';

const { dev } = tiers.environments;
if (!dev) throw new Error('tiers.ts has no dev any more');

/** By an address that is verified itself. */
export const SENDER = 'spend@mail.example.org';
export const LOG_GROUP = '/bedrock/invocations';

/** An environment that tells a channel of each way of delivery, mails its report as HTML and names who spent it. */
export default {
  ...tiers,
  environments: {
    told: {
      ...dev,
      provisionedConcurrency: [],
      report: { ...dev.report, html: { from: SENDER, identity: SENDER } },
      spenders: { principalTag: 'team', invocationLogs: { logGroup: LOG_GROUP } },
      channels: {
        finance: { kind: 'slack', workspaceId: 'T0123ABCDEF', channelId: 'C0123FINANCE' },
        bot: { kind: 'slackBot', channelId: 'C0123ABCDEF', secret: 'secretsmanager:spend-guard/bot' },
        board: {
          kind: 'teams',
          tenantId: '3c7d4ec1-b1b0-4f1c-b7f5-5d0f8a0c7c3e',
          teamId: '74361522-da01-438d-9a2e-ac7918c6bb92',
          channelId: '19%3Aabc%40thread.tacv2',
        },
        flow: { kind: 'teamsWebhook', secret: 'ssm:/spend-guard/teams' },
        hook: { kind: 'slackWebhook', secret: 'ssm:/spend-guard/slack' },
        pager: { kind: 'pagerDuty', secret: 'ssm:/spend-guard/pager' },
        web: { kind: 'webhook', url, secret: 'secretsmanager:spend-guard/hook' },
      },
    },
  },
} as typeof tiers;
