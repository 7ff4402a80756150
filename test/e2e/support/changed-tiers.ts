import tiers from './tiers';

/** Of dev: fewer alerts, which replace the budget and with it its action; another time of the report; a larger cache. */
const { dev } = tiers.environments;
if (!dev) throw new Error('tiers.ts has no dev any more');

export default {
  ...tiers,
  environments: {
    ...tiers.environments,
    dev: { ...dev, alertAtPercent: [75, 90], cacheMinutes: 30, report: { ...dev.report, at: '09:30' } },
  },
} as typeof tiers;
