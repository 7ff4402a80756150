import type { ApplicationProfilesPort, UsageMetricsPort } from '../../core/meter';
import type { BudgetsPort, CostAllocationTagsPort, CostExplorerPort } from '../../core/bill';
import type { MailPort } from '../../core/mail';
import type { CalibrationPort, MeterStatePort } from '../../core/decision';
import type { MetricsPort } from '../../core/metrics';
import type { InvocationLogPort, SpendersStatePort } from '../../core/spenders';
import type { HtmlMailPort, ReportStatePort, SharedBudgetPort, SharedBudgetsPort } from '../../core/report';

export interface CostCheckDeps {
  readonly costExplorer: CostExplorerPort;
  readonly tags: CostAllocationTagsPort;
  readonly budgets: BudgetsPort;
  readonly usage: Pick<UsageMetricsPort, 'hourly'>;
  readonly profiles: ApplicationProfilesPort;
  readonly meter: Pick<MeterStatePort, 'latest' | 'series' | 'order' | 'budgetOrders' | 'calibration'>;
  readonly calibration: CalibrationPort;
  readonly callers: SharedBudgetPort & SharedBudgetsPort;
  readonly state: ReportStatePort;
  readonly invocationLog: InvocationLogPort;
  readonly spenders: SpendersStatePort;
  readonly mail: MailPort;
  /** Asked only where the config has an address that it mails from. */
  readonly htmlMail: HtmlMailPort;
  readonly metrics: MetricsPort;
  readonly now: () => number;
}
