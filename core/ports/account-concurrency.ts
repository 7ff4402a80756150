/** Lambda's concurrency as the account has it, and what of it is set aside for a function. */
export interface AccountConcurrencyPort {
  /** What no function has reserved. @throws ServiceError */
  unreserved(): Promise<number>;
  /** Undefined: none. @throws ServiceError */
  reserved(functionName: string): Promise<number | undefined>;
  /** @throws ServiceError */
  reserve(functionName: string, concurrency: number): Promise<void>;
}
