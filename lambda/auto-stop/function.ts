import { concurrencyAdapters } from '../adapters/concurrency';
import { EmfMetrics } from '../adapters/cloudwatch';
import { concurrencyFailures } from '../adapters/dynamodb';
import { SnsMail } from '../adapters/sns';
import type { ConvergeResult } from '../../core/concurrency';
import { clockFor } from '../clock';
import { parseAutoStopEnv } from './env';
import { makeHandler } from './handler';

const env = parseAutoStopEnv(process.env);
const adapters = {
  ...concurrencyAdapters(env.STATE_TABLE_NAME),
  failures: concurrencyFailures(env.STATE_TABLE_NAME),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics({ onDashboard: env.DASHBOARD === 'true' }),
};

export const handler = (event: unknown): Promise<ConvergeResult> =>
  makeHandler({ ...adapters, now: clockFor(event, process.env) }, env)(event);
