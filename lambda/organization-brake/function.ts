import { clockFor } from '../clock';
import { withSettings } from '../settings';
import { EmfMetrics } from '../adapters/cloudwatch';
import { organizationState } from '../adapters/dynamodb';
import { brakePolicy } from '../adapters/organizations';
import { SnsMail } from '../adapters/sns';
import { parseOrganizationBrakeEnv } from './env';
import { makeHandler } from './handler';

const env = parseOrganizationBrakeEnv(withSettings(process.env, __dirname));
const deps = {
  state: organizationState(env.HUB_TABLE_NAME),
  policy: brakePolicy(env.BRAKE_POLICY_ID),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics({ onDashboard: false }),
};

export const handler = (event: unknown) => makeHandler({ ...deps, now: clockFor(event, process.env) }, env)(event);
