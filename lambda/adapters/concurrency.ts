import { setTimeout as sleep } from 'node:timers/promises';
import type { ConvergeDeps } from '../../core/concurrency/converge';
import { paced } from '../../core/concurrency/paced';
import { applicationAutoScaling } from './application-auto-scaling/scaling';
import { concurrencyState } from './dynamodb/concurrency-state';
import { invocations } from './cloudwatch/invocations';
import { lambdaConcurrency } from './lambda/provisioned-concurrency';
import { sessionState } from './dynamodb/session-state';

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
