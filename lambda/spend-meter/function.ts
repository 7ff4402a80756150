import { applicationProfiles } from '../adapters/bedrock/application-profiles';
import { batchJobs } from '../adapters/bedrock/batch-jobs';
import { BudgetsAdapter } from '../adapters/budgets/budgets';
import { decisionEvents } from '../adapters/eventbridge/decision-events';
import { EmfMetrics } from '../adapters/cloudwatch/emf';
import { guardFunctions } from '../adapters/lambda/guard-functions';
import { guardStatus } from '../adapters/dynamodb/guard-status';
import { IamAttachments } from '../adapters/iam/attachments';
import { iamPolicyVersions } from '../adapters/iam/policy-versions';
import { meterState } from '../adapters/dynamodb/meter-state';
import { SnsMail } from '../adapters/sns/mail';
import { switchDeploy } from '../adapters/lambda/switch-deploy';
import { usageMetrics } from '../adapters/cloudwatch/usage-metrics';
import { clockFor } from '../clock';
import { sha256 } from '../digest';
import { withSettings } from '../settings';
import { parseSpendMeterEnv } from './env';
import { makeHandler, type TickResult } from './handler';

const env = parseSpendMeterEnv(withSettings(process.env, __dirname));
const adapters = {
  usage: usageMetrics(),
  profiles: applicationProfiles(),
  state: meterState(env.STATE_TABLE_NAME),
  attachments: new IamAttachments(),
  switchVersions: iamPolicyVersions(env.SWITCH_ARN),
  switchDeploy: switchDeploy(env.SWITCH_FUNCTION),
  digest: sha256,
  batchJobs: batchJobs(),
  budgetActions: new BudgetsAdapter(env.ACCOUNT_ID),
  autoStop: guardFunctions(env.AUTO_STOP_FUNCTION),
  status: guardStatus(env.LEASES_TABLE_NAME),
  events: decisionEvents(),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics(),
};

export const handler = (event: unknown): Promise<TickResult> =>
  makeHandler({ ...adapters, now: clockFor(event, process.env) }, env)(event);
