import type {
  AppliedQuota,
  CallUsage,
  ModelAvailability,
  ModelCaller,
  ModelLifecycle,
  EmailSubscription,
  Identity,
  PrincipalKind,
} from './ports';
import type { SwitchVersion } from '../enforcement';
import type { SetAside } from '../concurrency';
import type { DesiredState } from '../stop-lines';
import type { ExtendedAccess } from '../meter';
import { assessAccessKeys, type KeyWithUse } from './access-keys';
import { assessCanary, type CanaryTarget } from './canary';
import { type Answer, type Finding, problemWords } from './finding';
import { heldBy, type GuardPolicyArns, type GuardState } from './guard-state';
import { type Reading } from '../reading';
import { assessIdentity, assessInvokerRole } from './identity';
import { assessLifecycle } from './lifecycle';
import { assessListPrice } from './list-price';
import { notVisibleFromAws } from './local-models';
import type { CheckedModel } from './checked-model';
import { assessModelCall, modelNotCalled } from './model-call';
import { assessPermissionSet, type PermissionSetRoles } from './permission-sets';
import { assessPolicyRoom, type GuardedPrincipal } from './policy-room';
import { assessQuotas, type AssumedQuota } from './quotas';
import type { HealthRecord } from './record';
import { assessReserved } from './reserved-concurrency';
import { assessSubscriptions } from './subscriptions';
import { assessSwitch, stateInEffect } from './switch';

/** What the check is about, from the function's environment. */
export interface HealthSubjects {
  readonly environment: string;
  readonly accountId: string;
  readonly region: string;
  readonly invokerRoleArn: string;
  readonly policies: GuardPolicyArns;
  readonly billAction: boolean;
  readonly permissionSets: readonly string[];
  readonly topicArn: string;
  readonly emails: readonly string[];
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
  /** Of the switch. */
  readonly versions: Answer<readonly SwitchVersion[]>;
  readonly principals: readonly {
    readonly principal: GuardedPrincipal;
    readonly attached: Answer<readonly string[]>;
  }[];
  readonly attachedQuotas: Answer<Readonly<Record<PrincipalKind, number>>>;
  /** Absent where the configuration names no permission set. */
  readonly permissionSetRoles?: PermissionSetRoles;
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
  const { region, billAction, policies } = subjects;
  const { canary, desired } = readings;
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
    assessSwitch(policies.switch, readings.versions, desired.kind === 'known' ? desired.value : undefined),
    ...readings.principals.map(({ principal, attached }) =>
      assessPolicyRoom(principal, attached, readings.attachedQuotas, { arns: policies, billAction, mustHold: true }),
    ),
    ...permissionSetFindings(subjects, readings),
    ...assessQuotas(subjects.assumedQuotas, readings.quotas),
    assessReserved(subjects.meterFunction, readings.reserved),
    notVisibleFromAws(subjects.localEndpoint),
    assessStateTable(subjects.tableName, readings.last),
  ];
}

function permissionSetFindings(
  { environment, permissionSets }: HealthSubjects,
  { permissionSetRoles: roles }: HealthReadings,
): readonly Finding[] {
  return roles === undefined ? [] : permissionSets.map((one) => assessPermissionSet(environment, one, roles));
}

function guardState(
  { principals, desired, versions }: HealthReadings,
  { invokerRoleArn, policies }: HealthSubjects,
): GuardState {
  const invokerName = invokerRoleArn.slice(invokerRoleArn.lastIndexOf('/') + 1);
  const invoker = principals.find(({ principal }) => principal.kind === 'role' && principal.name === invokerName);
  return {
    held: invoker
      ? reading(invoker.attached, (attached) => heldBy(attached, policies))
      : { kind: 'unavailable', why: 'not asked' },
    inEffect: reading(versions, stateInEffect),
    desired: reading(desired, (state) => state),
  };
}

function reading<T, R>(answer: Answer<T>, of: (value: T) => R): Reading<R> {
  return answer.kind === 'known'
    ? { kind: 'known', value: of(answer.value) }
    : { kind: 'unavailable', why: answer.problem.errorName };
}

/** Without the last result nobody can tell what is new: nothing is mailed, and the alarm on failures speaks instead. */
export function assessStateTable(tableName: string, answer: Answer<HealthRecord | undefined>): Finding {
  const base = { check: 'state-table', subject: tableName, latencyMs: answer.latencyMs } as const;
  if (answer.kind === 'known') {
    return {
      ...base,
      status: 'ok',
      detail: answer.value ? `last result of ${answer.value.document.at}` : 'first result',
    };
  }
  const { problem } = answer;
  const passing =
    problem.refusal === 'throttled' || problem.refusal === 'timedOut' || problem.refusal === 'unavailable';
  return {
    ...base,
    status: passing ? 'unknown' : 'failed',
    detail: `the last result cannot be read, so no mail is sent: ${problemWords(problem)}`,
    fix: passing
      ? 'the next run reads it again'
      : 'delete the item pk "health", sk "last" if it is damaged; else deploy the stack again',
  };
}
