import type { ApplicationProfilesPort } from '../../core/meter/ports';
import type { BudgetsPort } from '../../core/bill/ports';
import type { CostAllocationTagsPort } from '../../core/bill/ports';
import type { CostExplorerPort } from '../../core/bill/ports';
import type { MailPort } from '../../core/mail';
import type { CalibrationPort, MeterStatePort } from '../../core/decision/ports';
import type { MetricsPort } from '../../core/metrics';
import type { ReportStatePort } from '../../core/report/ports';
import type { SharedBudgetPort } from '../../core/report/ports';
import type { UsageMetricsPort } from '../../core/meter/ports';

export interface CostCheckDeps {
  readonly costExplorer: CostExplorerPort;
  readonly tags: CostAllocationTagsPort;
  readonly budgets: BudgetsPort;
  readonly usage: Pick<UsageMetricsPort, 'hourly'>;
  readonly profiles: ApplicationProfilesPort;
  readonly meter: Pick<MeterStatePort, 'latest' | 'series' | 'order' | 'calibration'>;
  readonly calibration: CalibrationPort;
  readonly callers: SharedBudgetPort;
  readonly state: ReportStatePort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
  readonly now: () => number;
}
