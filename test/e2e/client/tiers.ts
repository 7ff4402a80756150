import shipped from '../../../config/budget-tiers';

const { dev } = shipped.environments;
if (!dev) throw new Error('config/budget-tiers.ts has no dev any more');

const small = {
  ...dev,
  monthlyLimitUsd: 1,
  requestLimits: { perHour: 1_000_000, perDay: 1_000_000 },
  acceptOvershoot: 'nothing here costs anything',
};

/** The shipped dev at $1 a month, in both modes of the in-path plugin. */
export default {
  ...shipped,
  environments: {
    exact: { ...small, inPath: { mode: 'exact' } },
    example: { ...dev, acceptOvershoot: small.acceptOvershoot },
    lease: { ...small, inPath: { mode: 'lease' } },
  },
} as typeof shipped;
