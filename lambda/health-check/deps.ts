import type { Digest, PolicyVersionsPort } from '../../core/enforcement';
import type {
  AccessKeysPort,
  HealthStatePort,
  IdentityPort,
  AssumeRolePort,
  ModelCaller,
  ModelCatalogPort,
  PermissionSetRolesPort,
  PolicyRoomPort,
  QuotasPort,
  SubscriptionsPort,
} from '../../core/health';
import type { MailPort } from '../../core/mail';
import type { MetricsPort } from '../../core/metrics';
import type { ReservedConcurrencyPort } from '../../core/concurrency';

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
