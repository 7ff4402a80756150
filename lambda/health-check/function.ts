import { bedrock } from '../adapters/bedrock';
import { bedrockRuntime } from '../adapters/bedrock-runtime';
import { EmfMetrics } from '../adapters/cloudwatch';
import { healthState } from '../adapters/dynamodb';
import { iamAccessKeys, iamPermissionSetRoles, iamPolicyRoom, iamPolicyVersions } from '../adapters/iam';
import { stopwatch, timeout } from '../adapters/pace';
import { reservedConcurrency } from '../adapters/lambda';
import { serviceQuotas } from '../adapters/service-quotas';
import { SnsMail, snsSubscriptions } from '../adapters/sns';
import { sts } from '../adapters/sts';
import { clockFor } from '../clock';
import { sha256 } from '../digest';
import { withSettings } from '../settings';
import { parseHealthCheckEnv } from './env';
import type { HealthCheckDeps } from './deps';
import { makeHandler, type HealthCheckResult } from './handler';

const env = parseHealthCheckEnv(withSettings(process.env, __dirname));
const identity = sts(bedrockRuntime);
const adapters: Omit<HealthCheckDeps, 'now'> = {
  stopwatch,
  timeout,
  identity,
  assumeRole: identity,
  ownCaller: bedrockRuntime(),
  catalog: bedrock(),
  accessKeys: iamAccessKeys(),
  subscriptions: snsSubscriptions(),
  policyRoom: iamPolicyRoom(),
  switchVersions: iamPolicyVersions(env.SWITCH_ARN),
  permissionSetRoles: iamPermissionSetRoles(),
  digest: sha256,
  quotas: serviceQuotas(),
  reservedConcurrency: reservedConcurrency(env.RESERVE_CONCURRENCY_FUNCTION),
  state: healthState(env.STATE_TABLE_NAME),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics({ onDashboard: env.DASHBOARD === 'true' }),
};

export const handler = (event: unknown): Promise<HealthCheckResult> =>
  makeHandler({ ...adapters, now: clockFor(event, process.env) }, env)(event);
