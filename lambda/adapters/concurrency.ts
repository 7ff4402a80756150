import { setTimeout as sleep } from 'node:timers/promises';
import { type ConvergeDeps, paced } from '../../core/concurrency';
import { applicationAutoScaling } from './application-auto-scaling';
import { concurrencyState, sessionState } from './dynamodb';
import { invocations } from './cloudwatch';
import { lambdaConcurrency } from './lambda';

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
