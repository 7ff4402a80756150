import type { Digest } from '../../core/enforcement/switch-document';
import type { ApplicationProfilesPort } from '../../core/meter/ports';
import type { AttachPort } from '../../core/enforcement/ports';
import type { BatchJobsPort } from '../../core/enforcement/ports';
import type { BudgetActionsPort } from '../../core/enforcement/ports';
import type { DecisionEventsPort } from '../../core/enforcement/ports';
import type { GuardFunctionsPort } from '../../core/enforcement/ports';
import type { StatusWriterPort } from '../../core/enforcement/ports';
import type { MailPort } from '../../core/mail';
import type { MeterStatePort } from '../../core/decision/ports';
import type { MetricsPort } from '../../core/metrics';
import type { DefaultVersionPort } from '../../core/enforcement/ports';
import type { SwitchDeployPort } from '../../core/enforcement/ports';
import type { UsageMetricsPort } from '../../core/meter/ports';

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
