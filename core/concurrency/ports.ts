import type { ProvisionedConfig, QualifiedConfig, QualifierDetails, ScalingLimits, Suspended } from './configured';
import type { UtcMonth } from '../calendar';
import type { FailureRecord } from './failures';
import type { ConcurrencyRecord, DeployHold } from './record';
import type { DesiredState } from '../stop-lines';
import type { Target } from './target';
import type { Reading } from '../reading';

/** Lambda's concurrency as the account has it, and what of it is set aside for a function. */
export interface AccountConcurrencyPort {
  /** What no function has reserved. @throws ServiceError */
  unreserved(): Promise<number>;
  /** Undefined: none. @throws ServiceError */
  reserved(functionName: string): Promise<number | undefined>;
  /** @throws ServiceError */
  reserve(functionName: string, concurrency: number): Promise<void>;
}

/** The state table, as far as auto-stop reads and writes it. */
export interface ConcurrencyStatePort {
  /** Every record, closed ones among them. What cannot be read is named, so that nobody takes it for absent. @throws ServiceError */
  records(): Promise<{ readonly records: readonly ConcurrencyRecord[]; readonly unreadable: readonly string[] }>;
  /**
   * Writes a record whole.
   * @param replaces the revision that was read; 0 where there was none
   * @throws GuardError STATE_CONFLICT where another run was faster; ServiceError
   */
  save(record: ConcurrencyRecord, replaces: number): Promise<void>;
  /** @throws ServiceError, GuardError ANSWER_INVALID */
  hold(): Promise<DeployHold | undefined>;
  saveHold(hold: DeployHold): Promise<void>;
  /** What the meter wants in a month; undefined where it has written nothing. @throws ServiceError, GuardError ANSWER_INVALID */
  desired(month: UtcMonth): Promise<DesiredState | undefined>;
}

/** What auto-stop keeps of failures from one run to the next, in the state table. */
export interface ConcurrencyFailuresPort {
  /** Undefined: none were ever kept. @throws ServiceError, GuardError ANSWER_INVALID */
  failures(): Promise<FailureRecord | undefined>;
  /**
   * Writes it whole.
   * @param replaces the revision that was read; 0 where there was none
   * @throws GuardError STATE_CONFLICT where another run was faster; ServiceError
   */
  saveFailures(record: FailureRecord, replaces: number): Promise<void>;
}

/** Lambda's provisioned concurrency. Every call counts towards the 15 a second of Lambda's control plane. */
export interface ConcurrencyPort {
  /** Every configuration of a function, over all pages. @throws ServiceError `notFound` without the function */
  list(functionName: string): Promise<readonly QualifiedConfig[]>;
  /** @returns undefined without a configuration. @throws ServiceError `notFound` without the function, alias or version */
  config(target: Target): Promise<ProvisionedConfig | undefined>;
  /** @throws ServiceError `notFound` without the function, alias or version */
  details(target: Target): Promise<QualifierDetails>;
  /** Asks for a value of at least 1; Lambda allocates it in its own time. @throws ServiceError */
  put(target: Target, value: number): Promise<void>;
  /** Deletes the configuration, which is Lambda's zero. No error where there is none. @throws ServiceError */
  remove(target: Target): Promise<void>;
}

/** What became of the concurrency that is set aside for a function. */
export type SetAside =
  | { readonly kind: 'kept'; readonly concurrency: number }
  /** There was none: somebody took it off, or the account had no room until now. */
  | { readonly kind: 'reserved'; readonly concurrency: number }
  /** `isOff`: none is set aside, and the function is set to zero, with which it cannot run at all. */
  | { readonly kind: 'none'; readonly why: string; readonly isOff: boolean }
  /** Lambda did not say. */
  | { readonly kind: 'unknown'; readonly why: string };

/** The guard's function that sets concurrency aside for its meter. */
export interface ReservedConcurrencyPort {
  /** Sets it aside where it is not and where the account has room. @throws ServiceError, GuardError ANSWER_INVALID */
  ensure(signal: AbortSignal): Promise<SetAside>;
}

/** Application Auto Scaling, for `lambda:function:ProvisionedConcurrency`. */
export interface ScalingPort {
  /** The scalable targets among these, by `targetKey`, over all pages. @throws ServiceError */
  limits(targets: readonly Target[]): Promise<ReadonlyMap<string, ScalingLimits>>;
  /**
   * Sets the three flags of a target that is registered, and nothing else.
   * @throws ServiceError `invalid` without such a target: it is never created
   */
  suspend(target: Target, flags: Suspended): Promise<void>;
}

/** Items {until} that say "in use". */
export interface SessionsPort {
  /** Opens, or prolongs, a session. @throws ServiceError */
  put(session: Session): Promise<void>;
  /** No error where there is none. @throws ServiceError */
  remove(id: string): Promise<void>;
  /** All that are kept, ended ones among them: the table deletes those in its own time. @throws ServiceError */
  list(): Promise<readonly Session[]>;
}

export interface Session {
  readonly id: string;
  readonly untilMs: number;
  /** Who opened it, for people. */
  readonly by: string;
}

export interface TrafficPort {
  /**
   * Invocations of functions in a window, by name. Lambda sends no points for an idle function, so none at all is 0 where
   * CloudWatch says that its answer is complete; any other answer is unavailable. Never throws for one function alone.
   * @throws ServiceError
   */
  invocations(windows: readonly TrafficWindow[]): Promise<ReadonlyMap<string, Reading<number>>>;
}

export interface TrafficWindow {
  readonly functionName: string;
  readonly fromMs: number;
  readonly toMs: number;
}
