import { defineGuard, withDefaults } from 'bedrock-spend-guard/config';

// As `npx spend-guard init` writes it. What is left out has a default.
export default defineGuard({
  environments: {
    dev: withDefaults({
      region: 'us-east-1',
      // US dollars of a calendar month, UTC.
      monthlyLimitUsd: 50,
      // Gets each alert and the daily report, and confirms one subscription.
      owner: 'team@example.com',
      models: ['amazon.nova-lite-v1:0'],
    }),
  },
});
