import type { ExactDecimal, NanoUsd } from '../money';
import type { BudgetActionReading } from '../bill';
import type { UtcMonth } from '../calendar';
import type { DesiredState } from '../stop-lines';
import type { BudgetsWord, CompleteSpend } from '../ledger';

/** Somebody a managed policy can be attached to, by name as IAM's API takes it. */
export interface Principal {
  readonly kind: 'role' | 'user' | 'group';
  readonly name: string;
}

export type AttachmentChange =
  | { readonly kind: 'done' }
  /** It was so already: detached by somebody else, or the principal is gone. */
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly why: string };

/** What managed policies are really attached to. */
export interface AttachmentsPort {
  /** Everybody who has the policy attached, over all pages. A policy that is gone is attached to nobody. @throws ServiceError */
  attachedTo(policyArn: string): Promise<readonly Principal[]>;
}

/** Attaching can only ever deny. */
export interface AttachPort extends AttachmentsPort {
  /** Attaching twice changes nothing. A principal or policy that does not exist is `failed`, with IAM's name for it. */
  attach(policyArn: string, principal: Principal): Promise<AttachmentChange>;
}

/** For the deploy's function, the only one that lets go. */
export interface AllAttachmentsPort extends AttachPort {
  detach(policyArn: string, principal: Principal): Promise<AttachmentChange>;
}

/** Batch inference: it runs under a role of its own, and no deny on a caller ends it (trap 29). */
export interface BatchJobsPort {
  /** Jobs that are submitted, validated, scheduled or in progress, over all pages. @throws ServiceError */
  running(region: string): Promise<readonly BatchJob[]>;
  /** The value of the environment tag; undefined where it carries none. @throws ServiceError */
  environmentOf(job: BatchJob): Promise<string | undefined>;
  /** `gone`: it has ended by itself. @throws ServiceError */
  stop(region: string, job: BatchJob): Promise<'stopping' | 'gone'>;
}

export interface BatchJob {
  readonly arn: string;
  readonly name: string;
  /** As submitted: a model id, or the ARN of a model or profile. */
  readonly modelId: string;
  readonly roleArn: string;
}

/** AWS Budgets' action, as far as the meter reads and undoes it. */
export interface BudgetActionsPort {
  action(budgetName: string, actionId: string): Promise<BudgetActionReading>;
  /** What Budgets believes is spent in the period; hours old. */
  calculated(budgetName: string): Promise<CalculatedReading>;
  execute(
    budgetName: string,
    actionId: string,
    type: 'REVERSE_BUDGET_ACTION' | 'RESET_BUDGET_ACTION',
  ): Promise<{ readonly kind: 'done' } | { readonly kind: 'failed'; readonly why: string }>;
}

export type CalculatedReading =
  | { readonly kind: 'known'; readonly actual: ExactDecimal; readonly currency: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'unavailable'; readonly why: string };

/** What a custom resource's answer must repeat of its request. */
export interface ResourceRequest {
  readonly responseUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalResourceId: string;
}

export interface ResourceResponse {
  readonly status: 'SUCCESS' | 'FAILED';
  readonly physicalResourceId: string;
  /** Shown in the stack's events; needed with FAILED. */
  readonly reason?: string;
  /** What Fn::GetAtt answers. */
  readonly data?: Readonly<Record<string, string>>;
}

export interface CloudFormationPort {
  /** @throws when CloudFormation could not be told: the stack would then wait for the resource's time-out */
  respond(request: ResourceRequest, response: ResourceResponse): Promise<void>;
}

/** Tells the event bus what was decided, as a record: nothing acts on it, since anybody could forge it (trap 27). */
export interface DecisionEventsPort {
  /** @throws ServiceError, also where the bus refused the entry */
  record(event: DecisionEvent): Promise<void>;
}

/** The event's detail. Amounts are nano-dollars; times are ISO, UTC. */
export interface DecisionEvent {
  readonly schemaVersion: 1;
  readonly environment: string;
  readonly at: string;
  readonly from: string;
  readonly desired: string;
  readonly reason: string;
  readonly cause: string;
  readonly enforce: boolean;
  readonly blind: boolean;
  readonly monthToDate?: number;
  readonly limit: number;
  /** Kinds of the alerts that went out with it. */
  readonly alerts: readonly string[];
}

/** The guard as it is deployed, for whoever works on it from outside. */
export interface DeployedGuardPort {
  /** The environment's functions, by their tags; none where it is not deployed. @throws ServiceError */
  functions(environment: string): Promise<readonly DeployedFunction[]>;
  /**
   * The one of that feature, also where the caller may not read the tags of others.
   * @throws ServiceError, also where it may be one of those
   */
  functionOf(environment: string, feature: string): Promise<DeployedFunction | undefined>;
  /**
   * Runs a function and waits for it.
   * @param event anything that JSON holds
   * @throws ServiceError where it could not be run; what it does when it runs is the answer
   */
  invoke(functionName: string, event: Readonly<Record<string, unknown>>): Promise<InvocationAnswer>;
}

export interface DeployedFunction {
  readonly name: string;
  /** Such as `health-check`. */
  readonly feature: string;
  /** Its environment variables: they name the environment's table, topic, budget and role. */
  readonly variables: Readonly<Record<string, string>>;
}

export type InvocationAnswer =
  | { readonly kind: 'returned'; readonly value: unknown }
  /** It ended in an error, whose name and words Lambda passes on. */
  | { readonly kind: 'failed'; readonly errorName: string; readonly text: string };

/** The guard's other functions, by direct invocation. */
export interface GuardFunctionsPort {
  /** Asks auto-stop to make provisioned concurrency match the state; it goes by its own reading. @throws ServiceError */
  converge(): Promise<void>;
}

/** The one item of the leases table that callers read and only the meter writes (pk `STATUS`, sk `STATUS`). */
export interface StatusWriterPort {
  /** An older revision of the same or an earlier month never replaces a newer one. @throws ServiceError */
  write(status: {
    readonly desired: DesiredState;
    /** ms since the epoch. */
    readonly asOf: number;
    readonly month: UtcMonth;
    readonly spentAtLeast: NanoUsd;
    readonly limit: NanoUsd;
    readonly complete?: CompleteSpend | undefined;
    readonly budgets?: BudgetsWord | undefined;
    readonly revision: number;
  }): Promise<void>;
}

/** A version of a managed policy: what it says never changes, whether it is in effect does. */
export interface PolicyVersion {
  /** IAM's number of it, such as `v3`: never used twice, and no clue to what it says. */
  readonly id: string;
  readonly isDefault: boolean;
  /** In milliseconds since the epoch. */
  readonly createdAt: number;
  readonly document: unknown;
}

/** The versions of one managed policy. */
export interface PolicyVersionsPort {
  /** In no particular order, five at most. A policy that is gone has none. @throws ServiceError */
  list(): Promise<readonly PolicyVersion[]>;
}

/** For whoever decides which version is in effect, for all that the policy is attached to. */
export interface DefaultVersionPort extends PolicyVersionsPort {
  /** @throws ServiceError, `notFound` where there is no such version any more */
  setDefault(id: string): Promise<void>;
}

/** For the deploy's function, the only one that writes. */
export interface PolicyVersionWriterPort extends DefaultVersionPort {
  /** Never as the default: what is in effect stays so. @throws ServiceError, as where there are five already */
  create(document: unknown): Promise<void>;
  /** @throws ServiceError, as where it is the default; one that is gone is no error */
  remove(id: string): Promise<void>;
}

/** What a deployed stack tells others. */
export interface StackOutputsPort {
  /** Values by output name; undefined where there is no such stack. @throws ServiceError */
  outputs(stack: string): Promise<Readonly<Record<string, string>> | undefined>;
}

/** Orders to the deploy's function, by direct invocation; it goes by its own readings. */
export interface SwitchDeployPort {
  /** Writes the versions that are missing and takes away those that are not the guard's; returns when it has. @throws ServiceError */
  repair(): Promise<void>;
  /** Detaches `deny-bill` from everybody; returns when it has. @throws ServiceError */
  liftBill(): Promise<void>;
}
