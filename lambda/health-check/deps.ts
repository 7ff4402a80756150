import type { Digest } from '../../core/enforcement/switch-document';
import type { AccessKeysPort } from '../../core/health/ports';
import type { CostAllocationTagsPort } from '../../core/bill/ports';
import type { HealthStatePort } from '../../core/health/ports';
import type { IdentityPort } from '../../core/health/ports';
import type { MailPort } from '../../core/mail';
import type { MetricsPort } from '../../core/metrics';
import type { AssumeRolePort, ModelCaller, ModelCatalogPort } from '../../core/health/ports';
import type { PermissionSetRolesPort } from '../../core/health/ports';
import type { PolicyRoomPort } from '../../core/health/ports';
import type { PolicyVersionsPort } from '../../core/enforcement/ports';
import type { QuotasPort } from '../../core/health/ports';
import type { ReservedConcurrencyPort } from '../../core/concurrency/ports';
import type { SubscriptionsPort } from '../../core/health/ports';

/** The AWS that the health check asks, and its clocks. */
export interface HealthCheckDeps {
  now(): number;
  /** Starts a stopwatch that reads in milliseconds: latencies need a clock that nobody moves. */
  stopwatch(): () => number;
  timeout(ms: number): AbortSignal;
  readonly identity: IdentityPort;
  readonly assumeRole: AssumeRolePort;
  /** Calls as the function itself: nothing but the canary's profile. */
  readonly ownCaller: ModelCaller;
  readonly catalog: ModelCatalogPort;
  readonly accessKeys: AccessKeysPort;
  readonly subscriptions: SubscriptionsPort;
  readonly costTags: CostAllocationTagsPort;
  readonly policyRoom: PolicyRoomPort;
  readonly switchVersions: PolicyVersionsPort;
  readonly permissionSetRoles: PermissionSetRolesPort;
  readonly digest: Digest;
  readonly quotas: QuotasPort;
  readonly reservedConcurrency: ReservedConcurrencyPort;
  readonly state: HealthStatePort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
}
