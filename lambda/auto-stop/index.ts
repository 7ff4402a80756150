import { setTimeout as sleep } from 'node:timers/promises';
import { paced } from '../../core/concurrency/paced';
import type { ConvergeResult } from '../../core/concurrency/result';
import { applicationAutoScaling } from '../adapters/application-auto-scaling';
import { concurrencyState } from '../adapters/concurrency-state';
import { EmfMetrics } from '../adapters/emf';
import { invocations } from '../adapters/invocations';
import { lambdaConcurrency } from '../adapters/lambda-concurrency';
import { sessionState } from '../adapters/session-state';
import { clockFor } from '../clock';
import { parseAutoStopEnv } from './env';
import { makeHandler, type AutoStopDeps } from './handler';

const env = parseAutoStopEnv(process.env);
const adapters: Omit<AutoStopDeps, 'now'> = {
  concurrency: paced(lambdaConcurrency(), {
    monotonicMs: () => performance.now(),
    sleep: (ms) => sleep(ms),
  }),
  scaling: applicationAutoScaling(),
  traffic: invocations(),
  sessions: sessionState(env.STATE_TABLE_NAME),
  state: concurrencyState(env.STATE_TABLE_NAME),
  metrics: new EmfMetrics(),
};

export const handler = (event: unknown): Promise<ConvergeResult> =>
  makeHandler({ ...adapters, now: clockFor(event, process.env) }, env)(event);
