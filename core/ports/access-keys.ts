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
