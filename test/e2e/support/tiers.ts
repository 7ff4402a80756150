import shipped from '../../../config/budget-tiers';
import { ACCOUNT } from '../../../local/emulator';

/** This file, as it is named on a command line. */
export const CONFIG = 'test/e2e/support/tiers.ts';

export const OWNER = 'owner@example.com';
export const BUDGET_OWNER = 'finance@example.com';
/** The one role that may assume each environment's own, as a team's CI or service would. */
export const CALLER_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/caller`;
/** Held together with each environment's own role; `member` is in `group`. */
export const HELD = { role: 'app', user: 'bot', group: 'data', member: 'analyst' } as const;

/** The shipped dev at $50 a month and staging at $100, with everything switched on that a config can ask for. */
const { dev, staging } = shipped.environments;
if (!dev || !staging) throw new Error('config/budget-tiers.ts has no dev and staging any more');

const everywhere = {
  models: {
    ...dev.models,
    // Through a profile of a geography, which a new account could not: here one that lands in three Regions.
    small: [{ id: 'meta.llama3-1-70b-instruct-v1:0', legacy: 'include' }, ...dev.models.small.slice(1)],
    // And through one of which nobody knows where it lands.
    large: [...dev.models.large, { id: 'global.anthropic.claude-haiku-4-5-20251001-v1:0' }],
  },
  owner: OWNER,
  budgetOwner: BUDGET_OWNER,
  principals: { roles: [`team/${HELD.role}`], users: [HELD.user], groups: [HELD.group], permissionSets: ['Developer'] },
  assumableBy: { principals: [CALLER_ROLE_ARN] },
  acceptOvershoot: 'nothing here costs anything',
};
/** Lowered by a stop; where it says so, also after half an hour without a call. */
const managed = (functionName: string, more: { idleMinutes?: number } = {}) => ({
  provisionedConcurrency: [{ functionName, ...more }],
});
const idle = { idleMinutes: 30 };

export default {
  ...shipped,
  environments: {
    dev: { ...dev, ...everywhere, ...managed('models-dev', idle) },
    staging: { ...staging, ...everywhere, ...managed('models-staging') },
    // For what goes by the machine's own clock, or is destroyed.
    resumed: { ...dev, ...everywhere, ...managed('models-resumed') },
    gone: { ...dev, ...everywhere, ...managed('models-gone', idle), dashboard: true },
    kept: { ...dev, ...everywhere, ...managed('models-kept', idle), keepState: true },
    // For what goes wrong: one of its functions Application Auto Scaling would bring back by itself, the other nobody.
    faulty: {
      ...staging,
      ...everywhere,
      provisionedConcurrency: [{ functionName: 'models-faulty' }, { functionName: 'models-faulty-plain' }],
    },
  },
} as typeof shipped;
