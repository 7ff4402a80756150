import type { AppliedQuota } from '../ports/quotas';
import type { CallUsage, ModelAvailability, ModelCaller, ModelLifecycle } from '../ports/model-access';
import type { TagStatus } from '../ports/cost-allocation-tags';
import type { EmailSubscription } from '../ports/subscriptions';
import type { Identity } from '../ports/identity';
import type { SetAside } from '../ports/reserved-concurrency';
import type { PrincipalKind } from '../ports/policy-room';
import type { ExtendedAccess } from '../meter/untrusted-prices';
import { assessAccessKeys, type KeyWithUse } from './access-keys';
import { assessCanary, type CanaryTarget } from './canary';
import { assessCostTag } from './cost-tag';
import type { Answer, Finding } from './finding';
import { attachedDenies, type DenyPolicyArns, type DesiredState, type GuardState, type Reading } from './guard-state';
import { assessIdentity, assessInvokerRole } from './identity';
import { assessLifecycle } from './lifecycle';
import { assessListPrice } from './list-price';
import { notVisibleFromAws } from './local-models';
import type { CheckedModel } from './checked-model';
import { assessModelCall, modelNotCalled } from './model-call';
import { assessPolicyRoom, type GuardedPrincipal } from './policy-room';
import { assessQuotas, type AssumedQuota } from './quotas';
import type { HealthRecord } from './record';
import { assessReserved } from './reserved-concurrency';
import { assessStateTable } from './state-table';
import { assessSubscriptions } from './subscriptions';

/** What the check is about, from the function's environment. */
export interface HealthSubjects {
  readonly accountId: string;
  readonly region: string;
  readonly invokerRoleArn: string;
  readonly denies: DenyPolicyArns;
  readonly topicArn: string;
  readonly emails: readonly string[];
  /** Undefined where no budget filters on a tag. */
  readonly tagKey: string | undefined;
  readonly tableName: string;
  readonly localEndpoint: string;
  readonly assumedQuotas: readonly AssumedQuota[];
  readonly meterFunction: string;
}

/** Everything that was asked, with what became of each question. */
export interface HealthReadings {
  readonly last: Answer<HealthRecord | undefined>;
  readonly identity: Answer<Identity>;
  readonly invoker: Answer<ModelCaller>;
  readonly desired: Answer<DesiredState | undefined>;
  readonly models: readonly ModelReading[];
  /** As the meter knows them. */
  readonly extendedAccess: Answer<ExtendedAccess>;
  readonly canary: {
    readonly target?: CanaryTarget;
    readonly call?: Answer<CallUsage>;
    readonly saved?: Answer<void>;
  };
  readonly users: readonly { readonly user: string; readonly keys: Answer<readonly KeyWithUse[]> }[];
  readonly subscriptions: Answer<readonly EmailSubscription[]>;
  /** A finding where an earlier answer still holds. */
  readonly costTag?: Answer<TagStatus> | { readonly kind: 'held'; readonly finding: Finding };
  readonly principals: readonly {
    readonly principal: GuardedPrincipal;
    readonly attached: Answer<readonly string[]>;
  }[];
  readonly attachedQuotas: Answer<Readonly<Record<PrincipalKind, number>>>;
  readonly quotas?: Answer<readonly AppliedQuota[]>;
  readonly reserved: Answer<SetAside>;
}

export interface ModelReading {
  readonly model: CheckedModel;
  readonly lifecycle: Answer<ModelLifecycle>;
  /** Absent where there was nobody to call as. */
  readonly call?: Answer<CallUsage>;
  readonly availability?: Answer<ModelAvailability>;
}

/** All findings of a run, in a fixed order. */
export function assessHealth(readings: HealthReadings, subjects: HealthSubjects, now: number): readonly Finding[] {
  const guard = guardState(readings, subjects);
  const { region } = subjects;
  const { canary, costTag } = readings;
  return [
    assessIdentity(subjects.accountId, readings.identity),
    assessInvokerRole(subjects.invokerRoleArn, readings.invoker),
    ...readings.models.map(({ model, call, lifecycle, availability }) =>
      call
        ? assessModelCall(model, call, { guard, region, now, lifecycle, ...(availability ? { availability } : {}) })
        : modelNotCalled(model),
    ),
    ...readings.models.map(({ model, lifecycle }) => assessLifecycle(model, lifecycle, now)),
    ...readings.models.flatMap(({ model, lifecycle }) => assessListPrice(model, lifecycle, now)),
    assessCanary(canary.target, canary.call, canary.saved),
    ...readings.users.flatMap(({ user, keys }) => assessAccessKeys(user, keys, now)),
    ...assessSubscriptions(subjects.topicArn, subjects.emails, readings.subscriptions),
    ...costTagFindings(subjects.tagKey, costTag),
    ...readings.principals.map(({ principal, attached }) =>
      assessPolicyRoom(principal, attached, readings.attachedQuotas, subjects.denies),
    ),
    ...assessQuotas(subjects.assumedQuotas, readings.quotas),
    assessReserved(subjects.meterFunction, readings.reserved),
    notVisibleFromAws(subjects.localEndpoint),
    assessStateTable(subjects.tableName, readings.last),
  ];
}

function costTagFindings(tagKey: string | undefined, costTag: HealthReadings['costTag']): readonly Finding[] {
  if (tagKey === undefined || costTag === undefined) return [];
  return [costTag.kind === 'held' ? costTag.finding : assessCostTag(tagKey, costTag)];
}

function guardState({ principals, desired }: HealthReadings, { invokerRoleArn, denies }: HealthSubjects): GuardState {
  const invokerName = invokerRoleArn.slice(invokerRoleArn.lastIndexOf('/') + 1);
  const invoker = principals.find(({ principal }) => principal.kind === 'role' && principal.name === invokerName);
  const attached = invoker ? reading(invoker.attached) : ({ kind: 'unavailable', why: 'not asked' } as const);
  return {
    attached: attached.kind === 'known' ? { ...attached, value: attachedDenies(attached.value, denies) } : attached,
    desired: reading(desired),
  };
}

function reading<T>(answer: Answer<T>): Reading<T> {
  return answer.kind === 'known'
    ? { kind: 'known', value: answer.value }
    : { kind: 'unavailable', why: answer.problem.errorName };
}
