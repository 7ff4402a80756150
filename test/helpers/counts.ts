import type { EnvironmentConfig } from '../../config/guard-config';
import type { SelfCostCounts } from '../../core/estimates/self-cost';
import { onceARun } from './once-a-run';
import { stackOf } from './stack';

/** What of the guard's own is billed in an environment, as `countBillable` finds it in its stack: counted once in a run. */
export function countsOf(environment: EnvironmentConfig): SelfCostCounts {
  return onceARun('counts', environment, () => {
    const { countBillable } = require('../../lib/self-cost') as typeof import('../../lib/self-cost');
    return countBillable(stackOf(environment));
  });
}
