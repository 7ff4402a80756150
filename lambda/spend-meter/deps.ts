import type {
  Digest,
  AttachPort,
  BatchJobsPort,
  BudgetActionsPort,
  DecisionEventsPort,
  GuardFunctionsPort,
  StatusWriterPort,
  DefaultVersionPort,
  SwitchDeployPort,
} from '../../core/enforcement';
import type { AlarmsPort, ApplicationProfilesPort, ToldMarkPort, UsageMetricsPort } from '../../core/meter';
import type { MailPort } from '../../core/mail';
import type { MeterStatePort } from '../../core/decision';
import type { MetricsPort } from '../../core/metrics';
import type { HubDeps } from './standing';

export interface SpendMeterDeps extends HubDeps {
  readonly usage: UsageMetricsPort;
  readonly alarms: AlarmsPort;
  readonly toldMark: ToldMarkPort;
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
