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
