import { defineGuard, withDefaults } from 'bedrock-spend-guard/config';

export default defineGuard({
  environments: {
    trial: withDefaults({
      region: 'us-east-1',
      monthlyLimitUsd: 50,
      owner: 'team@example.com',
      models: ['amazon.nova-lite-v1:0'],
      // A job within the limit: `ask.ts` is charged to it, and refused once it is used up.
      budgets: { questions: { dailyLimitUsd: 1 } },
    }),
  },
});
