import shipped from '../../../config/budget-tiers';
import { JOB } from './job';

const { dev } = shipped.environments;
if (!dev) throw new Error('config/budget-tiers.ts has no dev any more');

const small = {
  ...dev,
  monthlyLimitUsd: 1,
  requestLimits: { perHour: 1_000_000, perDay: 1_000_000 },
  acceptOvershoot: 'nothing here costs anything',
};

/** A tree of which one is a quarter of what it is within, and one twice as much. */
const within = (path: string, granted: object = {}) => ({
  [path]: { monthlyLimitUsd: 1 },
  [`${path}/nightly`]: { dailyLimitUsd: 0.25, ...granted },
  [`${path}/daytime`]: { monthlyLimitUsd: 2 },
});

/** The shipped dev at $1 a month, in both modes of the in-path plugin; and at $2, which two trees of budgets share. */
export default {
  ...shipped,
  environments: {
    exact: { ...small, inPath: { mode: 'exact' } },
    example: { ...dev, acceptOvershoot: small.acceptOvershoot },
    lease: { ...small, inPath: { mode: 'lease' } },
    levels: {
      ...small,
      monthlyLimitUsd: 2,
      principals: { ...dev.principals, roles: [JOB] },
      inPath: { mode: 'exact' },
      budgets: { ...within('search', { roles: [JOB] }), ...within('ads') },
    },
  },
} as typeof shipped;
