import { DAY_MS, HOUR_MS } from '../../core/calendar';
import { QUIET_PERCENT } from './quiet-month';
import type { Scenario } from './scenario';

export const billingError: Scenario = {
  name: 'billing-error',
  title: 'A billing error of 20 times',
  story: [
    "From noon UTC on the 18th AWS's billing shows 20 times what was used; a day and a half later it is put right.",
    'An automatic stop believes it. Where a person must approve, they look at the usage, see that the bill is wrong, and decline.',
  ],
  demand: () => [{ kind: 'office', percentOfLimit: QUIET_PERCENT }],
  billingError: ({ startMs }) => ({
    fromMs: startMs + 17 * DAY_MS + 12 * HOUR_MS,
    toMs: startMs + 19 * DAY_MS,
    factor: 20,
  }),
  approval: 'never',
};
