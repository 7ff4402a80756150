import { RESERVED_PREFIX, type PolicyVersion, type PolicyVersionsPort } from '../../core/enforcement';
import type {
  AccessKey,
  AccessKeysPort,
  AccessKeyUse,
  IdentityPort,
  AssumeRolePort,
  ModelAvailability,
  ModelCaller,
  ModelCatalogPort,
  ModelLifecycle,
  PermissionSetRolesPort,
  PolicyRoomPort,
  PrincipalKind,
  AppliedQuota,
  QuotasPort,
  EmailSubscription,
  SubscriptionsPort,
} from '../../core/health';
import { ServiceError } from '../../core/errors';

export interface FakeModel {
  readonly id: string;
  readonly callAs: string;
  readonly inputTokens: number;
  lifecycle: ModelLifecycle;
  availability: ModelAvailability;
  /** What a call gets in place of an answer. */
  refusal?: ServiceError;
}

export interface FakeKey extends AccessKey {
  readonly use: AccessKeyUse;
}

export interface FakePrincipal {
  readonly kind: PrincipalKind;
  readonly name: string;
  policyArns: string[];
}

export interface HealthServicesSettings {
  readonly account: string;
  readonly invokerRoleName: string;
  readonly models: readonly FakeModel[];
  /** Whether a policy that is attached to the invoker role denies a call of the model. */
  readonly denies: (policyArn: string, model: FakeModel) => boolean;
}

export const AVAILABLE: ModelAvailability = {
  agreement: 'AVAILABLE',
  authorized: true,
  entitled: true,
  inRegion: true,
};

const DEFAULT_QUOTA = 10;

const LEGACY_TEXT =
  'Access denied. This Model is marked by provider as Legacy and you have not been actively using the model in the last 30 days. Please upgrade to an active model on Amazon Bedrock';

/** How Bedrock closes a Legacy model to who does not use it: under either name, with the same words (trap 50). */
export function legacyRefusal(as: 'ResourceNotFoundException' | 'ValidationException'): ServiceError {
  const [refusal, status] = as === 'ValidationException' ? (['invalid', 400] as const) : (['notFound', 404] as const);
  return new ServiceError(refusal, as, LEGACY_TEXT, status, { reason: { kind: 'legacy' } });
}

/** The AWS that the health check asks: its answers follow from what is set here, and change when that changes. */
export class FakeHealthServices {
  users = new Map<string, readonly FakeKey[]>();
  /** Also roles of permission sets, which IAM Identity Center has made. */
  principals: FakePrincipal[] = [];
  /** Of the switch; none: it does not exist. */
  versions: readonly PolicyVersion[] = [];
  subscriptions: readonly EmailSubscription[] = [];
  appliedQuotas: readonly AppliedQuota[] = [];
  /** What every question about users, policies, quotas and subscriptions gets for an answer; undefined: all is well. */
  failure: ServiceError | undefined;
  /** The trust policy of the invoker role admits the health check. */
  invokerTrusts = true;
  /** What was called, and as whom. */
  readonly calls: { readonly as: 'self' | 'invoker'; readonly callAs: string }[] = [];

  constructor(readonly settings: HealthServicesSettings) {}

  readonly identity: IdentityPort = {
    whoAmI: async () => ({
      account: this.settings.account,
      arn: `arn:aws:sts::${this.settings.account}:assumed-role/health-check/run`,
    }),
  };

  readonly assumeRole: AssumeRolePort = {
    callerAs: async (roleArn) => {
      if (this.invokerTrusts) return this.caller('invoker');
      throw new ServiceError(
        'accessDenied',
        'AccessDenied',
        `not authorized to perform: sts:AssumeRole on ${roleArn}`,
        403,
      );
    },
  };

  readonly ownCaller: ModelCaller = this.caller('self');

  readonly catalog: ModelCatalogPort = {
    lifecycle: async (modelId) => this.modelBy('id', modelId).lifecycle,
    availability: async (modelId) => this.modelBy('id', modelId).availability,
  };

  readonly accessKeys: AccessKeysPort = {
    keysOf: async (userName) => {
      this.refuse();
      const keys = this.users.get(userName);
      if (keys) return keys.map(({ id, createdAtMs, active }) => ({ id, createdAtMs, active }));
      throw new ServiceError('notFound', 'NoSuchEntityException', `no user with name ${userName}`, 404);
    },
    lastUse: async (keyId) => {
      this.refuse();
      return [...this.users.values()].flat().find(({ id }) => id === keyId)?.use ?? {};
    },
  };

  readonly topic: SubscriptionsPort = {
    emails: async () => {
      this.refuse();
      return this.subscriptions;
    },
  };

  readonly policyRoom: PolicyRoomPort = {
    attached: async (kind, name) => {
      this.refuse();
      const principal = this.principals.find((one) => one.kind === kind && one.name === name);
      if (principal) return principal.policyArns;
      throw new ServiceError('notFound', 'NoSuchEntityException', `no ${kind} with name ${name}`, 404);
    },
    quotas: async () => {
      this.refuse();
      return { role: DEFAULT_QUOTA, user: DEFAULT_QUOTA, group: DEFAULT_QUOTA };
    },
  };

  readonly switchVersions: PolicyVersionsPort = {
    list: async () => {
      this.refuse();
      return this.versions;
    },
  };

  readonly permissionSetRoles: PermissionSetRolesPort = {
    roles: async () => {
      this.refuse();
      return this.reservedRoles().map(({ name }) => name);
    },
    rolesWith: async (policyArn) => {
      this.refuse();
      const having = this.reservedRoles().filter(({ policyArns }) => policyArns.includes(policyArn));
      return having.map(({ name }) => name);
    },
  };

  readonly quotas: QuotasPort = {
    applied: async () => {
      this.refuse();
      return this.appliedQuotas;
    },
  };

  private reservedRoles(): readonly FakePrincipal[] {
    return this.principals.filter(({ kind, name }) => kind === 'role' && name.startsWith(RESERVED_PREFIX));
  }

  private refuse(): void {
    if (this.failure) throw this.failure;
  }

  private caller(as: 'self' | 'invoker'): ModelCaller {
    return {
      callOnce: async (callAs) => {
        this.calls.push({ as, callAs });
        const model = this.modelBy('callAs', callAs);
        if (as === 'invoker' && this.invokerIsDenied(model)) {
          const text = `not authorized to perform: bedrock:InvokeModel on resource: ${callAs} with an explicit deny in an identity-based policy`;
          throw new ServiceError('accessDenied', 'AccessDeniedException', text, 403, {
            reason: { kind: 'explicitDeny', by: 'identity-based policy' },
          });
        }
        if (model.refusal) throw model.refusal;
        return { inputTokens: model.inputTokens, outputTokens: 1 };
      },
    };
  }

  private invokerIsDenied(model: FakeModel): boolean {
    const invoker = this.principals.find(({ kind, name }) => kind === 'role' && name === this.settings.invokerRoleName);
    return (invoker?.policyArns ?? []).some((arn) => this.settings.denies(arn, model));
  }

  private modelBy(key: 'id' | 'callAs', value: string): FakeModel {
    const model = this.settings.models.find((one) => one[key] === value);
    if (model) return model;
    throw new ServiceError('notFound', 'ResourceNotFoundException', 'The provided model identifier is invalid.', 404);
  }
}
