import { defineGuard } from './schema';

/**
 * What the guard enforces. This is the one file to edit: amounts are US dollars a calendar month (UTC), percentages are
 * of that environment's monthly limit. `npx cdk synth` checks it and names every mistake at once.
 */

/** Values that all environments share. An environment below may set its own instead. */
const everywhere = {
  owner: 'ti@dadosfera.ai', // who runs it: gets every alert and the daily report
  budgetOwner: 'ti@dadosfera.ai', // who answers for the money: gets the same mails; may be somebody else
  region: 'us-east-1',
  identity: 'profile', // 'profile': environments may share an account; 'direct': one account per environment

  alertAtPercent: [50, 75, 90], // mail when this much of the limit is spent
  forecastAlertAtPercent: 100, // mail when AWS expects the month to end above this
  degradeAtPercent: 90, // from here on only the small models may be called ('never' switches it off)
  stopAtPercent: 95, // from here on no model may be called until next month, or until somebody resumes
  dailyLimitPercent: 20, // stop when one day alone uses this much of the month's limit
  runawayBrakePercentPerHour: 10, // stop when one hour alone uses this much of the month's limit

  requestLimits: { perHour: 500, perDay: 5_000 },
  cacheMinutes: 60, // identical requests within this time are answered from memory
  report: { at: '08:00', timeZone: 'America/Sao_Paulo' },

  models: {
    // Each list is in order of preference. `optional`: go on without it where the account has no access.
    local: { endpoint: 'http://localhost:11434', models: ['llama-3.1-8b', 'mistral-7b'] },
    small: [{ id: 'meta.llama3-1-70b-instruct-v1:0', optional: true }, { id: 'amazon.nova-lite-v1:0' }],
    large: [{ id: 'meta.codellama-34b-instruct-v1:0' }, { id: 'amazon.nova-pro-v1:0' }],
  },

  // Stopped together with the environment's own role; people of IAM Identity Center by permissionSets: ['Developer'].
  principals: { roles: [], users: [], groups: [] },
  neverStop: [], // break-glass roles; every report shows them
  assumableBy: { principals: [] }, // who may use the environment's own role, as ARNs; or githubOidc
} as const;

export default defineGuard({
  environments: {
    dev: {
      ...everywhere,
      class: 'nonProduction',
      monthlyLimitUsd: 50,
      ownAlertAtPercent: 80,
      billAction: 'automatic', // AWS Budgets itself denies the models at the stop line
      // Synth prints what may be spent before a stop holds; where that is more than the limit, say why you accept it.
      acceptOvershoot: 'the account could use these quotas in full for minutes; dev has never used a hundredth of them',
      provisionedConcurrency: [{ functionName: 'deployer-ddf-llm-models-dev', optional: true }],
    },
    staging: {
      ...everywhere,
      class: 'nonProduction',
      monthlyLimitUsd: 100,
      ownAlertAtPercent: 75,
      billAction: 'automatic',
      provisionedConcurrency: [{ functionName: 'deployer-ddf-llm-models-staging', optional: true }],
    },
    prod: {
      ...everywhere,
      class: 'production',
      monthlyLimitUsd: 200,
      ownAlertAtPercent: 70,
      degradeAtPercent: 'never',
      billAction: 'needsApproval', // a person confirms: a bill can be wrong, and this is production
      accountWideBudgetUsd: 350, // one budget over all of Bedrock in the account, whoever used it
      provisionedConcurrency: [{ functionName: 'deployer-ddf-llm-models-prod', optional: true }],
    },
  },
});
