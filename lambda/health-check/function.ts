import { bedrock } from '../adapters/bedrock/model-access';
import { bedrockRuntime } from '../adapters/bedrock-runtime/model-call';
import { CostExplorerAdapter } from '../adapters/cost-explorer/cost-explorer';
import { EmfMetrics } from '../adapters/cloudwatch/emf';
import { healthState } from '../adapters/dynamodb/health-state';
import { iamAccessKeys } from '../adapters/iam/access-keys';
import { iamPermissionSetRoles } from '../adapters/iam/permission-set-roles';
import { iamPolicyRoom } from '../adapters/iam/policy-room';
import { iamPolicyVersions } from '../adapters/iam/policy-versions';
import { stopwatch, timeout } from '../adapters/pace';
import { reservedConcurrency } from '../adapters/lambda/reserved-concurrency';
import { serviceQuotas } from '../adapters/service-quotas/quotas';
import { SnsMail } from '../adapters/sns/mail';
import { snsSubscriptions } from '../adapters/sns/subscriptions';
import { sts } from '../adapters/sts/identity';
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
  costTags: new CostExplorerAdapter(),
  policyRoom: iamPolicyRoom(),
  switchVersions: iamPolicyVersions(env.SWITCH_ARN),
  permissionSetRoles: iamPermissionSetRoles(),
  digest: sha256,
  quotas: serviceQuotas(),
  reservedConcurrency: reservedConcurrency(env.RESERVE_CONCURRENCY_FUNCTION),
  state: healthState(env.STATE_TABLE_NAME),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics(),
};

export const handler = (event: unknown): Promise<HealthCheckResult> =>
  makeHandler({ ...adapters, now: clockFor(event, process.env) }, env)(event);
