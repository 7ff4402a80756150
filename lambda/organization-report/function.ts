import { clockFor } from '../clock';
import { withSettings } from '../settings';
import { EmfMetrics } from '../adapters/cloudwatch';
import { organizationReportState, organizationState } from '../adapters/dynamodb';
import { s3Pages } from '../adapters/s3';
import { SnsMail } from '../adapters/sns';
import { parseOrganizationReportEnv } from './env';
import { makeHandler } from './handler';

const env = parseOrganizationReportEnv(withSettings(process.env, __dirname));
const deps = {
  organization: organizationState(env.HUB_TABLE_NAME),
  state: organizationReportState(env.HUB_TABLE_NAME),
  pages: s3Pages(env.PAGE_BUCKET_NAME),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics({ onDashboard: false }),
};

export const handler = (event: unknown) => makeHandler({ ...deps, now: clockFor(event, process.env) }, env)(event);
