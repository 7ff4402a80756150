import { clockFor } from '../clock';
import { withSettings } from '../settings';
import { applicationProfiles } from '../adapters/bedrock';
import { BudgetsAdapter } from '../adapters/budgets';
import { CostExplorerAdapter } from '../adapters/cost-explorer';
import { EmfMetrics, usageMetrics } from '../adapters/cloudwatch';
import { invocationLog } from '../adapters/cloudwatch-logs';
import {
  meterCalibration,
  meterState,
  ReportStateAdapter,
  sharedBudget,
  sharedBudgets,
  spendersState,
} from '../adapters/dynamodb';
import { sesHtmlMail } from '../adapters/sesv2';
import { SnsMail } from '../adapters/sns';
import { parseCostCheckEnv } from './env';
import { makeHandler } from './handler';

const env = parseCostCheckEnv(withSettings(process.env, __dirname));
const costExplorer = new CostExplorerAdapter();
const deps = {
  costExplorer,
  tags: costExplorer,
  budgets: new BudgetsAdapter(env.ACCOUNT_ID),
  usage: usageMetrics(),
  profiles: applicationProfiles(),
  meter: meterState(env.STATE_TABLE_NAME),
  calibration: meterCalibration(env.STATE_TABLE_NAME),
  callers: {
    ...sharedBudget(env.LEASES_TABLE_NAME, env.ENVIRONMENT),
    ...sharedBudgets(env.LEASES_TABLE_NAME, env.ENVIRONMENT),
  },
  state: new ReportStateAdapter(env.STATE_TABLE_NAME),
  invocationLog: invocationLog(),
  spenders: spendersState(env.STATE_TABLE_NAME),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  htmlMail: sesHtmlMail(),
  metrics: new EmfMetrics({ onDashboard: env.DASHBOARD === 'true' }),
};

export const handler = (event: unknown) => makeHandler({ ...deps, now: clockFor(event, process.env) }, env)(event);
