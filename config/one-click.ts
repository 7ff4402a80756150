import { defineGuard, type GuardInput } from './schema';

/** What everything of a guard that was made by one click is called after: an account has one. */
export const ONE_CLICK = 'account';

/** What estimates are made with, as the limit is a parameter: US dollars a month. */
const REFERENCE_LIMIT_USD = 100;

/**
 * The models with a profile of their own, which the invoker role may call; the small ones are left while degraded. Each is optional: what
 * a Region lacks is left out. The meter prices every id of the price library, whether it is here or not.
 */
const models = {
  local: { endpoint: 'http://localhost:11434', models: ['llama-3.1-8b'] },
  small: [
    { id: 'amazon.nova-micro-v1:0', optional: true },
    { id: 'amazon.nova-lite-v1:0', optional: true },
    { id: 'amazon.nova-2-lite-v1:0', optional: true },
    { id: 'anthropic.claude-haiku-4-5-20251001-v1:0', optional: true },
  ],
  large: [
    { id: 'amazon.nova-pro-v1:0', optional: true },
    { id: 'anthropic.claude-sonnet-4-6', optional: true },
  ],
} as const;

/** As they are asked for, before what a Region lacks is left out. */
export const ONE_CLICK_MODELS: readonly string[] = [...models.small, ...models.large].map(({ id }) => id);

/** What a template's parameters do not decide. Mail addresses, limit and mode stand for those that they give. */
export function oneClickGuard(region: string): GuardInput {
  return defineGuard({
    environments: {
      [ONE_CLICK]: {
        class: 'nonProduction',
        owner: 'parameter@example.com',
        budgetOwner: 'parameter@example.com',
        region,
        identity: 'profile',
        monthlyLimitUsd: REFERENCE_LIMIT_USD,
        alertAtPercent: [50, 75, 90],
        ownAlertAtPercent: 90,
        forecastAlertAtPercent: 100,
        degradeAtPercent: 90,
        stopAtPercent: 95,
        dailyLimitPercent: 20,
        runawayBrakePercentPerHour: 10,
        // A bill can be wrong, and nobody has said what runs in the account.
        billAction: 'needsApproval',
        acceptOvershoot: 'the limit is a parameter: the description of the template says what may be spent beyond it',
        requestLimits: { perHour: 500, perDay: 5_000 },
        cacheMinutes: 60,
        report: { at: '08:00', timeZone: 'UTC' },
        models,
        principals: { roles: [], users: [], groups: [] },
        neverStop: [],
        assumableBy: { principals: [] },
        provisionedConcurrency: [],
      },
    },
  });
}
