import type { PolicyDocument } from '../enforcement';
import type { ModelCaller } from '../health';
import type { SeriesId } from '../meter';

/** Something with the names of `verify` that is in the account. */
export interface Found {
  readonly name: string;
  readonly arn: string;
  /** The value of the tag; absent: it does not carry it, and is somebody else's. */
  readonly runId?: string;
}

/** Application inference profiles that last as long as a step. */
export interface TemporaryProfilesPort {
  /** @param source ARN of a model or of a system-defined profile @returns its ARN @throws ServiceError */
  create(
    region: string,
    profile: { readonly name: string; readonly source: string; readonly runId: string },
  ): Promise<string>;
  /** Those whose name begins so, over all pages. @throws ServiceError */
  list(region: string, namePrefix: string): Promise<readonly Found[]>;
  /** One that is gone is no error. @throws ServiceError */
  remove(arn: string): Promise<void>;
}

/** A role and a managed policy that last as long as a step, under one path of IAM. */
export interface TemporaryRolesPort {
  /** One that whoever may `sts:AssumeRole` in the account can assume. @returns its ARN @throws ServiceError */
  createRole(role: { readonly name: string; readonly trusts: string; readonly runId: string }): Promise<string>;
  /** Gives the role a policy of its own. @throws ServiceError */
  allow(roleName: string, document: PolicyDocument): Promise<void>;
  /** @returns its ARN @throws ServiceError */
  createPolicy(policy: {
    readonly name: string;
    readonly document: PolicyDocument;
    readonly runId: string;
  }): Promise<string>;
  /** @throws ServiceError */
  attach(policyArn: string, roleName: string): Promise<void>;
  /** Under the path, over all pages. @throws ServiceError */
  roles(): Promise<readonly Found[]>;
  /** Under the path, over all pages. @throws ServiceError */
  policies(): Promise<readonly Found[]>;
  /** With all that it has. One that is gone is no error. @throws ServiceError */
  removeRole(name: string): Promise<void>;
  /** With all of its versions. One that is gone is no error. @throws ServiceError, as where somebody still has it */
  removePolicy(arn: string): Promise<void>;
}

/** Budgets that tell nobody and do nothing: what they count is all that is wanted of them. */
export interface TemporaryBudgetsPort {
  /** Of a month, over one tag. @param key as FilterExpression gets it @throws ServiceError */
  create(budget: {
    readonly name: string;
    readonly key: string;
    readonly value: string;
    readonly runId: string;
  }): Promise<void>;
  /** Those whose name begins so, over all pages. @throws ServiceError */
  list(namePrefix: string): Promise<readonly Found[]>;
  /** One that is gone is no error. @throws ServiceError */
  remove(name: string): Promise<void>;
}

/** ListMetrics as it answers: also names that the meter does not know. */
export interface ListedSeriesPort {
  /** Series of Bedrock's namespace whose ModelId is this, over all pages. @throws ServiceError */
  of(region: string, modelId: string): Promise<readonly SeriesId[]>;
}

/** A session of a role that stays open: what is denied later is denied to just this one. */
export interface OpenSessionPort {
  /** The credentials stay inside what is returned. @throws ServiceError, as where IAM does not know a new role everywhere yet */
  open(roleArn: string, sessionName: string, signal: AbortSignal): Promise<SessionCaller>;
}

export interface SessionCaller extends ModelCaller {
  /**
   * Asks for a long answer in parts.
   * @returns once the first part is there
   * @throws ServiceError
   */
  stream(callAs: string, maxTokens: number, signal: AbortSignal): Promise<OpenStream>;
}

export interface OpenStream {
  /** Never rejects. */
  readonly ended: Promise<StreamEnd>;
}

/** Parts of the answer's text; `cut`: it ended without Bedrock's word on tokens, which comes last. */
export type StreamEnd =
  | { readonly kind: 'complete'; readonly parts: number; readonly inputTokens: number; readonly outputTokens: number }
  | { readonly kind: 'cut'; readonly parts: number; readonly why: string };
