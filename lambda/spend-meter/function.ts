import { setTimeout as sleep } from 'node:timers/promises';
import { applicationProfiles, batchJobs } from '../adapters/bedrock';
import { BudgetsAdapter } from '../adapters/budgets';
import { decisionEvents, standingEvents } from '../adapters/eventbridge';
import { alarms, EmfMetrics, usageMetrics } from '../adapters/cloudwatch';
import { guardFunctions, switchDeploy } from '../adapters/lambda';
import { guardStatus, meterState, toldMark } from '../adapters/dynamodb';
import { IamAttachments, iamPolicyVersions } from '../adapters/iam';
import { SnsMail } from '../adapters/sns';
import { clockFor } from '../clock';
import { sha256 } from '../digest';
import { withSettings } from '../settings';
import { parseSpendMeterEnv } from './env';
import { makeHandler, type TickResult } from './handler';
import { twice } from './twice';

const env = parseSpendMeterEnv(withSettings(process.env, __dirname));
const adapters = {
  usage: usageMetrics(),
  alarms: alarms(),
  toldMark: toldMark(env.STATE_TABLE_NAME),
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
  standings: standingEvents(),
  hubMemory: {},
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics({ onDashboard: env.DASHBOARD === 'true', asked: env.ASKED_METRICS }),
};

const look = (event: unknown): Promise<TickResult> =>
  makeHandler({ ...adapters, now: clockFor(event, process.env) }, env)(event);

/** A tick, and where it asks for one a second look in the same run. */
export const handler = twice(look, { now: Date.now, sleep });
