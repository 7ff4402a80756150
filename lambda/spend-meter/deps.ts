import type { Digest } from '../../core/enforcement/switch-document';
import type { ApplicationProfilesPort } from '../../core/ports/application-profiles';
import type { AttachPort } from '../../core/ports/attachments';
import type { BatchJobsPort } from '../../core/ports/batch-jobs';
import type { BudgetActionsPort } from '../../core/ports/budget-actions';
import type { DecisionEventsPort } from '../../core/ports/decision-events';
import type { GuardFunctionsPort } from '../../core/ports/guard-functions';
import type { StatusWriterPort } from '../../core/ports/guard-status-writer';
import type { MailPort } from '../../core/ports/mail';
import type { MeterStatePort } from '../../core/ports/meter-state';
import type { MetricsPort } from '../../core/ports/metrics';
import type { DefaultVersionPort } from '../../core/ports/policy-versions';
import type { SwitchDeployPort } from '../../core/ports/switch-deploy';
import type { UsageMetricsPort } from '../../core/ports/usage-metrics';

export interface SpendMeterDeps {
  readonly usage: UsageMetricsPort;
  readonly profiles: ApplicationProfilesPort;
  readonly state: MeterStatePort;
  readonly attachments: AttachPort;
  readonly switchVersions: DefaultVersionPort;
  readonly switchDeploy: SwitchDeployPort;
  readonly digest: Digest;
  readonly batchJobs: BatchJobsPort;
  readonly budgetActions: BudgetActionsPort;
  readonly autoStop: GuardFunctionsPort;
  readonly status: StatusWriterPort;
  readonly events: DecisionEventsPort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
  readonly now: () => number;
}
