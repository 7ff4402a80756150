import { clockFor } from '../clock';
import { BudgetsAdapter } from '../adapters/budgets';
import { CostExplorerAdapter } from '../adapters/cost-explorer';
import { EmfMetrics } from '../adapters/emf';
import { ReportStateAdapter } from '../adapters/report-state';
import { SnsMail } from '../adapters/sns-mail';
import { parseCostCheckEnv } from './env';
import { makeHandler } from './handler';

const env = parseCostCheckEnv(process.env);
const costExplorer = new CostExplorerAdapter();
const deps = {
  costExplorer,
  tags: costExplorer,
  budgets: new BudgetsAdapter(env.ACCOUNT_ID),
  state: new ReportStateAdapter(env.STATE_TABLE_NAME),
  mail: new SnsMail(env.ALERT_TOPIC_ARN),
  metrics: new EmfMetrics(),
};

export const handler = (event: unknown) => makeHandler({ ...deps, now: clockFor(event, process.env) }, env)(event);
