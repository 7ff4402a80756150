import type { ConvergeDeps } from '../core/concurrency/converge';
import type { Pace } from '../core/health/attempt';
import type { AccessKeysPort } from '../core/health/ports';
import type { AccountSetupPort } from '../core/health/ports';
import type { ApplicationProfilesPort } from '../core/meter/ports';
import type { CalculatedSpendPort } from '../core/bill/ports';
import type { CostAllocationTagsPort } from '../core/bill/ports';
import type { DeployedGuardPort } from '../core/enforcement/ports';
import type { IdentityPort } from '../core/health/ports';
import type { LocalModelsPort } from '../core/health/ports';
import type { MailPort } from '../core/mail';
import type { MeterStatePort, OrdersPort } from '../core/decision/ports';
import type { ModelCatalogPort } from '../core/health/ports';
import type { PermissionSetRolesPort } from '../core/health/ports';
import type { PolicyRoomPort } from '../core/health/ports';
import type { PolicyVersionsPort } from '../core/enforcement/ports';
import type { QuotasPort } from '../core/health/ports';
import type { SessionsPort } from '../core/concurrency/ports';
import type { SharedBudgetPort, SharedBudgetReleasePort } from '../core/report/ports';
import type { StackOutputsPort } from '../core/enforcement/ports';
import type { SubscriptionsPort } from '../core/health/ports';

/** What commands ask: AWS, the local models, and time, as ports. Each is made when it is first asked for. */
export interface Services {
  /** The functions that are deployed, to be run by hand. */
  readonly guard: DeployedGuardPort;
  readonly identity: IdentityPort;
  readonly accessKeys: AccessKeysPort;
  readonly account: AccountSetupPort;
  readonly catalog: ModelCatalogPort;
  readonly profiles: Pick<ApplicationProfilesPort, 'list'>;
  readonly costTags: CostAllocationTagsPort;
  readonly policyRoom: PolicyRoomPort;
  readonly permissionSetRoles: PermissionSetRolesPort;
  readonly switchVersions: (policyArn: string) => PolicyVersionsPort;
  readonly quotas: QuotasPort;
  readonly subscriptions: SubscriptionsPort;
  readonly stackOutputs: StackOutputsPort;
  readonly localModels: LocalModelsPort;
  readonly spend: (account: string) => CalculatedSpendPort;
  readonly mail: (topicArn: string) => MailPort;
  readonly sessions: (stateTable: string) => SessionsPort;
  readonly meterState: (stateTable: string) => MeterStatePort & OrdersPort;
  readonly callersBudget: (leasesTable: string, environment: string) => SharedBudgetPort & SharedBudgetReleasePort;
  readonly concurrency: (stateTable: string) => Omit<ConvergeDeps, 'now'>;
  readonly pace: Pick<Pace, 'elapsedMs' | 'timeout'>;
  readonly sleep: (ms: number) => Promise<void>;
}
