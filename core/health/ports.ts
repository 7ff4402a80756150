import type { CanaryRecord, ExtendedAccess } from '../meter';
import type { HealthRecord } from './record';
import type { DesiredState } from '../stop-lines';
import type { UtcMonth } from '../calendar';

export interface AccessKeysPort {
  /** @throws ServiceError, `notFound` where there is no such user */
  keysOf(userName: string, signal: AbortSignal): Promise<readonly AccessKey[]>;
  /** @throws ServiceError */
  lastUse(keyId: string, signal: AbortSignal): Promise<AccessKeyUse>;
}

export interface AccessKey {
  readonly id: string;
  readonly createdAtMs: number;
  readonly active: boolean;
}

/** Both absent where the key has never been used. */
export interface AccessKeyUse {
  readonly atMs?: number;
  readonly service?: string;
}

/** What an account must have before the guard is deployed. */
export interface AccountSetupPort {
  /** Whether the CDK's deployment role of this account and Region exists. @throws ServiceError */
  bootstrapped(account: string, region: string, signal: AbortSignal): Promise<boolean>;
  /** Concurrent executions that Lambda allows the account in this Region; 10 in a new one. @throws ServiceError */
  concurrencyLimit(signal: AbortSignal): Promise<number>;
  /** Every role, user and group with its own policies, as IAM keeps them. @throws ServiceError */
  principals(signal: AbortSignal): Promise<readonly AccountPrincipal[]>;
}

export interface AccountPrincipal {
  readonly kind: 'role' | 'user' | 'group';
  readonly name: string;
  readonly path: string;
  /** Policy documents that are attached or inline, parsed; without those of its groups. */
  readonly policies: readonly unknown[];
}

/** The state table, as far as the health check reads and writes it. */
export interface HealthStatePort {
  /** @throws GuardError ANSWER_INVALID where the item is not a record of this version; ServiceError */
  last(signal: AbortSignal): Promise<HealthRecord | undefined>;
  /**
   * Replaces the last result.
   * @param replaces the revision that was read; 0 where there was none
   * @throws GuardError STATE_CONFLICT where another run was faster; ServiceError
   */
  save(record: HealthRecord, replaces: number): Promise<void>;
  /**
   * Keeps what the canary used, for the meter to find. Two calls within a minute leave the later one: a lower bound of
   * what that minute must show. @throws ServiceError
   */
  saveCanary(record: CanaryRecord, signal: AbortSignal): Promise<void>;
  /** What was kept last of when list prices end; nothing kept is no date. @throws ServiceError, GuardError ANSWER_INVALID */
  extendedAccess(signal: AbortSignal): Promise<ExtendedAccess>;
  /** For the meter. @throws ServiceError */
  saveExtendedAccess(dates: ExtendedAccess): Promise<void>;
  /** What the meter wants this month; undefined where it has not decided yet. @throws ServiceError, GuardError ANSWER_INVALID */
  desired(month: UtcMonth, signal: AbortSignal): Promise<DesiredState | undefined>;
}

/** Who the caller is to AWS. @throws ServiceError */
export interface IdentityPort {
  whoAmI(signal: AbortSignal): Promise<Identity>;
}

export interface Identity {
  readonly account: string;
  readonly arn: string;
}

/** An Ollama server, as seen from the caller's own machine. */
export interface LocalModelsPort {
  /** Tags of the models that are there, such as `llama3.1:8b`. @throws LocalError */
  tags(endpoint: string, signal: AbortSignal): Promise<readonly string[]>;
  /** One token, no streaming. @throws LocalError */
  generateOnce(endpoint: string, tag: string, signal: AbortSignal): Promise<void>;
}

export class LocalError extends Error {
  constructor(
    /** `nothingListens`: the connection was refused. `unreachable`: no such host, no route, no answer in time. */
    readonly kind: 'nothingListens' | 'unreachable' | 'httpStatus' | 'notOllama',
    readonly text: string,
    options?: { readonly cause?: unknown },
  ) {
    super(text, options);
    this.name = 'LocalError';
  }
}

/** Calls models as one identity, signed with SigV4. */
export interface ModelCaller {
  /**
   * A fixed, harmless prompt, one token of answer, no streaming.
   * @param callAs an inference profile's ARN or id, or a model id
   * @throws ServiceError
   */
  callOnce(callAs: string, signal: AbortSignal): Promise<CallUsage>;
}

/** Tokens as Bedrock counted them. */
export interface CallUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface AssumeRolePort {
  /** The role's credentials stay inside what is returned. @throws ServiceError */
  callerAs(roleArn: string, signal: AbortSignal): Promise<ModelCaller>;
}

/** What Bedrock says of a model, without calling it. */
export interface ModelCatalogPort {
  /** @throws ServiceError */
  lifecycle(modelId: string, signal: AbortSignal): Promise<ModelLifecycle>;
  /** @throws ServiceError */
  availability(modelId: string, signal: AbortSignal): Promise<ModelAvailability>;
}

export interface ModelLifecycle {
  readonly status: 'active' | 'legacy';
  /** When it became or becomes Legacy, in milliseconds since the epoch; absent where Bedrock gives none, as below. */
  readonly legacyMs?: number;
  /** From when on a higher price is to be expected (`publicExtendedAccessTime`). */
  readonly extendedAccessMs?: number;
  readonly endOfLifeMs?: number;
}

/** GetFoundationModelAvailability, the best explanation of a 403. */
export interface ModelAvailability {
  readonly agreement: 'AVAILABLE' | 'PENDING' | 'NOT_AVAILABLE' | 'ERROR';
  readonly authorized: boolean;
  readonly entitled: boolean;
  readonly inRegion: boolean;
}

/** Roles that IAM Identity Center has made in this account, by name. */
export interface PermissionSetRolesPort {
  /** Over all pages; also those of permission sets that no configuration names. @throws ServiceError */
  roles(signal: AbortSignal): Promise<readonly string[]>;
  /** Those that have the policy attached. A policy that is gone is on none. @throws ServiceError */
  rolesWith(policyArn: string, signal: AbortSignal): Promise<readonly string[]>;
}

export type PrincipalKind = 'role' | 'user' | 'group';

/** How many managed policies are on a principal, and how many fit. */
export interface PolicyRoomPort {
  /** ARNs, over all pages. @throws ServiceError, `notFound` where there is no such principal */
  attached(kind: PrincipalKind, name: string, signal: AbortSignal): Promise<readonly string[]>;
  /** The account's quotas of attached managed policies. @throws ServiceError */
  quotas(signal: AbortSignal): Promise<Readonly<Record<PrincipalKind, number>>>;
}

export interface QuotasPort {
  /** Bedrock's applied quotas in this Region, over all pages, by the names that Service Quotas shows. @throws ServiceError */
  applied(signal: AbortSignal): Promise<readonly AppliedQuota[]>;
}

export interface AppliedQuota {
  readonly name: string;
  readonly value: number;
}

export interface SubscriptionsPort {
  /** The e-mail subscriptions of a topic, over all pages. @throws ServiceError */
  emails(topicArn: string, signal: AbortSignal): Promise<readonly EmailSubscription[]>;
}

export interface EmailSubscription {
  readonly address: string;
  /** `pending`: nobody has followed the link in the confirmation mail. */
  readonly state: 'confirmed' | 'pending' | 'deleted';
}
