import { clockFor } from '../clock';
import { withSettings } from '../settings';
import { EmfMetrics } from '../adapters/cloudwatch';
import { organizationState } from '../adapters/dynamodb';
import { brakeCall } from '../adapters/lambda';
import { parseOrganizationRollUpEnv } from './env';
import { makeHandler } from './handler';

const env = parseOrganizationRollUpEnv(withSettings(process.env, __dirname));
const deps = {
  state: organizationState(env.HUB_TABLE_NAME),
  brake: brakeCall(env.BRAKE_FUNCTION),
  metrics: new EmfMetrics({ onDashboard: false }),
};

export const handler = (event: unknown) => makeHandler({ ...deps, now: clockFor(event, process.env) }, env)(event);
