import type { AccessKeysPort } from '../../core/ports/access-keys';
import type { CostAllocationTagsPort } from '../../core/ports/cost-allocation-tags';
import type { HealthStatePort } from '../../core/ports/health-state';
import type { IdentityPort } from '../../core/ports/identity';
import type { MailPort } from '../../core/ports/mail';
import type { MetricsPort } from '../../core/ports/metrics';
import type { AssumeRolePort, ModelCaller, ModelCatalogPort } from '../../core/ports/model-access';
import type { PolicyRoomPort } from '../../core/ports/policy-room';
import type { QuotasPort } from '../../core/ports/quotas';
import type { ReservedConcurrencyPort } from '../../core/ports/reserved-concurrency';
import type { SubscriptionsPort } from '../../core/ports/subscriptions';

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
  readonly quotas: QuotasPort;
  readonly reservedConcurrency: ReservedConcurrencyPort;
  readonly state: HealthStatePort;
  readonly mail: MailPort;
  readonly metrics: MetricsPort;
}
