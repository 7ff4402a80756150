import type { ApplicationProfilesPort } from '../../core/ports/application-profiles';
import type { BudgetsPort } from '../../core/ports/budgets';
import type { CostAllocationTagsPort } from '../../core/ports/cost-allocation-tags';
import type { CostExplorerPort } from '../../core/ports/cost-explorer';
import type { MailPort } from '../../core/ports/mail';
import type { CalibrationPort, MeterStatePort } from '../../core/ports/meter-state';
import type { MetricsPort } from '../../core/ports/metrics';
import type { ReportStatePort } from '../../core/ports/report-state';
import type { SharedBudgetPort } from '../../core/ports/shared-budget';
import type { UsageMetricsPort } from '../../core/ports/usage-metrics';

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
