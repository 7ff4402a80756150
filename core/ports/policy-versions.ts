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
