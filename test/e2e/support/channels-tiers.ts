import tiers from './tiers';

/** An address that only the test knows, by its environment; others, such as `spend-guard`, need none that answers. */
const url = process.env['E2E_WEBHOOK_URL'] ?? 'https://127.0.0.1:1/webhook';

const { dev } = tiers.environments;
if (!dev) throw new Error('tiers.ts has no dev any more');

/** An environment that tells a channel of each way of delivery. */
export default {
  ...tiers,
  environments: {
    told: {
      ...dev,
      provisionedConcurrency: [],
      channels: {
        finance: { kind: 'slack', workspaceId: 'T0123ABCDEF', channelId: 'C0123FINANCE' },
        bot: { kind: 'slackBot', channelId: 'C0123ABCDEF', secret: 'secretsmanager:spend-guard/bot' },
        hook: { kind: 'slackWebhook', secret: 'ssm:/spend-guard/slack' },
        pager: { kind: 'pagerDuty', secret: 'ssm:/spend-guard/pager' },
        web: { kind: 'webhook', url, secret: 'secretsmanager:spend-guard/hook' },
      },
    },
  },
} as typeof tiers;
