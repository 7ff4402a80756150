import { defineGuard, withDefaults } from 'bedrock-spend-guard/config';

const everywhere = {
  region: 'us-east-1',
  owner: 'team@example.com',
  // The two share an account: each calls models through profiles of its own, by which spend is told apart. With an `account` in
  // each environment this line can go, and models are called by their own ids.
  identity: 'profile',
} as const;

export default defineGuard({
  environments: {
    dev: withDefaults({
      ...everywhere,
      monthlyLimitUsd: 50,
      models: ['amazon.nova-lite-v1:0'],
    }),
    prod: withDefaults({
      ...everywhere,
      class: 'production',
      monthlyLimitUsd: 500,
      // Gets the same mails as the owner.
      budgetOwner: 'finance@example.com',
      // Those in `large` are denied first, at 90% of the limit.
      models: { small: ['amazon.nova-lite-v1:0'], large: ['amazon.nova-pro-v1:0'] },
      // Break-glass: never stopped, and named in every report.
      neverStop: ['incident-response'],
    }),
  },
});
