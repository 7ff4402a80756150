import type { CallerKeysPort } from '../core/callers';
import type { ConvergeDeps, SessionsPort } from '../core/concurrency';
import type {
  Pace,
  AccessKeysPort,
  AccountSetupPort,
  IdentityPort,
  LocalModelsPort,
  ModelCatalogPort,
  PermissionSetRolesPort,
  PolicyRoomPort,
  QuotasPort,
  SubscriptionsPort,
} from '../core/health';
import type { ApplicationProfilesPort, UsageMetricsPort } from '../core/meter';
import type { CalculatedSpendPort, CostAllocationTagsPort } from '../core/bill';
import type { DeployedGuardPort, PolicyVersionsPort, StackOutputsPort } from '../core/enforcement';
import type { MailPort } from '../core/mail';
import type { InvocationLoggingPort, LogGroupsPort } from '../core/spenders';
import type { DeliveriesPort, SecretPlace } from '../core/channels';
import type { MeterStatePort, OrdersPort } from '../core/decision';
import type { Hosts } from './doctor/hosts';
import type { SecretLooks } from './doctor/secret-looks';
import type { VerifyServices } from './verify/services';
import type {
  HtmlMailPort,
  SesSetupPort,
  SharedBudgetPort,
  SharedBudgetReleasePort,
  SharedBudgetsPort,
} from '../core/report';

/** Where commands ask: an environment, or the organisation's hub. */
export interface Place {
  readonly region: string;
}

/** What commands ask: AWS, the local models, and time, as ports. Each is made when it is first asked for. */
export interface Services {
  /** The functions that are deployed, to be run by hand. */
  readonly guard: DeployedGuardPort;
  readonly identity: IdentityPort;
  readonly accessKeys: AccessKeysPort;
  readonly account: AccountSetupPort;
  readonly catalog: ModelCatalogPort;
  readonly profiles: Pick<ApplicationProfilesPort, 'list'>;
  readonly usageMetrics: Pick<UsageMetricsPort, 'list' | 'hourly'>;
  readonly costTags: CostAllocationTagsPort;
  readonly policyRoom: PolicyRoomPort;
  readonly permissionSetRoles: PermissionSetRolesPort;
  readonly switchVersions: (policyArn: string) => PolicyVersionsPort;
  readonly quotas: QuotasPort;
  readonly subscriptions: SubscriptionsPort;
  readonly stackOutputs: StackOutputsPort;
  /** Without their values. */
  readonly channelSecrets: Readonly<Record<SecretPlace['service'], SecretLooks>>;
  readonly channelStates: (stateTable: string) => Pick<DeliveriesPort, 'state'>;
  readonly hosts: Hosts;
  readonly sesSetup: SesSetupPort;
  readonly htmlMail: Pick<HtmlMailPort, 'suppression'>;
  readonly logGroups: LogGroupsPort;
  readonly invocationLogging: InvocationLoggingPort;
  readonly localModels: LocalModelsPort;
  readonly spend: (account: string) => CalculatedSpendPort;
  readonly mail: (topicArn: string) => MailPort;
  readonly sessions: (stateTable: string) => SessionsPort;
  readonly meterState: (stateTable: string) => MeterStatePort & OrdersPort;
  readonly callersBudget: (
    leasesTable: string,
    environment: string,
  ) => SharedBudgetPort & SharedBudgetsPort & SharedBudgetReleasePort;
  readonly callerKeys: (tables: { readonly leases: string; readonly state: string }) => CallerKeysPort;
  readonly concurrency: (stateTable: string) => Omit<ConvergeDeps, 'now'>;
  /** What `spend-guard verify` makes and measures. */
  readonly verify: VerifyServices;
  readonly pace: Pick<Pace, 'elapsedMs' | 'timeout'>;
  readonly sleep: (ms: number) => Promise<void>;
}
