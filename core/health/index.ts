export { assessAccessKeys } from './access-keys';
export { assessHealth, type HealthReadings, type HealthSubjects, type ModelReading } from './assess';
export { attempt, inParallel, type Pace } from './attempt';
export { canaryRecord, type CanaryTarget, cheapestForCanary } from './canary';
export type { CheckedModel } from './checked-model';
export { assessCostTag } from './cost-tag';
export { healthDocument, type HealthDocument, healthLines, type Trigger } from './document';
export { accessFix } from './explain-refusal';
export { type Answer, CHECKS, type Finding, type FindingStatus, type Problem, problemWords } from './finding';
export { assessIdentity } from './identity';
export { extendedAccessDates } from './list-price';
export { checkLocalModels, ollamaTag } from './local-models';
export { healthMetrics, isOutboxLeft, isRepeated, recordOf } from './outcome';
export { assessPermissionSet, isOfPermissionSet } from './permission-sets';
export { assessPolicyRoom, type GuardedPrincipal, type GuardPolicies } from './policy-room';
export {
  type AccessKey,
  type AccessKeysPort,
  type AccessKeyUse,
  type AccountPrincipal,
  type AccountSetupPort,
  type AppliedQuota,
  type AssumeRolePort,
  type CallUsage,
  type EmailSubscription,
  type HealthStatePort,
  type Identity,
  type IdentityPort,
  LocalError,
  type LocalModelsPort,
  type ModelAvailability,
  type ModelCaller,
  type ModelCatalogPort,
  type ModelLifecycle,
  type PermissionSetRolesPort,
  type PolicyRoomPort,
  type PrincipalKind,
  type QuotasPort,
  type SubscriptionsPort,
} from './ports';
export { assessQuotas, type AssumedQuota } from './quotas';
export type { HealthRecord } from './record';
export { assessSubscriptions } from './subscriptions';
export { assessSwitch, stateInEffect } from './switch';
