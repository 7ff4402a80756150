/** The guard's other functions, by direct invocation. */
export interface GuardFunctionsPort {
  /** Asks auto-stop to make provisioned concurrency match the state; it goes by its own reading. @throws ServiceError */
  converge(): Promise<void>;
}
