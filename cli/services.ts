import type { ConvergeDeps } from '../core/concurrency/converge';
import type { Pace } from '../core/health/attempt';
import type { AccessKeysPort } from '../core/ports/access-keys';
import type { AccountSetupPort } from '../core/ports/account-setup';
import type { ApplicationProfilesPort } from '../core/ports/application-profiles';
import type { CalculatedSpendPort } from '../core/ports/calculated-spend';
import type { CostAllocationTagsPort } from '../core/ports/cost-allocation-tags';
import type { DeployedGuardPort } from '../core/ports/deployed-guard';
import type { IdentityPort } from '../core/ports/identity';
import type { LocalModelsPort } from '../core/ports/local-models';
import type { MailPort } from '../core/ports/mail';
import type { MeterStatePort, OrdersPort } from '../core/ports/meter-state';
import type { ModelCatalogPort } from '../core/ports/model-access';
import type { PermissionSetRolesPort } from '../core/ports/permission-set-roles';
import type { PolicyRoomPort } from '../core/ports/policy-room';
import type { PolicyVersionsPort } from '../core/ports/policy-versions';
import type { QuotasPort } from '../core/ports/quotas';
import type { SessionsPort } from '../core/ports/sessions';
import type { SharedBudgetPort, SharedBudgetReleasePort } from '../core/ports/shared-budget';
import type { StackOutputsPort } from '../core/ports/stack-outputs';
import type { SubscriptionsPort } from '../core/ports/subscriptions';

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
