/** A channel of each kind, as a config has them. */
export const SOME_CHANNELS = {
  finance: { kind: 'slack', workspaceId: 'T0123ABCDEF', channelId: 'C0123FINANCE' },
  bot: { kind: 'slackBot', channelId: 'C0123ABCDEF', secret: 'secretsmanager:spend-guard/bot' },
  hook: { kind: 'slackWebhook', secret: 'ssm:/spend-guard/slack' },
  team: {
    kind: 'teams',
    tenantId: '3c7d4ec1-b1b0-4f1c-b7f5-5d0f8a0c7c3e',
    teamId: '74361522-da01-438d-9a2e-ac7918c6bb92',
    channelId: '19%3Aabc%40thread.tacv2',
  },
  flow: { kind: 'teamsWebhook', secret: 'ssm:/spend-guard/teams' },
  pager: { kind: 'pagerDuty', secret: 'ssm:/spend-guard/pager' },
  web: { kind: 'webhook', url: 'https://hooks.example.com/spend', secret: 'secretsmanager:spend-guard/hook' },
} as const;
