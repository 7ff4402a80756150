import { setTimeout as sleep } from 'node:timers/promises';
import type { ConvergeDeps } from '../../core/concurrency/converge';
import { paced } from '../../core/concurrency/paced';
import { applicationAutoScaling } from './application-auto-scaling';
import { concurrencyState } from './concurrency-state';
import { invocations } from './invocations';
import { lambdaConcurrency } from './lambda-concurrency';
import { sessionState } from './session-state';

/** All that lowering and restoring provisioned concurrency needs but a clock, at the pace of Lambda's control plane. */
export function concurrencyAdapters(stateTableName: string): Omit<ConvergeDeps, 'now'> {
  return {
    concurrency: paced(lambdaConcurrency(), {
      monotonicMs: () => performance.now(),
      sleep: (ms) => sleep(ms),
    }),
    scaling: applicationAutoScaling(),
    traffic: invocations(),
    sessions: sessionState(stateTableName),
    state: concurrencyState(stateTableName),
  };
}
