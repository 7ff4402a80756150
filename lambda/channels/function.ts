import { EmfMetrics } from '../adapters/cloudwatch';
import { deliveries } from '../adapters/dynamodb';
import { https } from '../adapters/https';
import { secretsManagerSecrets } from '../adapters/secrets-manager';
import { snsChat, SnsMail } from '../adapters/sns';
import { ssmSecrets } from '../adapters/ssm';
import { clockFor } from '../clock';
import { hmacSha256, sha256 } from '../digest';
import { withSettings } from '../settings';
import { endpointsFor } from './endpoints';
import { parseChannelsEnv } from './env';
import { makeHandler } from './handler';
import { KeptSecrets } from './secrets';

const env = parseChannelsEnv(withSettings(process.env, __dirname));
const endpoints = endpointsFor(process.env);
let clock: () => number = Date.now;
const deps = {
  deliveries: deliveries(env.STATE_TABLE_NAME, sha256),
  secrets: { ssm: ssmSecrets(), secretsmanager: secretsManagerSecrets() },
  http: https(endpoints.mayLoopback),
  chat: snsChat(),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics({ onDashboard: env.DASHBOARD === 'true' }),
  digest: { sha256, sign: hmacSha256 },
  endpoints,
  now: () => clock(),
};
// Kept from run to run of a warm function.
const handle = makeHandler(deps, env, new KeptSecrets(deps));

export const handler = (event: unknown) => {
  clock = clockFor(event, process.env);
  return handle(event);
};
